// SPDX-License-Identifier: EUPL-1.2
// A person or officer without pages: the protocol over fetch and ws, media by whatever peer is handed in (peers/).
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';
import { Libwebrtc } from './peers/libwebrtc.mjs';
import { until } from './until.mjs';
import { Visitor } from './visitor.mjs';

export class Partner {
	#visitor;
	#socket;
	#waiting = new Map();
	#lastRequest = 0;
	view = null;
	slots = []; // whom each shows

	constructor(url, Peer = Libwebrtc) {
		this.#visitor = new Visitor(url);
		this.url = url;
		this.Peer = Peer;
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
		if (event === 'media_lost' && this.peer) this.#reconnect();
	}

	async #reconnect() {
		for (let isConnected = false; !isConnected && this.#socket.readyState === WebSocket.OPEN; ) {
			isConnected = await this.connect(2_000).then(() => true, () => false);
			if (!isConnected) await new Promise((resolve) => setTimeout(resolve, 200));
		}
	}

	call(op, input = {}) {
		const id = ++this.#lastRequest;
		this.#socket.send(JSON.stringify({ id, op, in: input }));
		return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
	}

	request(method, path, body) {
		return this.#visitor.request(method, path, body);
	}

	enter() {
		return this.call('visit.enter', { nonce: randomBytes(16).toString('hex') });
	}

	async consent() {
		const { body: text } = await this.request('GET', '/api/v1/consent?language=de');
		await this.call('consent.give', { person: this.id, text_version: text.version, is_given: true });
	}

	async connect(deadlineMs = 10_000) {
		await this.peer?.close();
		const peer = (this.peer = await this.Peer.open(this.view.media.slots));
		const { sdp } = await this.call('media.offer', { sdp: await peer.offer() });
		await peer.answer(sdp);
		await until('media is connected', () => peer.isConnected(), deadlineMs);
	}

	// How many others arrive with a moving picture and sound.
	async received() {
		return (await this.peer.received()).filter(({ frames, loudest }) => frames >= 10 && loudest > 300).length;
	}

	close() {
		this.#socket?.close();
		return this.peer?.close();
	}
}
