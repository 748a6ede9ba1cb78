// SPDX-License-Identifier: EUPL-1.2
// The way between people and `jawort media`: it moves, it is attacked, it comes and goes ten thousand times.
import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, test } from 'node:test'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readFile } from 'node:fs/promises'
import dgram from 'node:dgram'
import { beside, closeBrowser, ICE, Media, Node, Page, Relay, until } from './media.mjs'

const FLOOD = { packets: 50000, seconds: 3 } // of strangers, each second
// As many as fit into the time; a build that checks itself takes five times as long.
const COMINGS = { first: 500, most: 10000, least: 300, ms: 18000 }, RESTARTS = { most: 1000, least: 40, ms: 5000 }

process.env.ASAN_OPTIONS = 'quarantine_size_mb=1' // what is freed is not held back, so that memory tells

let media, people, relays
beforeEach(() => {
  people = []
  relays = []
})
afterEach(async () => {
  for (const person of people) await person.close()
  for (const relay of relays) relay.close()
  await media.stop()
})
after(closeBrowser)

async function start () {
  media = await Media.start(['--workers=2'])
}

function relay () {
  const relay = new Relay()
  relays.push(relay)
  return relay
}

async function join (Kind, id, options) {
  const person = await Kind.open(media, id, options)
  people.push(person)
  await until(`${id} is connected`, () => person.connected())
  await media.do('peer.place', { peer: id, room: 'r' })
  return person
}

const frames = async person => (await person.stats())[0].frames
async function sees (person, count = 10, ms = 15000) {
  const before = await frames(person)
  await until(`${person.id} sees ${count} more pictures`, async () => await frames(person) >= before + count, ms)
}
const counters = async () => (await media.do('stats')).counters
const states = peer => media.events.filter(e => e.event === 'peer.state' && e.peer === peer).map(e => e.state)

// libnice keeps to the nominated pair until an ICE restart.
test('a NAT that forgets is followed without a new negotiation', { skip: ICE === 'full' }, async () => {
  await start()
  const line = relay(), a = await join(Node, 'a', { relay: line }), b = await join(Node, 'b')
  await Promise.all([sees(a), sees(b)])
  for (let i = 0; i < 3; i++) {
    line.rebind()
    // A browser looks after its path every 2.5 s: the first check from the new address moves the call.
    await Promise.all([sees(a, 20, 8000), sees(b, 20, 8000)])
  }
  assert.deepEqual(states('a').filter(state => state === 'closed'), [])
})

test('from one network to another with restartIce(): media is back within two seconds', async () => {
  await start()
  const first = relay(), page = await join(Page, 'page', { relay: first }), node = await join(Node, 'node')
  await Promise.all([sees(page), sees(node)])
  first.close()
  page.relay = relay()
  const begin = Date.now()
  await page.evaluate('pc.restartIce()')
  await page.negotiate()
  await Promise.all([sees(page, 1, 4000), sees(node, 1, 4000)])
  const took = Date.now() - begin
  console.log(`# ${ICE}: media back after ${took} ms`)
  assert.ok(took < 2000, `it took ${took} ms`)
  await Promise.all([sees(page), sees(node)])
})

test('silence is shown after five seconds, and forgotten when it ends', async () => {
  await start()
  const line = relay(), a = await join(Node, 'a', { relay: line }), b = await join(Node, 'b')
  await Promise.all([sees(a), sees(b)])
  line.both = { loss: 1 }
  await until('a is missed', () => states('a').at(-1) === 'disconnected', 9000)
  line.both = {}
  await until('a is back', () => states('a').at(-1) === 'connected')
  await Promise.all([sees(a), sees(b)])
})

test('nothing goes to an address that an offer names; .local names do no harm', async () => {
  await start()
  const victim = dgram.createSocket('udp4')
  let hits = 0
  victim.on('message', () => hits++)
  await new Promise(resolve => victim.bind(0, '127.0.0.1', resolve))
  const original = media.do.bind(media)
  media.do = (name, command) => original(name, name !== 'peer.offer' ? command : {
    ...command,
    sdp: command.sdp.replace(/(a=mid:0\r\n)/, `$1a=candidate:1 1 udp 2122260223 127.0.0.1 ${victim.address().port} typ host\r\n` +
      'a=candidate:2 1 udp 2122260223 0e1f2d3c-aaaa-4bbb-8ccc-123456789abc.local 50000 typ host\r\n'),
  })
  const a = await join(Node, 'a'), b = await join(Page, 'b')
  assert.match(a.offer, /a=mid:0\r\n/)
  await Promise.all([sees(a), sees(b)])
  assert.equal(hits, 0)
  victim.close()
})

test('a wrong password opens nothing', async () => {
  await start()
  const original = media.do.bind(media)
  media.do = async (name, command) => {
    const result = await original(name, command)
    if (result.sdp) result.sdp = result.sdp.replace(/a=ice-pwd:\S+/g, 'a=ice-pwd:thisisnotthepasswordatall')
    return result
  }
  people.push(await Node.open(media, 'thief'))
  if (ICE === 'lite') await until('the checks are refused', async () => (await counters()).checks_refused > 5)
  else await new Promise(resolve => setTimeout(resolve, 1000))
  assert.deepEqual(states('thief'), ['connecting'])
  assert.equal((await counters()).datagrams_sent, 0)
})

test('a call goes on under floods of strangers, forgeries and copies', async () => {
  await start()
  const line = relay(), a = await join(Node, 'a', { relay: line }), b = await join(Node, 'b')
  await Promise.all([sees(a, 30), sees(b, 30)])
  const before = { usage: await media.usage(), counters: await counters() }
  const user = `${a.answer.match(/a=ice-ufrag:(\S+)/)[1]}:${a.offer.match(/a=ice-ufrag:(\S+)/)[1]}`
  const flood = promisify(execFile)(beside('jawort-test-flood'),
    [line.target.address, String(line.target.port), String(FLOOD.packets), String(FLOOD.seconds), user])
  line.up = { duplicate: 1 } // and all that a sends comes twice
  await Promise.all([sees(a, 20), sees(b, 20)])
  const { stdout } = await flood
  await Promise.all([sees(a, 20), sees(b, 20)])
  const now = { usage: await media.usage(), counters: await counters() }
  const more = name => now.counters[name] - before.counters[name]
  console.log(`# ${ICE}: ${stdout.trim()} datagrams of strangers in ${FLOOD.seconds} s; strange ${more('datagrams_strange')}, ` +
    `oversized ${more('datagrams_oversized')}, checks refused ${more('checks_refused')}, refused ${more('packets_refused')}, ` +
    `overflowed ${more('datagrams_overflowed')}, memory ${now.usage.rss - before.usage.rss} KiB`)
  assert.ok(Number(stdout) > FLOOD.packets * FLOOD.seconds / 2, `only ${stdout} were sent`)
  assert.ok(more('packets_refused') > 50, 'copies are refused')
  if (ICE === 'lite') {
    assert.ok(more('datagrams_strange') > Number(stdout) / 4)
    assert.ok(more('datagrams_oversized') > 1000)
    assert.ok(more('checks_refused') > 1000)
  }
  assert.ok(now.usage.rss - before.usage.rss < 8192, `${now.usage.rss - before.usage.rss} KiB more`)
  assert.deepEqual([now.usage.threads, now.usage.files], [before.usage.threads, before.usage.files])
  assert.deepEqual([...states('a'), ...states('b')].filter(state => state !== 'connecting' && state !== 'connected'), [])
})

test('thousands of comings, goings and ICE restarts leave nothing behind', async () => {
  await start()
  const offer = await readFile(new URL('../../vectors/sdp/chromium-156.sdp', import.meta.url), 'utf8')
  const renamed = number => offer.replace(/a=ice-ufrag:\S+/g, `a=ice-ufrag:u${String(number).padStart(6, '0')}`)
  const visit = async number => {
    const peer = `p${number}`
    await media.do('peer.offer', { peer, sdp: renamed(number) })
    await media.do('peer.place', { peer, room: `r${number % 7}` })
    await media.do('peer.close', { peer })
  }
  const restart = number => media.do('peer.offer', { peer: 'stayer', sdp: renamed(number) })
  const many = async (work, count, ms = Infinity) => {
    const begin = Date.now()
    let done = 0
    for (; done < count && Date.now() - begin < ms; done += 20) await Promise.all(Array.from({ length: 20 }, (_, i) => work(done + i)))
    return done
  }
  await many(visit, COMINGS.first)
  const before = await media.usage()
  const comings = await many(visit, COMINGS.most, COMINGS.ms)
  await media.do('peer.offer', { peer: 'stayer', sdp: offer })
  const restarts = await many(restart, RESTARTS.most, RESTARTS.ms)
  await media.do('peer.close', { peer: 'stayer' })
  const now = await until('descriptors are back', async () => {
    const usage = await media.usage()
    return usage.files <= before.files && usage.threads <= before.threads && usage
  })
  console.log(`# ${ICE}: ${comings} comings, ${restarts} restarts; memory ${before.rss} -> ${now.rss} KiB, ` +
    `files ${before.files} -> ${now.files}, threads ${before.threads} -> ${now.threads}`)
  assert.ok(comings >= COMINGS.least && restarts >= RESTARTS.least)
  assert.ok(now.rss - before.rss < 5120, `${now.rss - before.rss} KiB more`)
  const { peers, rooms } = await media.do('hello')
  assert.deepEqual([peers, rooms], [[], []])
})
