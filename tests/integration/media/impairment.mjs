// SPDX-License-Identifier: EUPL-1.2
// Bad lines: what the others see and hear of somebody, what they see and hear, and what the recording has.
//
//     node tests/integration/media/impairment.mjs [NAME…]     all situations (or these), as one table
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join as path } from 'node:path'
import { Media, Node, Relay, until } from './media.mjs'

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

/** A room of three, recorded: `a` sits behind the bad line, `b` and `c` have good ones. */
export class Room {
  static async open () {
    const room = new Room()
    room.media = await Media.start(['--workers=1'])
    room.relay = new Relay()
    execFileSync('age-keygen', ['-o', path(room.media.folder, 'key')], { stdio: 'ignore' })
    room.recipient = readFileSync(path(room.media.folder, 'key'), 'utf8').match(/public key: (\S+)/)[1]
    // Small pictures that change much: many bits for little work.
    const camera = { height: 120, noise: 40 }
    room.people = [await Node.open(room.media, 'a', { relay: room.relay, ...camera }), await Node.open(room.media, 'b', camera), await Node.open(room.media, 'c', camera)]
    for (const person of room.people) {
      await until(`${person.id} is connected`, () => person.connected())
      await room.media.do('peer.place', { peer: person.id, room: 'r' })
    }
    await until('everybody is seen', async () => (await Promise.all(room.people.map(p => p.stats()))).every(slots => slots.every(slot => slot.frames > 10)))
    return room
  }

  async close () {
    for (const person of this.people) await person.close()
    this.relay.close()
    await this.media.stop()
  }

  /** Slot 0 of `b` and `c` shows `a`; the slots of `a` show `b` and `c`. */
  async look () {
    const [a, b, c] = await Promise.all(this.people.map(person => person.all()))
    return { at: Date.now(), sent: { a: a.sent, b: b.sent, c: c.sent }, fromA: b.slots[0], atA: a.slots[0], alsoAtA: a.slots[1], between: c.slots[1] }
  }

  async record () {
    this.recordings = (this.recordings ?? 0) + 1
    this.recording = { recording: `rec${this.recordings}`, folder: path(this.media.folder, `rec${this.recordings}`) }
    await this.media.do('record.start', { ...this.recording, room: 'r', part: 1, recipients: [this.recipient], people: [{ peer: 'a', name: 'partner_1' }] })
  }

  /** Pictures and sounds of `a` in the recording since record(). */
  async recorded () {
    const { recording, folder } = this.recording
    const { parts } = await this.media.do('record.stop', { recording, destroy: false })
    const key = execFileSync('age', ['-d', '-i', path(this.media.folder, 'key'), path(folder, 'key.age')])
    const counts = { video: 0, audio: 0 }
    for (const { file } of parts.filter(({ file }) => file.endsWith('.webm.age'))) {
      const plain = path(this.media.folder, 'plain.webm')
      execFileSync('sh', ['-c', 'age -d -i - "$1" > "$2"', 'sh', path(folder, file), plain], { input: key })
      const { streams } = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-count_packets', '-show_entries', 'stream=codec_type,nb_read_packets', '-of', 'json', plain]))
      for (const stream of streams) counts[stream.codec_type] += Number(stream.nb_read_packets)
    }
    return counts
  }

  /** Look when nothing is on its way: no camera gives pictures for a moment. */
  async lookStill () {
    for (const person of this.people) person.isStill = true
    await sleep(1500)
    const seen = await this.look()
    for (const person of this.people) person.isStill = false
    return seen
  }

  async counter (name) { return (await this.media.do('stats')).counters[name] }

  /** Play a situation and say what came of it. */
  async play ({ line, seconds = 8, settle = 3, act, recorded = false }) {
    Object.assign(this.relay, line)
    await sleep(settle * 1000)
    if (recorded) await this.record()
    const begin = await this.lookStill(), unrecorded = await this.counter('packets_unrecorded')
    const acting = act?.(this.relay)
    let frames = begin.fromA.frames, longest = 0, stillSince = Date.now() + 500 // cameras begin
    while (Date.now() - begin.at < seconds * 1000) {
      await sleep(200)
      const [now] = await this.people[1].stats()
      if (now.frames > frames) stillSince = Date.now()
      longest = Math.max(longest, Date.now() - stillSince)
      frames = now.frames
    }
    await acting
    const told = this.media.last('peer.quality', { peer: 'a' })
    this.relay.both = {}
    const last = await this.lookStill()
    const inFile = recorded ? await this.recorded() : undefined
    const ms = last.at - begin.at
    const spent = (slot, key) => last[slot][key] - begin[slot][key]
    const percent = (part, whole) => whole > 0 ? Math.round(part / whole * 1000) / 10 : NaN
    const sent = last.sent.a - begin.sent.a
    return {
      sent,
      complete: percent(spent('fromA', 'frames'), sent),
      recorded: inFile && percent(inFile.video, sent),
      unrecorded: recorded ? await this.counter('packets_unrecorded') - unrecorded : undefined,
      stillMs: longest,
      concealed: percent(spent('fromA', 'concealed'), spent('fromA', 'samples')),
      concealedAtA: percent(spent('atA', 'concealed'), spent('atA', 'samples')),
      completeAtA: percent(spent('atA', 'frames') + spent('alsoAtA', 'frames'), last.sent.b - begin.sent.b + last.sent.c - begin.sent.c),
      upKbps: Math.round(spent('fromA', 'bytes') * 8 / ms),
      betweenFps: Math.round(spent('between', 'frames') * 1000 / ms),
      pausedAtA: told?.paused.length,
      reasons: (told?.reasons ?? []).join(' '),
    }
  }
}

const both = line => ({ up: line, down: line })
export const situations = {
  'good line': { line: {}, recorded: true },
  '5 % loss, 50 ms': { line: both({ loss: 0.05, delay: 25 }), recorded: true, seconds: 12 },
  '20 % loss, 50 ms': { line: both({ loss: 0.2, delay: 25 }), seconds: 12 },
  'outages of 500 ms': { line: both({ delay: 25 }), seconds: 10, async act (relay) {
    for (let i = 0; i < 3; i++) {
      relay.both = { loss: 1 }
      await sleep(500)
      relay.both = { delay: 25 }
      await sleep(2500)
    }
  } },
  'bursts of 100 ms': { line: both({ burst: 0.005, burst_ms: 100, delay: 25 }) },
  'reordered, doubled': { line: both({ reorder: 0.05, duplicate: 0.05, delay: 25, jitter: 20 }), recorded: true },
  '1 s of delay': { line: both({ delay: 500 }), settle: 4 },
  'upload 300 kbit/s': { line: { up: { rate: 300, delay: 20 } }, settle: 12, seconds: 10 },
  'download 300 kbit/s': { line: { down: { rate: 300, delay: 20 } }, settle: 14, seconds: 10 },
  'another address': { line: both({ delay: 10 }), seconds: 6, act: async relay => { await sleep(1000); relay.rebind() } },
}

const columns = [['sent', 'pictures of a'], ['complete', '% complete at b'], ['recorded', '% recorded'], ['unrecorded', 'packets unrecorded'], ['stillMs', 'longest still ms'], ['upKbps', 'kbit/s of a'], ['concealed', '% sound concealed'],
  ['completeAtA', '% complete at a'], ['concealedAtA', '% concealed at a'], ['pausedAtA', 'paused at a'], ['betweenFps', 'b sees c fps'], ['reasons', 'reasons told']]

async function main (names) {
  const rows = [['situation of a', ...columns.map(([, title]) => title)]]
  for (const name of names.length ? names : Object.keys(situations)) {
    const room = await Room.open() // the last situation's estimates are not this one's
    const seen = await room.play(situations[name])
    process.stderr.write(`${name}: ${JSON.stringify(seen)}\n`)
    await room.close()
    rows.push([name, ...columns.map(([key]) => String(seen[key] ?? '–'))])
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  for (const row of rows) console.log('| ' + row.map((cell, column) => cell.padEnd(widths[column])).join(' | ') + ' |')
  process.exit(0)
}

if (process.argv[1] === new URL(import.meta.url).pathname) await main(process.argv.slice(2))
