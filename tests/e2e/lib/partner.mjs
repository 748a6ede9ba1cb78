// SPDX-License-Identifier: EUPL-1.2
// A person or officer without pages: the protocol over fetch and ws, media by libwebrtc in Node (@roamhq/wrtc).
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import wrtc from '@roamhq/wrtc';
import WebSocket from 'ws';
import { until } from './until.mjs';
import { Visitor } from './visitor.mjs';

const { RTCAudioSink, RTCAudioSource, RTCVideoSink, RTCVideoSource } = wrtc.nonstandard;
const WIDTH = 640;
const HEIGHT = 360;
const SAMPLE_RATE = 48_000;

export class Partner {
	#visitor;
	#socket;
	#waiting = new Map();
	#lastRequest = 0;
	#timers = [];
	#sinks = [];
	view = null;
	slots = []; // whom each shows
	frames = []; // by slot
	loudest = []; // by slot

	constructor(url) {
		this.#visitor = new Visitor(url);
		this.url = url;
	}

	async open(token, birthDate) {
		const opened = await this.#visitor.request('POST', '/api/v1/link', { token, birth_date: birthDate });
		this.id = opened.body.person;
		await this.dial();
	}

	async signIn(login, password) {
		await this.#visitor.request('POST', '/api/v1/sign-in', { login, password });
		await this.dial();
		await this.call('desk.start_shift', { room_attested: true });
	}

	// The WebSocket: at first, and again after it was lost.
	async dial() {
		await this.#visitor.signIn();
		this.view = null;
		this.#socket = new WebSocket(`${this.url.replace('http', 'ws')}/api/v1/socket`, { headers: { cookie: this.#visitor.cookie, origin: this.url } });
		this.#socket.on('message', (text) => this.#take(JSON.parse(text)));
		await once(this.#socket, 'open');
		await until('the first view arrives', () => this.view);
	}

	#take(message) {
		if (message.view) this.view = message.state;
		else if (message.event) this.#onEvent(message);
		else if (message.id) {
			const { resolve, reject } = this.#waiting.get(message.id);
			this.#waiting.delete(message.id);
			if (message.error) reject(Object.assign(new Error(message.error.text), message.error));
			else resolve(message.out);
		}
	}

	// As the pages do: when the media server was lost, connect anew.
	#onEvent({ event, slots }) {
		if (event === 'slots') this.slots = slots;
		if (event === 'media_lost' && this.connection) this.#reconnect();
	}

	async #reconnect() {
		for (let isConnected = false; !isConnected && this.#socket.readyState === WebSocket.OPEN; ) {
			isConnected = await this.connect().then(() => true, () => false);
			if (!isConnected) await new Promise((resolve) => setTimeout(resolve, 200));
		}
	}

	call(op, input = {}) {
		const id = ++this.#lastRequest;
		this.#socket.send(JSON.stringify({ id, op, in: input }));
		return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
	}

	enter() {
		return this.call('visit.enter', { nonce: randomBytes(16).toString('hex') });
	}

	async consent() {
		const { body: text } = await this.#visitor.request('GET', '/api/v1/consent?language=de');
		await this.call('consent.give', { person: this.id, text_version: text.version, is_given: true });
	}

	async connect() {
		this.#silence();
		const video = new RTCVideoSource();
		const audio = new RTCAudioSource();
		this.connection = new wrtc.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
		this.connection.addTransceiver(audio.createTrack(), { direction: 'sendonly' });
		this.connection.addTransceiver(video.createTrack(), { direction: 'sendonly' });
		for (let slot = 0; slot < this.view.media.slots; slot++) {
			this.#listen(slot, this.connection.addTransceiver('audio', { direction: 'recvonly' }).receiver.track);
			this.#watch(slot, this.connection.addTransceiver('video', { direction: 'recvonly' }).receiver.track);
		}
		await this.connection.setLocalDescription(await this.connection.createOffer());
		const { sdp } = await this.call('media.offer', { sdp: this.connection.localDescription.sdp });
		await this.connection.setRemoteDescription({ type: 'answer', sdp });
		this.#send(audio, video);
		await until('libwebrtc is connected', () => this.connection.connectionState === 'connected', 2_000);
	}

	#watch(slot, track) {
		this.frames[slot] = 0;
		const sink = new RTCVideoSink(track);
		sink.onframe = () => this.frames[slot]++;
		this.#sinks.push(sink);
	}

	#listen(slot, track) {
		this.loudest[slot] = 0;
		const sink = new RTCAudioSink(track);
		sink.ondata = ({ samples }) => {
			for (const sample of samples) this.loudest[slot] = Math.max(this.loudest[slot], Math.abs(sample));
		};
		this.#sinks.push(sink);
	}

	// A tone of 440 Hz and a grey that changes with each frame.
	#send(audio, video) {
		let sample = 0;
		const tone = () => {
			const samples = Int16Array.from({ length: SAMPLE_RATE / 100 }, () => Math.round(8000 * Math.sin((2 * Math.PI * 440 * sample++) / SAMPLE_RATE)));
			audio.onData({ samples, sampleRate: SAMPLE_RATE, bitsPerSample: 16, channelCount: 1, numberOfFrames: samples.length });
		};
		let grey = 0;
		const picture = () => {
			const data = new Uint8ClampedArray((WIDTH * HEIGHT * 3) / 2).fill(128);
			data.fill(grey++ % 256, 0, WIDTH * HEIGHT);
			video.onFrame({ width: WIDTH, height: HEIGHT, data });
		};
		this.#timers = [setInterval(tone, 10), setInterval(picture, 100)];
	}

	// How many others arrive with a moving picture and sound.
	get received() {
		return this.frames.filter((frames, slot) => frames >= 10 && this.loudest[slot] > 300).length;
	}

	#silence() {
		this.#timers.forEach(clearInterval);
		this.#sinks.forEach((sink) => sink.stop());
		this.#sinks = [];
		this.connection?.close();
	}

	close() {
		this.#silence();
		this.#socket?.close();
	}
}
