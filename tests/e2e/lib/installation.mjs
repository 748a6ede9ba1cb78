// SPDX-License-Identifier: EUPL-1.2
// A demo installation of its own in a fresh folder, on free ports, with its mail catcher.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from './until.mjs';

const root = join(import.meta.dirname, '../../..');
export const jawort = process.env.JAWORT ?? join(root, 'build/release/bin/jawort');

export async function freePort(address = '127.0.0.1') {
	const server = createServer().listen(0, address);
	await once(server, 'listening');
	const { port } = server.address();
	server.close();
	await once(server, 'close');
	return port;
}

export class Installation {
	// `address`: where media is; `listen`: where pages are; `url`: how browsers reach them; `options`: further ones of `jawort serve`.
	static async start({ address = '127.0.0.1', listen = address, url, options = [] } = {}) {
		const self = new Installation();
		Object.assign(self, { address, listen, options });
		self.folder = mkdtempSync(join(tmpdir(), 'jawort-e2e-'));
		self.mailbox = spawn(process.execPath, [join(root, 'deploy/demo/mailbox/mailbox.mjs'), '--smtp', '0', '--http', '0', '--with-parent'], {
			stdio: ['pipe', 'pipe', 'inherit'],
		});
		const [line] = await once(createInterface(self.mailbox.stdout), 'line');
		self.mailPorts = JSON.parse(line);
		self.port = await freePort(listen);
		self.url = url ?? `http://${listen === '127.0.0.1' ? 'localhost' : listen}:${self.port}`;
		const made = spawnSync(jawort, ['demo', `--data=${self.folder}`], { cwd: root, encoding: 'utf8' });
		if (made.status !== 0) throw new Error(`jawort demo: ${made.stderr}`);
		self.passwords = JSON.parse(readFileSync(join(self.folder, 'keys/sign-ins.json'), 'utf8'));
		await self.serve().catch(async (error) => {
			await self.stop();
			throw error;
		});
		return self;
	}

	async serve() {
		this.log = createWriteStream(join(this.folder, 'serve.log'), { flags: 'a' });
		this.server = spawn(
			jawort,
			[
				'serve',
				`--config=${this.folder}/jawort.conf`,
				`--listen=${this.listen}:${this.port}`,
				`--public-url=${this.url}`,
				`--smtp=smtp://127.0.0.1:${this.mailPorts.smtp}`,
				`--media-bind=${this.address}`,
				'--media-port=0',
				...this.options,
			],
			{ cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
		);
		this.server.stderr.pipe(this.log);
		await until('the server answers', async () => (await fetch(`http://${this.listen}:${this.port}/readyz`).catch(() => null))?.ok, 15_000);
	}

	// Kill a process of the installation the hard way: "serve" itself, or a child by its command ("media", "record", "sign").
	kill(name) {
		const pid = name === 'serve' ? this.server.pid : this.#descendant(this.server.pid, name);
		if (!pid) throw new Error(`no process '${name}' runs`);
		process.kill(pid, 'SIGKILL');
		return pid;
	}

	#descendant(parent, name) {
		for (const entry of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
			try {
				const ppid = Number(readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ').pop().split(' ')[1]);
				if (ppid !== parent) continue;
				const title = readFileSync(`/proc/${entry}/comm`, 'utf8').trim();
				const found = title === `jawort-${name}` ? Number(entry) : this.#descendant(Number(entry), name);
				if (found) return found;
			} catch {
				// It ended while we looked.
			}
		}
		return null;
	}

	// The first mail to `address` after mail number `after` that `pattern` matches: { number, match }.
	async mail(address, pattern, after = 0) {
		const deadline = Date.now() + 15_000;
		while (Date.now() < deadline) {
			const query = new URLSearchParams({ to: address, after, wait_ms: 5000 });
			const { mails } = await (await fetch(`http://127.0.0.1:${this.mailPorts.http}/api/mails?${query}`)).json();
			for (const mail of mails) {
				const match = mail.text.match(pattern);
				if (match) return { number: mail.number, match: match[1] ?? match[0], mail };
				after = mail.number;
			}
		}
		throw new Error(`no mail to ${address} matches ${pattern}`);
	}

	recordedFolders() {
		const store = join(this.folder, 'recordings');
		return existsSync(store) ? readdirSync(store) : [];
	}

	run(...command) {
		return spawnSync(jawort, command, { cwd: root, encoding: 'utf8' });
	}

	async stop() {
		const ended = once(this.server, 'exit');
		if (this.server.kill('SIGTERM')) await ended; // or it has ended before
		this.mailbox.kill();
		mkdirSync(join(root, 'build/log'), { recursive: true });
		copyFileSync(join(this.folder, 'serve.log'), join(root, `build/log/${basename(process.argv[1], '.test.mjs')}-serve.log`));
		rmSync(this.folder, { recursive: true, force: true });
	}
}
