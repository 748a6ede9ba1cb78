// SPDX-License-Identifier: EUPL-1.2
// `jawort media` as a child, driven through its control socket (media/control.h), and people in it: Chromium pages or libwebrtc in Node.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dgram from 'node:dgram'
import net from 'node:net'

const require = createRequire(new URL('../../e2e/package.json', import.meta.url))
const BINARY = process.env.JAWORT_MEDIA ?? new URL('../../../build/check/bin/jawort-media-process', import.meta.url).pathname
const ICE = process.env.JAWORT_ICE ?? 'lite'
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
    media.process = spawn(BINARY, [`--control=${media.path}`, '--addresses=127.0.0.1', `--ice=${ICE}`, '--port=0', ...options], { stdio: ['ignore', 'ignore', 'pipe'] })
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

  async stop () {
    this.socket.destroy()
    this.process.kill('SIGTERM')
    if (this.process.exitCode === null && this.process.signalCode === null) await new Promise(resolve => this.process.on('exit', resolve))
    await rm(this.folder, { recursive: true })
    if (this.process.exitCode !== 0 && this.process.signalCode !== 'SIGKILL') throw new Error(`media ended with ${this.process.exitCode}: ${this.errors}`)
  }
}

/** A bad line between one person and media: a UDP relay that loses and delays. The person is given the answer with its port. */
export class Relay {
  up = { loss: 0, delay: 0 } // towards media
  down = { loss: 0, delay: 0 }
  #clients = new Map()

  async through (answer) {
    const [, address, port] = answer.match(/a=candidate:\S+ 1 udp \d+ (\S+) (\d+)/)
    this.target ??= { address, port: Number(port) }
    if (!this.front) {
      this.front = dgram.createSocket('udp4', (packet, from) => this.#carry(this.up, () => this.#back(from).send(packet, this.target.port, this.target.address)))
      await new Promise(resolve => this.front.bind(0, '127.0.0.1', resolve))
    }
    return answer.replace(`${address} ${port} typ`, `${address} ${this.front.address().port} typ`)
  }

  #back (from) {
    const key = `${from.address}:${from.port}`
    if (!this.#clients.has(key)) {
      const socket = dgram.createSocket('udp4', packet => this.#carry(this.down, () => this.front.send(packet, from.port, from.address)))
      this.#clients.set(key, socket)
    }
    return this.#clients.get(key)
  }

  #carry ({ loss, delay }, send) {
    const guarded = () => { if (!this.closed) send() }
    if (Math.random() < loss) return
    delay > 0 ? setTimeout(guarded, delay) : guarded()
  }

  close () {
    if (this.closed) return
    this.closed = true
    this.front?.close()
    for (const socket of this.#clients.values()) socket.close()
  }
}

/** Runs in a page or in Node: a peer connection with own audio and video and `slots` pairs to receive. */
export const PEER = `(pc, stream, slots) => {
  for (const track of stream.getTracks()) pc.addTransceiver(track, { direction: 'sendrecv', streams: [stream] })
  for (let i = 0; i < slots; i++) { pc.addTransceiver('audio', { direction: 'recvonly' }); pc.addTransceiver('video', { direction: 'recvonly' }) }
}`

/** What arrives in each slot: [{ frames, width, energy, samples }]. */
const STATS = `async pc => {
  const slots = []
  const receivers = pc.getTransceivers().filter(t => t.currentDirection === 'recvonly')
  const inbound = []
  for (const stat of (await pc.getStats()).values()) if (stat.type === 'inbound-rtp') inbound.push(stat)
  for (let i = 0; i < receivers.length; i += 2) {
    const find = t => inbound.find(s => s.mid === t.mid) ?? {}
    const audio = find(receivers[i]), video = find(receivers[i + 1])
    slots.push({ frames: video.framesDecoded ?? 0, width: video.frameWidth ?? 0, height: video.frameHeight ?? 0, keyFrames: video.keyFramesDecoded ?? 0,
      freezes: video.freezeCount ?? 0, plis: video.pliCount ?? 0, nacks: video.nackCount ?? 0, lost: video.packetsLost ?? 0,
      energy: audio.totalAudioEnergy ?? 0, packets: audio.packetsReceived ?? 0, audioLost: audio.packetsLost ?? 0, rtx: video.retransmittedPacketsReceived ?? 0 })
  }
  return slots
}`

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
  static async open (media, id, { slots = 2, relay } = {}) {
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
      (${PEER})(pc, stream, ${slots})
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
  stats () { return this.page.evaluate(`(${STATS})(pc)`) }
  connected () { return this.page.evaluate('pc.connectionState').then(s => s === 'connected') }
  async close () { await this.page.close() }
}

/** A person in Node by @roamhq/wrtc (libwebrtc): a moving picture and a tone. */
export class Node {
  static async open (media, id, { slots = 2, relay } = {}) {
    const wrtc = require('@roamhq/wrtc')
    const node = new Node()
    const { RTCVideoSource, RTCAudioSource } = wrtc.nonstandard
    const video = new RTCVideoSource(), audio = new RTCAudioSource()
    const stream = new wrtc.MediaStream([audio.createTrack(), video.createTrack()])
    Object.assign(node, { media, id, relay, pc: new wrtc.RTCPeerConnection({ bundlePolicy: 'max-bundle' }), frame: 0 })
    const width = 320, height = 240, data = new Uint8ClampedArray(width * height * 1.5).fill(128)
    node.camera = setInterval(() => {
      const at = node.frame++ * 7 % height
      data.fill(node.frame * 5 % 255, at * width, at * width + width * 4)
      video.onFrame({ width, height, data })
    }, 40)
    let phase = 0
    node.microphone = setInterval(() => {
      const samples = new Int16Array(480).map(() => 8000 * Math.sin(phase++ * 2 * Math.PI * 440 / 48000))
      audio.onData({ samples, sampleRate: 48000, bitsPerSample: 16, channelCount: 1, numberOfFrames: 480 })
    }, 10)
    // eslint-disable-next-line no-eval
    eval(PEER)(node.pc, stream, slots)
    await node.negotiate()
    return node
  }

  async negotiate (options = {}) {
    await this.pc.setLocalDescription(await this.pc.createOffer(options))
    this.offer = this.pc.localDescription.sdp
    this.answer = (await this.media.do('peer.offer', { peer: this.id, sdp: this.offer })).sdp
    const sdp = this.relay ? await this.relay.through(this.answer) : this.answer
    await this.pc.setRemoteDescription({ type: 'answer', sdp })
  }

  // eslint-disable-next-line no-eval
  stats () { return eval(STATS)(this.pc) }
  async connected () { return this.pc.connectionState === 'connected' }
  async close () {
    clearInterval(this.camera)
    clearInterval(this.microphone)
    this.pc.close()
  }
}
