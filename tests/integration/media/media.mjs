// SPDX-License-Identifier: EUPL-1.2
// `jawort media` as a child, driven through its control socket (media/control.h), and people in it: Chromium pages or libwebrtc in Node.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import net from 'node:net'

const require = createRequire(new URL('../../e2e/package.json', import.meta.url))
const BINARY = process.env.JAWORT_MEDIA ?? new URL('../../../build/check/bin/jawort-media-process', import.meta.url).pathname
export const ICE = process.env.JAWORT_ICE ?? 'lite'
const CHROMIUM_ARGUMENTS = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--no-sandbox', '--disable-dev-shm-usage',
  '--allow-loopback-in-peer-connection', '--disable-features=WebRtcHideLocalIpsWithMdns', '--autoplay-policy=no-user-gesture-required']

/** Wait until `look` gives something true; the sentence says what did not happen. */
export async function until (sentence, look, ms = 15000) {
  const end = Date.now() + ms
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${sentence}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** The process and its control socket. */
export class Media {
  static async start (options = []) {
    const media = new Media()
    media.folder = await mkdtemp(join(tmpdir(), 'media-'))
    media.path = join(media.folder, 'control')
    media.process = spawn(BINARY, [`--control=${media.path}`, `--recordings=${media.folder}`, '--addresses=127.0.0.1', `--ice=${ICE}`, '--port=0', ...options], { stdio: ['ignore', 'ignore', 'pipe'] })
    media.errors = ''
    media.process.stderr.on('data', text => { media.errors += text })
    await media.connect()
    return media
  }

  events = []
  #answers = new Map()
  #id = 0

  async connect () {
    this.socket = await until('media listens', () => new Promise(resolve => {
      const socket = net.connect(this.path, () => resolve(socket))
      socket.on('error', () => resolve(null))
    }))
    createInterface({ input: this.socket }).on('line', line => {
      const message = JSON.parse(line)
      if (message.event) this.events.push(message)
      else this.#answers.get(message.id)?.(message)
    })
  }

  async do (name, command = {}) {
    const id = ++this.#id
    const answer = new Promise(resolve => this.#answers.set(id, resolve))
    this.socket.write(JSON.stringify({ id, do: name, ...command }) + '\n')
    const { error, id: _, ...result } = await answer
    if (error) throw Object.assign(new Error(`${name}: ${error.code}: ${error.text}`), error)
    return result
  }

  /** The last event of this name that fits. */
  last (event, fits = {}) {
    return this.events.findLast(e => e.event === event && Object.entries(fits).every(([key, value]) => e[key] === value))
  }

  /** CPU seconds of the process and its threads so far. */
  async cpu () {
    const { readFile } = await import('node:fs/promises')
    const fields = (await readFile(`/proc/${this.process.pid}/stat`, 'utf8')).split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  }

  /** Resident memory (KiB), open files and threads. */
  async usage () {
    const { readFile, readdir } = await import('node:fs/promises')
    const status = await readFile(`/proc/${this.process.pid}/status`, 'utf8')
    const number = name => Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))[1])
    return { rss: number('VmRSS'), threads: number('Threads'), files: (await readdir(`/proc/${this.process.pid}/fd`)).length }
  }

  async stop () {
    this.socket.destroy()
    this.process.kill('SIGTERM')
    if (this.process.exitCode === null && this.process.signalCode === null) await new Promise(resolve => this.process.on('exit', resolve))
    await rm(this.folder, { recursive: true })
    if (this.process.exitCode !== 0 && this.process.signalCode !== 'SIGKILL') throw new Error(`media ended with ${this.process.exitCode}: ${this.errors}`)
  }
}

const RELAY = process.env.JAWORT_RELAY ?? new URL('../../../build/check/bin/jawort-test-relay', import.meta.url).pathname

/** A bad line between one person and media (relay.c). The person is given the answer with its port. */
export class Relay {
  async through (answer) {
    const [, address, port] = answer.match(/a=candidate:\S+ 1 udp \d+ (\S+) (\d+)/i)
    if (!this.process) {
      this.target = { address, port }
      this.process = spawn(RELAY, [address, port], { stdio: ['pipe', 'pipe', 'inherit'] })
      this.port = Number((await new Promise(resolve => this.process.stdout.once('data', resolve))).toString())
    }
    return answer.replace(`${address} ${port} typ`, `${address} ${this.port} typ`)
  }

  /** Towards media, and towards the person: { loss: 0.05, delay: 25, … }; what is not named is fine. */
  set up (line) { this.#tell('up', line) }
  set down (line) { this.#tell('down', line) }
  set both (line) { this.up = this.down = line }
  rebind () { this.process.stdin.write('rebind\n') }
  #tell (way, line) { this.process.stdin.write([way, ...Object.entries(line).map(([key, value]) => `${key}=${value}`)].join(' ') + '\n') }

  close () {
    this.process?.stdin.end()
    this.process = undefined
  }
}

/** Runs in a page or in Node: a peer connection with own audio and video and `slots` pairs to receive; and lines for documents. */
export const PEER = `(pc, stream, slots, documents) => {
  for (const track of stream.getTracks()) pc.addTransceiver(track, { direction: 'sendrecv', streams: [stream] })
  if (documents > 0) pc.addTransceiver('video', { direction: 'sendonly' })
  for (let i = 0; i < slots; i++) { pc.addTransceiver('audio', { direction: 'recvonly' }); pc.addTransceiver('video', { direction: 'recvonly' }) }
  for (let i = 0; i < documents; i++) pc.addTransceiver('video', { direction: 'recvonly' })
}`

/** What arrives: { slots: [{ frames, width, energy, samples … }], documents: [{ frames, … }] }, and what is sent. */
const STATS = `async pc => {
  const inbound = [], result = { slots: [], documents: [], sent: 0 }
  for (const stat of (await pc.getStats()).values()) {
    if (stat.type === 'inbound-rtp') inbound.push(stat)
    if (stat.type === 'outbound-rtp' && stat.kind === 'video') result.sent += stat.framesEncoded ?? 0
  }
  const receivers = pc.getTransceivers().filter(t => t.currentDirection === 'recvonly')
  const of = kind => receivers.filter(t => t.receiver.track.kind === kind).map(t => inbound.find(s => s.mid === t.mid) ?? {})
  const picture = video => ({ frames: video.framesDecoded ?? 0, width: video.frameWidth ?? 0, height: video.frameHeight ?? 0,
    keyFrames: video.keyFramesDecoded ?? 0, freezes: video.freezeCount ?? 0, plis: video.pliCount ?? 0, nacks: video.nackCount ?? 0,
    lost: video.packetsLost ?? 0, rtx: video.retransmittedPacketsReceived ?? 0, bytes: video.bytesReceived ?? 0 })
  const sound = audio => ({ energy: audio.totalAudioEnergy ?? 0, packets: audio.packetsReceived ?? 0, audioLost: audio.packetsLost ?? 0,
    samples: audio.totalSamplesReceived ?? 0, concealed: (audio.concealedSamples ?? 0) - (audio.silentConcealedSamples ?? 0) })
  const audios = of('audio'), videos = of('video')
  result.slots = audios.map((audio, i) => ({ ...picture(videos[i]), ...sound(audio) }))
  result.documents = videos.slice(audios.length).map(picture)
  return result
}`

/** A program of this folder's CMakeLists.txt. */
export const beside = name => join(BINARY, '..', name)

/** All Chromium pages share one browser and one origin. */
let chromium, origin
export async function openBrowser () {
  const playwright = require('playwright-core')
  origin ??= await new Promise(resolve => {
    const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>peer</title>'))
    server.listen(0, '127.0.0.1', () => { server.unref(); resolve(`http://127.0.0.1:${server.address().port}/`) })
  })
  chromium ??= await playwright.chromium.launch({ executablePath: '/usr/bin/chromium', args: CHROMIUM_ARGUMENTS })
}
export async function closeBrowser () {
  await chromium?.close()
  chromium = undefined
}

/** A person in a Chromium page. */
export class Page {
  static async open (media, id, { slots = 2, documents = 0, relay } = {}) {
    await openBrowser()
    const page = new Page()
    Object.assign(page, { media, id, relay, page: await chromium.newPage() })
    await page.page.goto(origin)
    await page.page.evaluate(`(async () => {
      window.stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480 } })
      window.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
      pc.ontrack = ({ track }) => { // what is not played is not decoded to the end
        const element = document.createElement(track.kind)
        element.srcObject = new MediaStream([track])
        element.autoplay = true
        document.body.append(element)
      };
      (${PEER})(pc, stream, ${slots}, ${documents})
    })()`)
    await page.negotiate()
    return page
  }

  async negotiate (options = {}) {
    this.offer = await this.page.evaluate(`(async () => {
      await pc.setLocalDescription(await pc.createOffer(${JSON.stringify(options)}))
      return pc.localDescription.sdp
    })()`)
    this.answer = (await this.media.do('peer.offer', { peer: this.id, sdp: this.offer })).sdp
    const sdp = this.relay ? await this.relay.through(this.answer) : this.answer
    await this.page.evaluate(`pc.setRemoteDescription({ type: 'answer', sdp: ${JSON.stringify(sdp)} })`)
  }

  evaluate (script) { return this.page.evaluate(script) }
  all () { return this.page.evaluate(`(${STATS})(pc)`) }
  async stats () { return (await this.all()).slots }
  connected () { return this.page.evaluate('pc.connectionState').then(s => s === 'connected') }
  async close () { await this.page.close() }
}

/** Something like speech, for concealment and repair to work on: voiced syllables of changing pitch, four a second. */
class Voice {
  phase = 0
  time = 0
  next (count, rate) {
    const samples = new Int16Array(count)
    for (let i = 0; i < count; i++) {
      this.time += 1 / rate
      this.phase += (110 + 25 * Math.sin(this.time * 2.1)) / rate
      let value = 0
      for (const [harmonic, weight] of [[1, 0.5], [2, 0.7], [4, 1], [5, 0.6], [9, 0.3], [11, 0.25], [20, 0.1]]) value += weight * Math.sin(2 * Math.PI * harmonic * this.phase)
      samples[i] = 4000 * value * Math.max(0, Math.sin(2 * Math.PI * 2 * this.time)) + 20 * Math.random()
    }
    return samples
  }
}

/** A person in Node by @roamhq/wrtc (libwebrtc): a moving picture, the more of it noise the more bits, and a voice. */
export class Node {
  static async open (media, id, { slots = 2, documents = 0, relay, noise = 0, height = 240 } = {}) {
    const wrtc = require('@roamhq/wrtc')
    const node = new Node()
    const { RTCVideoSource, RTCAudioSource } = wrtc.nonstandard
    const audio = new RTCAudioSource(), voice = new Voice()
    Object.assign(node, { media, id, relay, RTCVideoSource, timers: [], pc: new wrtc.RTCPeerConnection({ bundlePolicy: 'max-bundle' }) })
    const stream = new wrtc.MediaStream([audio.createTrack(), node.camera(noise, height)])
    const began = performance.now()
    let given = 0 // in 10 ms: a busy machine calls late, but a microphone misses nothing
    node.timers.push(setInterval(() => {
      for (; given < (performance.now() - began) / 10; given++) audio.onData({ samples: voice.next(480, 48000), sampleRate: 48000, bitsPerSample: 16, channelCount: 1, numberOfFrames: 480 })
    }, 10))
    // eslint-disable-next-line no-eval
    eval(PEER)(node.pc, stream, slots, documents)
    await node.negotiate()
    return node
  }

  /** The track of a new camera. `noise`: rows of it that are new in each picture. */
  camera (noise = 0, height = 240) {
    const source = new this.RTCVideoSource()
    const width = height * 4 / 3, data = new Uint8ClampedArray(width * height * 1.5).fill(128)
    let frame = 0
    this.timers.push(setInterval(() => {
      if (this.isStill) return
      const at = frame++ * 7 % height
      for (let i = 0; i < noise * width; i++) data[i] = (Math.random() * 256) & 0xe0
      data.fill(frame * 5 % 255, at * width, at * width + width * 4)
      source.onFrame({ width, height, data })
    }, 40))
    return source.createTrack()
  }

  /** Show a document, or (null) nothing more. */
  async document (track) { await this.pc.getTransceivers()[2].sender.replaceTrack(track) }

  async negotiate (options = {}) {
    await this.pc.setLocalDescription(await this.pc.createOffer(options))
    this.offer = this.pc.localDescription.sdp
    this.answer = (await this.media.do('peer.offer', { peer: this.id, sdp: this.offer })).sdp
    const sdp = this.relay ? await this.relay.through(this.answer) : this.answer
    await this.pc.setRemoteDescription({ type: 'answer', sdp })
  }

  // eslint-disable-next-line no-eval
  all () { return eval(STATS)(this.pc) }
  async stats () { return (await this.all()).slots }
  async connected () { return this.pc.connectionState === 'connected' }
  async close () {
    this.timers.forEach(clearInterval)
    this.pc.close()
  }
}
