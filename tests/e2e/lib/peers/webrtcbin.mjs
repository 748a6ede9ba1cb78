// SPDX-License-Identifier: EUPL-1.2
// GStreamer's webrtcbin, in a process of its own (tests/peers/webrtcbin.c).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { offered } from './negotiated.mjs';

const program = process.env.JAWORT_WEBRTCBIN ?? join(import.meta.dirname, '../../../../build/release/bin/peer-webrtcbin');

export class Webrtcbin {
	#process;
	#said = { is_connected: false, received: [] };
	#before = [];

	static async open(slots) {
		const self = new Webrtcbin();
		/* What GStreamer keeps until its end is not ours to look for. */
		self.#process = spawn(program, [slots], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
		const lines = createInterface(self.#process.stdout);
		const [first] = await once(lines, 'line', { signal: AbortSignal.timeout(15_000) });
		self.sdp = JSON.parse(first).offer;
		lines.on('line', (line) => (self.#said = JSON.parse(line)));
		return self;
	}

	async offer() {
		return this.sdp;
	}

	async answer(sdp) {
		this.answered = sdp;
		this.#process.stdin.write(`${JSON.stringify({ answer: sdp })}\n`);
	}

	async isConnected() {
		if (this.#said.problem) throw new Error(this.#said.problem);
		return this.#said.is_connected;
	}

	// Pictures since it was told to forget; the loudest sound ever.
	async received() {
		return this.#said.received.map(({ frames, loudest }, slot) => ({ frames: frames - (this.#before[slot]?.frames ?? 0), loudest }));
	}

	async forget() {
		this.#before = this.#said.received;
	}

	async negotiated() {
		return offered(this.answered);
	}

	async close() {
		if (this.#process.exitCode !== null) return;
		this.#process.stdin.end();
		await once(this.#process, 'exit');
	}
}
