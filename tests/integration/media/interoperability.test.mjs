// SPDX-License-Identifier: EUPL-1.2
// Every WebRTC implementation that we can get, in one room: each sees and hears each. The table says what was negotiated.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeNetwork, SERVER } from '../../e2e/network/network.mjs'
import { Chromium, Firefox } from '../../e2e/lib/peers/browser.mjs'
import { Libwebrtc } from '../../e2e/lib/peers/libwebrtc.mjs'
import { Webrtcbin } from '../../e2e/lib/peers/webrtcbin.mjs'
import { Werift } from '../../e2e/lib/peers/werift.mjs'
import { Media, until } from './media.mjs'

const KINDS = [Chromium, Firefox, Libwebrtc, Webrtcbin, Werift]
const FRAMES = 10, LOUDEST = 100 // of ten pictures a second; of 32767
let media
const people = [] // { name, peer, state }

before(async () => {
  makeNetwork()
  media = await Media.start([`--addresses=${SERVER}`])
})
after(async () => {
  for (const { peer } of people) await peer.close()
  await media.stop()
  setTimeout(() => process.exit(), 1000).unref() // libwebrtc's threads keep Node alive
})

for (const Kind of KINDS) {
  test(`${Kind.name} connects`, async () => {
    const name = Kind.name, peer = await Kind.open(KINDS.length - 1)
    people.push({ name, peer })
    await peer.answer((await media.do('peer.offer', { peer: name, sdp: await peer.offer() })).sdp)
    await until(`${name} is connected`, () => peer.isConnected(), 60000)
    await until(`media says so of ${name}`, () => media.last('peer.state', { peer: name, state: 'connected' }))
    await media.do('peer.place', { peer: name, room: 'all' })
  })
}

/** What `person` gets of `other`. */
async function from (person, other) {
  const slot = media.last('peer.slots', { peer: person.name }).slots.indexOf(other.name)
  return (await person.peer.received())[slot] ?? { frames: 0, loudest: 0 }
}

const others = person => people.filter(one => one !== person)

for (const Kind of KINDS) {
  test(`${Kind.name} sees and hears every other`, async () => {
    const person = people.find(({ name }) => name === Kind.name)
    for (const other of others(person)) {
      await until(`${person.name} sees and hears ${other.name}`, async () => {
        const { frames, loudest } = await from(person, other)
        return frames >= FRAMES && loudest >= LOUDEST
      }, 60000)
    }
  })
}

test('the matrix', async () => {
  const cell = async (person, other) => {
    if (person === other) return '-'
    const { frames, loudest } = await from(person, other)
    return `${frames} / ${loudest}`
  }
  const rows = [['receives (pictures / loudest) from', ...people.map(({ name }) => name), 'SRTP', 'codec', 'candidate']]
  for (const person of people) {
    const { profile } = media.last('peer.state', { peer: person.name, state: 'connected' })
    const { codec, candidate } = await person.peer.negotiated()
    assert.equal(codec, 'VP8')
    assert.match(profile, /^(AEAD_AES_128_GCM|AES128_CM_SHA1_80)$/)
    rows.push([person.name, ...await Promise.all(people.map(other => cell(person, other))), profile, codec, candidate])
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)))
  for (const row of rows) console.log(`# ${row.map((text, column) => text.padEnd(widths[column])).join('  ')}`)
})
