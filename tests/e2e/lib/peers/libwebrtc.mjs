// SPDX-License-Identifier: EUPL-1.2
// libwebrtc in Node (@roamhq/wrtc): sends a tone of 440 Hz and a grey that changes with each picture.
import wrtc from '@roamhq/wrtc';
import { offered } from './negotiated.mjs';

const { RTCAudioSink, RTCAudioSource, RTCVideoSink, RTCVideoSource } = wrtc.nonstandard;
const WIDTH = 640;
const HEIGHT = 360;
const SAMPLE_RATE = 48_000;
const PICTURE_MS = 100;
const SOUND_MS = 10;

export class Libwebrtc {
	#slots = [];
	#sinks = [];
	#timers = [];

	static async open(slots) {
		const self = new Libwebrtc();
		const video = new RTCVideoSource();
		const audio = new RTCAudioSource();
		self.connection = new wrtc.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
		self.connection.addTransceiver(audio.createTrack(), { direction: 'sendonly' });
		self.connection.addTransceiver(video.createTrack(), { direction: 'sendonly' });
		for (let slot = 0; slot < slots; slot++) self.#receive(slot);
		self.#send(audio, video);
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

	// By slot, since it was opened or told to forget: pictures decoded, loudest sample heard.
	async received() {
		return this.#slots.map((slot) => ({ ...slot }));
	}

	async forget() {
		for (const slot of this.#slots) Object.assign(slot, { frames: 0, loudest: 0 });
	}

	async negotiated() {
		return offered(this.connection.remoteDescription.sdp);
	}

	#receive(number) {
		const slot = (this.#slots[number] = { frames: 0, loudest: 0 });
		const hear = new RTCAudioSink(this.connection.addTransceiver('audio', { direction: 'recvonly' }).receiver.track);
		const see = new RTCVideoSink(this.connection.addTransceiver('video', { direction: 'recvonly' }).receiver.track);
		see.onframe = () => slot.frames++;
		hear.ondata = ({ samples }) => {
			for (const sample of samples) slot.loudest = Math.max(slot.loudest, Math.abs(sample));
		};
		this.#sinks.push(hear, see);
	}

	#send(audio, video) {
		let sample = 0;
		const tone = () => {
			const samples = Int16Array.from({ length: (SAMPLE_RATE * SOUND_MS) / 1000 }, () => Math.round(8000 * Math.sin((2 * Math.PI * 440 * sample++) / SAMPLE_RATE)));
			audio.onData({ samples, sampleRate: SAMPLE_RATE, bitsPerSample: 16, channelCount: 1, numberOfFrames: samples.length });
		};
		let grey = 0;
		const picture = () => {
			const data = new Uint8ClampedArray((WIDTH * HEIGHT * 3) / 2).fill(128);
			data.fill(grey++ % 256, 0, WIDTH * HEIGHT);
			video.onFrame({ width: WIDTH, height: HEIGHT, data });
		};
		this.#timers = [setInterval(tone, SOUND_MS), setInterval(picture, PICTURE_MS)];
	}

	async close() {
		this.#timers.forEach(clearInterval);
		this.#sinks.forEach((sink) => sink.stop());
		this.connection.close();
	}
}
