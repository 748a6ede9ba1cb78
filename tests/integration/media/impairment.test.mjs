// SPDX-License-Identifier: EUPL-1.2
// The worst of the situations of impairment.mjs, with what must come of them. All of them as a table: node impairment.mjs
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { Room, situations } from './impairment.mjs'

let room
beforeEach(async () => { room = await Room.open() })
afterEach(() => room.close())

/** `least` and `most` of figures; all that was seen stands in the failure. A machine too busy for a fluent good line between `b` and
    `c` would be judged itself: then the test is skipped. */
async function play (t, name, { least = {}, most = {} }) {
  const seen = await room.play({ ...situations[name], seconds: 7 })
  console.log(`# ${name}: ${JSON.stringify(seen)}`)
  if (seen.betweenFps < 15) return t.skip('this machine is too busy to judge')
  for (const [key, value] of Object.entries(least)) assert.ok(seen[key] >= value, `${key} ${seen[key]} < ${value}: ${JSON.stringify(seen)}`)
  for (const [key, value] of Object.entries(most)) assert.ok(seen[key] <= value, `${key} ${seen[key]} > ${value}: ${JSON.stringify(seen)}`)
}

test('5 % loss and 50 ms: nearly every picture arrives, and is recorded', t =>
  play(t, '5 % loss, 50 ms', { least: { complete: 99, recorded: 99 }, most: { concealed: 10 } }))

test('20 % loss: who speaks is understood, the picture is back soon', t =>
  play(t, '20 % loss, 50 ms', { most: { concealed: 15, stillMs: 2000 } }))

test('outages of half a second: the picture is back soon after each', t =>
  play(t, 'outages of 500 ms', { least: { complete: 80 }, most: { stillMs: 2000 } }))

test('300 kbit/s towards one of three: fewer pictures, clean sound, nobody else suffers',
  { skip: 'not so yet: pictures pause, but 28 % of the sound was concealed' }, t =>
    play(t, 'download 300 kbit/s', { least: { complete: 95 }, most: { concealedAtA: 15 } }))
