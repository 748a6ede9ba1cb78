// SPDX-License-Identifier: EUPL-1.2
// A room that is recorded by the real recorder, and what happens when processes die.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join as path } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { Media, Node, until } from './media.mjs'

let media, people, folder, recipient
beforeEach(async () => {
  media = await Media.start(['--workers=1', '--alone-pause=1'])
  folder = path(media.folder, 'recording')
  execFileSync('age-keygen', ['-o', path(media.folder, 'key')], { stdio: 'ignore' })
  recipient = readFileSync(path(media.folder, 'key'), 'utf8').match(/public key: (\S+)/)[1]
  people = [await Node.open(media, 'a'), await Node.open(media, 'b')]
  for (const person of people) {
    await until(`${person.id} is connected`, () => person.connected())
    await media.do('peer.place', { peer: person.id, room: 'r' })
  }
  await until('pictures come', async () => (await people[0].stats())[0].frames > 5)
})
afterEach(async () => {
  for (const person of people) await person.close()
  await media.stop()
})

const start = () => media.do('record.start', { recording: 'rec', room: 'r', folder, part: 1, recipients: [recipient],
  people: [{ peer: 'a', name: 'partner_1' }, { peer: 'b', name: 'registrar' }] })
const stop = (destroy = false) => media.do('record.stop', { recording: 'rec', destroy })
const state = () => media.last('record.state', { recording: 'rec' })?.state
/** Until this many more packets were handed to the recorder. */
async function recorded (packets) {
  const count = async () => (await media.do('stats')).counters.packets_recorded
  const before = await count()
  await until(`${packets} packets are recorded`, async () => await count() >= before + packets)
}
const frames = async () => (await people[0].stats())[0].frames
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))
const child = pid => Number(execFileSync('pgrep', ['-P', String(pid)]).toString().trim())
const launcher = () => child(media.process.pid)
const recorder = () => child(launcher())

/** What ffprobe finds in a part, opened with stock age. */
function probe (file) {
  const key = execFileSync('age', ['-d', '-i', path(media.folder, 'key'), path(folder, 'key.age')])
  const plain = execFileSync('sh', ['-c', 'age -d -i - "$1" > "$2"', 'sh', path(folder, file), path(media.folder, 'plain.webm')], { input: key })
  assert.equal(plain.length, 0)
  const frames = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-count_packets', '-show_entries', 'stream=codec_type,nb_read_packets', '-of', 'json', path(media.folder, 'plain.webm')]))
  return Object.fromEntries(frames.streams.map(s => [s.codec_type, Number(s.nb_read_packets)]))
}

test('both are recorded, a still is taken, the call goes on', async () => {
  await start()
  assert.equal(state(), 'on')
  await recorded(400)
  const still = await media.do('still', { recording: 'rec', peer: 'a', still: 'still-1', mrz: false })
  assert.deepEqual([still.width, still.height], [320, 240])
  assert.ok(Buffer.from(still.jpeg, 'base64').length > 500)
  const { parts, chain } = await stop()
  assert.match(chain, /^[0-9a-f]{64}$/)
  for (const name of ['partner_1', 'registrar']) {
    const part = parts.find(({ file }) => file.includes(name))
    const packets = probe(part.file)
    assert.ok(packets.video > 30 && packets.audio > 60, `${part.file}: ${JSON.stringify(packets)}`)
  }
  await assert.rejects(stop(), { code: 'unknown_recording' })
  await until('the recorder is gone', () => { try { return !recorder() } catch { return true } })
})

test('a still of a person who is not recorded is refused', async () => {
  await start()
  await assert.rejects(media.do('still', { recording: 'rec', peer: 'nobody', still: 's', mrz: false }), { code: 'unknown_peer' })
  await stop()
})

test('a pause leaves nothing, withdrawal destroys everything', async () => {
  await start()
  await media.do('record.pause', { recording: 'rec', paused: true })
  const before = (await media.do('stats')).counters.packets_recorded
  await sleep(1000)
  assert.equal((await media.do('stats')).counters.packets_recorded, before)
  await media.do('record.pause', { recording: 'rec', paused: false })
  await until('it goes on', async () => (await media.do('stats')).counters.packets_recorded > before + 20)
  await stop(true)
  assert.ok(!readdirSync(folder).some(file => file === 'key.age'))
})

test('a recorder that dies is replaced, with the next part; the call does not notice', async () => {
  await start()
  await recorded(200)
  const before = await frames()
  process.kill(recorder(), 'SIGKILL')
  await until('the gap is told', () => media.last('record.state', { state: 'gap' })?.reason === 'recorder_died')
  await until('it was restarted', () => state() === 'restarted')
  await recorded(200)
  await until('pictures still come', async () => await frames() > before + 30)
  const { parts } = await stop()
  const names = readdirSync(folder)
  assert.ok(names.some(name => name.startsWith('002-')), names.join(' '))
  assert.ok(probe(parts.find(({ file }) => file.startsWith('002-partner_1')).file).video > 20)
})

test('where recorders come from dies: what runs goes on, the next recording starts', async () => {
  await start()
  await recorded(100)
  process.kill(launcher(), 'SIGKILL')
  await recorded(200)
  const { parts } = await stop()
  assert.ok(probe(parts.find(({ file }) => file.includes('partner_1')).file).video > 5)
  await start()
  await recorded(50)
  await stop()
})

test('a recorder that stalls holds nobody up', async () => {
  await start()
  await recorded(50)
  process.kill(recorder(), 'SIGSTOP')
  const before = await frames()
  await until('pictures still come', async () => await frames() > before + 80)
  process.kill(recorder(), 'SIGCONT')
  const { parts } = await stop()
  // Some eighty pictures were sent during the stall, a dozen before: without what waited the file would hold the dozen.
  const { video } = probe(parts.find(({ file }) => file.includes('partner_1')).file)
  assert.ok(video > 60, `only ${video} pictures`)
  assert.equal((await media.do('stats')).counters.packets_unrecorded, 0)
})

test('when media dies, the recorder finishes its files', async () => {
  await start()
  await recorded(400)
  const pid = recorder()
  media.process.kill('SIGKILL')
  await until('the recorder ended', () => { try { process.kill(pid, 0); return false } catch { return true } })
  const part = readdirSync(folder).find(file => file.includes('partner_1'))
  assert.ok(probe(part).video > 20)
})

test('a recording pauses when nobody commands, and goes on when told', async () => {
  await start()
  await recorded(100)
  media.socket.destroy()
  await sleep(2500)
  await media.connect()
  assert.deepEqual((await media.do('hello')).left_alone, ['rec'])
  const count = async () => (await media.do('stats')).counters.packets_recorded
  const before = await count()
  const seen = await frames()
  await until('the call goes on', async () => await frames() > seen + 10)
  assert.equal(await count(), before)
  await media.do('record.pause', { recording: 'rec', paused: false })
  assert.deepEqual((await media.do('hello')).left_alone, [])
  await recorded(100)
  await stop()
})

test('media ends when nobody comes back', async () => {
  const lonely = await Media.start(['--alone-end=1'])
  lonely.socket.destroy()
  await until('it ends', () => lonely.process.exitCode !== null)
  await lonely.stop()
})
