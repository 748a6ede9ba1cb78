// SPDX-License-Identifier: EUPL-1.2
// Real people in rooms of `jawort media`: what each of them sees and hears.
import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, test } from 'node:test'
import { closeBrowser, Media, Node, Page, Relay, until } from './media.mjs'

let media, people, relays
beforeEach(async () => {
  media = await Media.start(['--workers=2', '--worker-people=1']) // the first two people begin on different workers
  people = []
  relays = []
})
afterEach(async () => {
  for (const person of people) await person.close()
  for (const relay of relays) relay.close()
  await media.stop()
})
after(closeBrowser)

async function join (Kind, id, options) {
  const person = await Kind.open(media, id, options)
  people.push(person)
  await until(`${id} is connected`, () => person.connected())
  return person
}

const place = (peer, room) => media.do('peer.place', { peer, room })
const slots = peer => media.last('peer.slots', { peer })?.slots

/** From now on pictures and sound come in this slot. */
async function seesAndHears (person, slot, sentence = `${person.id} sees and hears slot ${slot}`) {
  const before = (await person.stats())[slot]
  await until(sentence, async () => {
    const now = (await person.stats())[slot]
    return now.frames > before.frames + 10 && now.energy > before.energy && now.width > 0
  })
}

test('three people see and hear each other', async () => {
  for (const id of ['a', 'b', 'c']) await join(Node, id)
  for (const { id } of people) await place(id, 'r')
  assert.deepEqual([slots('a'), slots('b'), slots('c')], [['b', 'c'], ['a', 'c'], ['a', 'b']])
  await Promise.all(people.flatMap(person => [seesAndHears(person, 0), seesAndHears(person, 1)]))
  const quality = await until('quality is told', () => media.last('peer.quality', { peer: 'a', width: 320 }))
  assert.equal(quality.height, 240)
  assert.ok(quality.audio_level > -60 && quality.audio_level <= 0, `audio level ${quality.audio_level}`)
})

test('Chromium and libwebrtc meet, Chromium by AES-GCM', async () => {
  const page = await join(Page, 'page'), node = await join(Node, 'node')
  await place('page', 'r')
  await place('node', 'r')
  await Promise.all([seesAndHears(page, 0), seesAndHears(node, 0)])
  assert.equal(media.last('peer.state', { peer: 'page', state: 'connected' }).profile, 'AEAD_AES_128_GCM')
  await until('the round trip is known', () => media.last('peer.quality', { peer: 'page' })?.rtt_ms >= 1)
})

test('who joins late sees a picture within a second', async () => {
  const a = await join(Node, 'a'), late = await join(Node, 'late')
  await place('a', 'r')
  await new Promise(resolve => setTimeout(resolve, 1500)) // the first keyframe is long gone
  const start = Date.now()
  await place('late', 'r')
  await until('the first picture', async () => (await late.stats())[0].frames > 0, 3000)
  assert.ok(Date.now() - start < 1500, `it took ${Date.now() - start} ms`)
  await seesAndHears(a, 0)
})

test('people are moved between rooms without a new negotiation', async () => {
  const [a, b, c] = [await join(Node, 'a'), await join(Node, 'b'), await join(Node, 'c')]
  await place('a', 'one')
  await place('b', 'one')
  await place('c', 'two') // on the other worker
  await seesAndHears(a, 0)
  await place('b', 'two')
  await until('b left a and came to c', () => slots('a')[0] === null && slots('c')?.[0] === 'b')
  await Promise.all([seesAndHears(b, 0), seesAndHears(c, 0)])
  const before = (await a.stats())[0].packets
  await new Promise(resolve => setTimeout(resolve, 300))
  assert.ok((await a.stats())[0].packets - before < 3, 'nothing more comes to a')
  await place('b', 'one')
  await Promise.all([seesAndHears(a, 0, 'a sees b again'), seesAndHears(b, 0, 'b sees a again')])
  await place('b', null)
  await until('b is nowhere', () => slots('a')[0] === null && slots('b')[0] === null)
})

test('groups of a room hear and see nothing of each other', async () => {
  for (const id of ['a', 'b', 'c', 'd']) await join(Node, id, { slots: 3 })
  for (const { id } of people) await place(id, 'r')
  await Promise.all(people.map(person => seesAndHears(person, 2)))
  for (const id of ['b', 'd']) await media.do('peer.place', { peer: id, room: 'r', group: 1 })
  const shown = id => slots(id).filter(Boolean).join()
  await until('each sees the own group', () => shown('a') === 'c' && shown('c') === 'a' && shown('b') === 'd' && shown('d') === 'b')
  await new Promise(resolve => setTimeout(resolve, 1500)) // what was on its way, what a jitter buffer held, and its fading out
  // What energy is left is the receiver's own comfort noise.
  const before = await Promise.all(people.map(person => person.stats()))
  await new Promise(resolve => setTimeout(resolve, 2000))
  const after = await Promise.all(people.map(person => person.stats()))
  people.forEach(({ id }, n) => slots(id).forEach((other, i) => {
    const frames = after[n][i].frames - before[n][i].frames, energy = after[n][i].energy - before[n][i].energy, packets = after[n][i].packets - before[n][i].packets
    if (other) assert.ok(frames > 20 && energy > 0.001, `${id} goes on with ${other}: ${frames} pictures, energy ${energy}`)
    else assert.ok(frames === 0 && packets === 0 && energy < 1e-4, `${id} gets nothing: ${frames} pictures, ${packets} packets, energy ${energy}`)
  }))
  for (const id of ['b', 'd']) await media.do('peer.place', { peer: id, room: 'r', group: 0 })
  await until('all are together', () => people.every(({ id }) => slots(id).filter(Boolean).length === 3))
  await Promise.all(people.flatMap(person => [0, 1, 2].map(slot => seesAndHears(person, slot))))
})

test('a document is a second video for the others, as long as it is shown', async () => {
  const a = await join(Node, 'a', { documents: 2 }), b = await join(Node, 'b', { documents: 2 }), old = await join(Node, 'old')
  for (const { id } of people) await place(id, 'r')
  await seesAndHears(b, 0)
  const documents = peer => media.last('peer.slots', { peer })?.documents
  assert.deepEqual([documents('a'), documents('b'), documents('old')], [[null, null], [null, null], []])
  await a.document(a.camera(20))
  const start = Date.now()
  await until('b sees the document', async () => (await b.all()).documents[0].frames > 0, 5000)
  assert.ok(Date.now() - start < 2500, `it took ${Date.now() - start} ms`)
  assert.deepEqual([documents('a'), documents('b')], [[null, null], ['a', null]])
  await b.document(b.camera(20))
  await until('a sees the other one', async () => (await a.all()).documents[0].frames > 20)
  await Promise.all([seesAndHears(a, 0), seesAndHears(b, 0), seesAndHears(old, 0)])
  await media.do('peer.place', { peer: 'b', room: 'r', group: 1 })
  await until('documents stay in their group', () => documents('a')[0] === null && documents('b')[0] === null)
  await media.do('peer.place', { peer: 'b', room: 'r', group: 0 })
  const before = (await b.all()).documents[0].frames
  await until('it comes back', async () => (await b.all()).documents[0].frames > before + 10)
  await a.document(null)
  await until('it is over', () => documents('b')[0] === null, 8000)
  assert.deepEqual(documents('a'), ['b', null])
})

test('who comes and goes in any order is seen by those of the room, and by nobody else', async () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'], where = {}
  for (const id of ids) await join(Node, id, { slots: 5 })
  for (let step = 0; step < 60; step++) {
    const id = ids[Math.floor(Math.random() * ids.length)], room = [null, 'one', 'two'][Math.floor(Math.random() * 3)], group = Math.floor(Math.random() * 2)
    await media.do('peer.place', { peer: id, room, group })
    where[id] = room && `${room} ${group}`
    const others = id => ids.filter(other => other !== id && where[id] && where[other] === where[id])
    await until(`step ${step}: everybody sees the right ones`, () => ids.every(id => (slots(id) ?? []).filter(Boolean).sort().join() === others(id).join()))
  }
  for (const id of ids) await media.do('peer.place', { peer: id, room: 'one' })
  await until('all six are together', () => ids.every(id => slots(id).filter(Boolean).length === 5))
  await Promise.all(people.map(person => seesAndHears(person, 4)))
})

test('an ICE restart keeps the call', async () => {
  const page = await join(Page, 'page'), node = await join(Node, 'node')
  for (const { id } of people) await place(id, 'r')
  await seesAndHears(page, 0)
  for (const person of people) {
    const [before] = person.answer.match(/a=ice-ufrag:\S+/)
    await person.negotiate({ iceRestart: true })
    assert.notEqual(person.answer.match(/a=ice-ufrag:\S+/)[0], before)
    await Promise.all([seesAndHears(page, 0), seesAndHears(node, 0)])
  }
  assert.equal(media.events.filter(e => e.event === 'peer.state' && e.state === 'closed').length, 0)
})

test('who leaves frees the slot, who vanishes is noticed', async () => {
  const page = await join(Page, 'page'), node = await join(Node, 'node'), third = await join(Node, 'third')
  for (const { id } of people) await place(id, 'r')
  await seesAndHears(third, 1)
  node.pc.close()
  await until('the goodbye is heard', () => media.last('peer.state', { peer: 'node', state: 'closed' })?.reason === 'bye')
  await until('the slot is free', () => !slots('third').includes('node'))
  await page.page.context().setOffline(true).catch(() => {})
  await page.close()
  await until('the silence is noticed', () => ['closed', 'disconnected'].includes(media.last('peer.state', { peer: 'page' }).state), 9000)
})

test('a reloaded page takes its place again', async () => {
  const a = await join(Node, 'a'), b = await join(Node, 'b')
  for (const { id } of people) await place(id, 'r')
  await seesAndHears(a, 0)
  const again = await join(Node, 'b') // the same peer, another browser
  assert.deepEqual(slots('b'), ['a', null])
  await Promise.all([seesAndHears(a, 0, 'a sees the new b'), seesAndHears(again, 0)])
  assert.deepEqual((await media.do('hello')).peers.map(one => one.peer), ['a', 'b'])
  assert.ok(b)
})

test('a wrong fingerprint closes the peer and carries nothing', async () => {
  const original = media.do.bind(media)
  media.do = (name, command) => original(name, name === 'peer.offer'
    ? { ...command, sdp: command.sdp.replace(/(a=fingerprint:sha-256 )(..)/g, (_, head, byte) => head + (byte === 'AA' ? 'BB' : 'AA')) }
    : command)
  people.push(await Node.open(media, 'liar'))
  await place('liar', 'r')
  await until('it is closed', () => media.last('peer.state', { peer: 'liar', state: 'closed' })?.reason === 'fingerprint_mismatch')
  assert.equal((await original('stats')).counters.packets_received, 0)
})

test('serve comes back and finds everything', async () => {
  const a = await join(Node, 'a'), b = await join(Node, 'b')
  for (const { id } of people) await place(id, 'r')
  media.socket.destroy()
  await media.connect()
  const { peers, rooms, recordings } = await media.do('hello')
  assert.deepEqual({ peers, rooms, recordings }, {
    peers: ['a', 'b'].map(peer => ({ peer, room: 'r', group: 0, state: 'connected' })), rooms: ['r'], recordings: [],
  })
  await place('b', null)
  assert.deepEqual((await media.do('hello')).peers[1], { peer: 'b', room: null, group: 0, state: 'connected' })
  await place('b', 'r')
  await Promise.all([seesAndHears(a, 0), seesAndHears(b, 0)])
})

test('commands that make no sense get a code', async () => {
  const fails = (code, name, command) => assert.rejects(media.do(name, command), { code })
  await fails('unknown_command', 'dance')
  await fails('bad_request', 'peer.place', {})
  await fails('unknown_peer', 'peer.place', { peer: 'nobody', room: 'r' })
  await fails('bad_sdp', 'peer.offer', { peer: 'p', sdp: 'v=0\r\nnonsense' })
  await fails('limit', 'peer.offer', { peer: 'p', sdp: 'v=0\r\n'.padEnd(60000, 'a=x\r\n') })
  await fails('unknown_recording', 'record.stop', { recording: 'none' })
  await fails('unknown_room', 'record.start', { recording: 'none', room: 'r', folder: '/tmp', recipients: [], people: [] })
  const line = media.socket
  line.write('this is no JSON\n')
  assert.deepEqual((await media.do('hello')).peers, [])
})

test('lost packets are asked for and sent again, both ways', async () => {
  const relay = new Relay()
  relays.push(relay)
  const a = await join(Node, 'a', { relay }), b = await join(Node, 'b')
  for (const { id } of people) await place(id, 'r')
  await Promise.all([seesAndHears(a, 0), seesAndHears(b, 0)])
  relay.both = { loss: 0.05, delay: 25 }
  const before = [await a.all(), await b.all()]
  await new Promise(resolve => setTimeout(resolve, 6000))
  const after = [await a.all(), await b.all()]
  const { counters } = await media.do('stats')
  assert.ok(counters.packets_nacked > 0 && counters.packets_restored > 0, 'asked a for what was lost upwards')
  assert.ok(counters.packets_retransmitted > 0, 'sent a again what was lost downwards')
  // A busy machine sends fewer than 25 a second: what counts is how many of those arrive.
  const sent = before.map((then, i) => after[i].sent - then.sent), seen = before.map((then, i) => after[i].slots[0].frames - then.slots[0].frames)
  for (const [i, id] of ['a', 'b'].entries()) assert.ok(seen[i] >= 0.95 * sent[1 - i], `${id} decoded ${seen[i]} of ${sent[1 - i]}`)
  console.log(`# 5 % loss, 50 ms: a ${seen[0]} of ${sent[1]}, b ${seen[1]} of ${sent[0]} pictures; nacked ${counters.packets_nacked}, ` +
    `restored ${counters.packets_restored}, retransmitted ${counters.packets_retransmitted}`)
})

test('a new network address is followed', async () => {
  const relay = new Relay()
  relays.push(relay)
  const a = await join(Node, 'a', { relay }), b = await join(Node, 'b')
  for (const { id } of people) await place(id, 'r')
  await seesAndHears(b, 0)
  relay.close() // the old network is gone
  const other = new Relay()
  relays.push(other)
  a.relay = other
  await a.negotiate({ iceRestart: true })
  await Promise.all([seesAndHears(a, 0), seesAndHears(b, 0)])
})
