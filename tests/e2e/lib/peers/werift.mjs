// SPDX-License-Identifier: EUPL-1.2
// werift: ICE, DTLS and SRTP in TypeScript. It has no codecs: ffmpeg encodes what it sends, and decodes what it recorded of each slot.
import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MediaStreamTrack, RTCPeerConnection, useOPUS, useVP8 } from 'werift';
import { MediaRecorder } from 'werift/nonstandard';
import { offered } from './negotiated.mjs';

const FEEDBACK = [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'ccm', parameter: 'fir' }];
/* A keyframe each second, because nothing here answers a request for one. */
const SENDING = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=10', '-f', 'lavfi', '-i', 'sine=frequency=440', '-map', '0:v', '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '300k', '-g', '10'];

export class Werift {
	#folder = mkdtempSync(join(tmpdir(), 'werift-'));
	#recorders = [];
	#sockets = [];

	static async open(slots) {
		const self = new Werift();
		self.connection = new RTCPeerConnection({
			bundlePolicy: 'max-bundle',
			iceServers: [],
			iceAdditionalHostAddresses: ['127.0.0.1'],
			codecs: { audio: [useOPUS({ payloadType: 111 })], video: [useVP8({ payloadType: 96, rtcpFeedback: FEEDBACK })] },
		});
		const ports = [];
		for (const kind of ['audio', 'video']) ports.push(await self.#send(kind));
		for (let slot = 0; slot < slots; slot++) self.#receive(slot);
		const [audio, video] = ports.map((port) => `rtp://127.0.0.1:${port}?pkt_size=1200`);
		self.camera = spawn('ffmpeg', ['-v', 'error', ...SENDING, '-f', 'rtp', video, '-map', '1:a', '-c:a', 'libopus', '-f', 'rtp', audio], { stdio: 'ignore' });
		return self;
	}

	async offer() {
		await this.connection.setLocalDescription(await this.connection.createOffer());
		return this.connection.localDescription.sdp;
	}

	answer(sdp) {
		return this.connection.setRemoteDescription({ type: 'answer', sdp });
	}

	async isConnected() {
		return this.connection.connectionState === 'connected';
	}

	received() {
		return Promise.all(this.#recorders.map((_, slot) => decode(this.#file(slot))));
	}

	async negotiated() {
		return offered(this.connection.remoteDescription.sdp);
	}

	async close() {
		this.camera.kill('SIGKILL');
		for (const recorder of this.#recorders) await recorder.stop();
		for (const socket of this.#sockets) socket.close();
		await this.connection.close();
		rmSync(this.#folder, { recursive: true });
	}

	#file(slot) {
		return join(this.#folder, `${slot}.webm`);
	}

	/* The port where packets for the track are taken. */
	async #send(kind) {
		const track = new MediaStreamTrack({ kind });
		this.connection.addTransceiver(track, { direction: 'sendonly' });
		const socket = createSocket('udp4', (packet) => {
			if (packet[1] < 200 || packet[1] > 204) track.writeRtp(packet); // ffmpeg's own sender reports come to port + 1, or here
		}).bind(0, '127.0.0.1');
		await once(socket, 'listening');
		this.#sockets.push(socket);
		return socket.address().port;
	}

	#receive(slot) {
		const recorder = new MediaRecorder({ path: this.#file(slot), numOfTracks: 2, disableNtp: true });
		for (const kind of ['audio', 'video']) this.connection.addTransceiver(kind, { direction: 'recvonly' }).onTrack.subscribe((track) => recorder.addTrack(track));
		this.#recorders.push(recorder);
	}
}

/* What ffmpeg makes of the file so far. */
function decode(file) {
	if (!existsSync(file)) return { frames: 0, loudest: 0 };
	return new Promise((resolve) =>
		execFile('ffmpeg', ['-hide_banner', '-i', file, '-af', 'volumedetect', '-f', 'null', '-'], (_, __, text) => {
			const frames = Number(Array.from(text.matchAll(/frame=\s*(\d+)/g)).at(-1)?.[1] ?? 0);
			const decibel = Number(text.match(/max_volume: (-?[\d.]+) dB/)?.[1] ?? -91);
			resolve({ frames, loudest: Math.round(32767 * 10 ** (decibel / 20)) });
		}),
	);
}
