// SPDX-License-Identifier: EUPL-1.2
// The worst of the situations of impairment.mjs, with what must come of them. All of them as a table: node impairment.mjs
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { Room, situations } from './impairment.mjs'

let room
beforeEach(async () => { room = await Room.open() })
afterEach(() => room.close())

/** `least` and `most` of figures; all that was seen stands in the failure. They count where the good line of `b` and `c` was fluent
    meanwhile: a machine too busy for that would be judged itself. Then somebody must still be seen and heard. */
async function play (name, { least = {}, most = {} }) {
  const seen = await room.play({ ...situations[name], seconds: 7 })
  const isFluent = seen.betweenFps >= 15
  console.log(`# ${name}${isFluent ? '' : ' (this machine is too busy to judge)'}: ${JSON.stringify(seen)}`)
  const all = isFluent ? { least, most } : { least: { complete: 10 }, most: { concealed: 60 } }
  for (const [key, value] of Object.entries(all.least)) assert.ok(seen[key] >= value, `${key} ${seen[key]} < ${value}: ${JSON.stringify(seen)}`)
  for (const [key, value] of Object.entries(all.most)) assert.ok(seen[key] <= value, `${key} ${seen[key]} > ${value}: ${JSON.stringify(seen)}`)
}

test('5 % loss and 50 ms: nearly every picture arrives, and is recorded', () =>
  play('5 % loss, 50 ms', { least: { complete: 99, recorded: 99 }, most: { concealed: 10 } }))

test('20 % loss: who speaks is understood, the picture is back soon', () =>
  play('20 % loss, 50 ms', { most: { concealed: 15, stillMs: 2000 } }))

test('outages of half a second: the picture is back soon after each', () =>
  play('outages of 500 ms', { least: { complete: 80 }, most: { stillMs: 2000 } }))

test('300 kbit/s towards one of three: fewer pictures, clean sound, nobody else suffers', () =>
  play('download 300 kbit/s', { least: { complete: 95 }, most: { concealedAtA: 15 } }))
