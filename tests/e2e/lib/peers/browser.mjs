// SPDX-License-Identifier: EUPL-1.2
// A browser's own WebRTC on an empty page, with its fake camera and microphone. What is not played is not decoded to the end.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { openBrowser } from '../browser.mjs';

class BrowserPeer {
	static async open(slots) {
		const self = new this();
		self.server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>peer</title>')).listen(0, '127.0.0.1');
		await once(self.server, 'listening');
		Object.assign(self, await openBrowser({ name: this.browserName }));
		await self.page.goto(`http://127.0.0.1:${self.server.address().port}/`);
		await self.page.evaluate(begin, slots);
		return self;
	}

	offer() {
		return this.page.evaluate(async () => {
			const { connection } = window;
			await connection.setLocalDescription(await connection.createOffer());
			return connection.localDescription.sdp;
		});
	}

	answer(sdp) {
		return this.page.evaluate((text) => window.connection.setRemoteDescription({ type: 'answer', sdp: text }), sdp);
	}

	isConnected() {
		return this.page.evaluate(() => window.connection.connectionState === 'connected');
	}

	received() {
		return this.page.evaluate(count);
	}

	negotiated() {
		return this.page.evaluate(selected);
	}

	async close() {
		await this.browser.close();
		this.server.close();
	}
}

export class Chromium extends BrowserPeer {
	static browserName = 'chromium';
}

export class Firefox extends BrowserPeer {
	static browserName = 'firefox';
}

/* What follows runs in the page. */

async function begin(slots) {
	const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480 } });
	const connection = (window.connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' }));
	for (const track of [...stream.getAudioTracks(), ...stream.getVideoTracks()]) connection.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
	for (let slot = 0; slot < slots; slot++)
		for (const kind of ['audio', 'video']) {
			const element = document.createElement(kind);
			element.srcObject = new MediaStream([connection.addTransceiver(kind, { direction: 'recvonly' }).receiver.track]);
			element.autoplay = true;
			document.body.append(element);
		}
}

async function count() {
	const inbound = [...(await window.connection.getStats()).values()].filter(({ type }) => type === 'inbound-rtp');
	const transceivers = window.connection.getTransceivers().slice(2);
	const of = (transceiver) => inbound.find(({ mid }) => mid === transceiver.mid) ?? {};
	const slots = [];
	for (let i = 0; i < transceivers.length; i += 2)
		slots.push({ frames: of(transceivers[i + 1]).framesDecoded ?? 0, loudest: Math.round(Math.sqrt(of(transceivers[i]).totalAudioEnergy ?? 0) * 32767) });
	return slots;
}

async function selected() {
	const stats = await window.connection.getStats();
	const all = [...stats.values()];
	const pair = all.find(({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded');
	const remote = stats.get(pair.remoteCandidateId);
	const video = all.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video');
	return { codec: stats.get(video.codecId).mimeType.replace('video/', ''), candidate: `${remote.candidateType}/${remote.protocol}` };
}
