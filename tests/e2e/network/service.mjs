// SPDX-License-Identifier: EUPL-1.2
// A service of Debian's with the configuration that we ship, its placeholders filled in.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { until } from '../lib/until.mjs';

const deploy = join(import.meta.dirname, '../../../deploy');

// `values`: what each placeholder becomes.
export function fillIn(file, values, target) {
	const text = Object.entries(values).reduce((filled, [name, value]) => {
		if (!filled.includes(name)) throw new Error(`${file} has no ${name}`);
		return filled.replaceAll(name, value);
	}, readFileSync(join(deploy, file), 'utf8'));
	writeFileSync(target, text);
	return target;
}

const listens = (port, host) =>
	new Promise((resolve) => {
		const socket = createConnection(port, host, () => resolve(socket.destroy()));
		socket.on('error', () => resolve(false));
	});

// Runs until stop() is called on what this returns.
export async function start(command, words, { port, host }) {
	const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'inherit'] });
	await until(`${command} listens`, () => listens(port, host));
	return {
		stop: async () => {
			const ended = once(child, 'exit');
			child.kill();
			await ended;
		},
	};
}
