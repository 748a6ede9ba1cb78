// SPDX-License-Identifier: EUPL-1.2
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

let catcher, ports;

before(async () => {
	catcher = spawn(process.execPath, ['mailbox.mjs', '--smtp', '0', '--http', '0'], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
	const [line] = await once(createInterface(catcher.stdout), 'line');
	ports = JSON.parse(line);
});
after(() => catcher.kill());

async function deliver(to, body) {
	const socket = createConnection(ports.smtp, '127.0.0.1');
	const replies = createInterface(socket)[Symbol.asyncIterator]();
	const reply = async (code) => {
		let line;
		do line = (await replies.next()).value;
		while (line[3] === '-');
		assert.equal(line.slice(0, 3), code);
	};
	await reply('220');
	for (const [command, code] of [['EHLO test', '250'], ['MAIL FROM:<amt@example.org>', '250'], [`RCPT TO:<${to}>`, '250'], ['DATA', '354'], [`${body}\r\n.`, '250'], ['QUIT', '221']]) {
		socket.write(`${command}\r\n`);
		await reply(code);
	}
	socket.end();
}

const get = (path) => fetch(`http://127.0.0.1:${ports.http}${path}`);

test('a waiting reader gets the mail with its link as soon as it arrives', async () => {
	const waiting = get('/api/mails?to=anna@example.org&wait_ms=5000').then((answer) => answer.json());
	await deliver('Anna@example.org', 'Subject: =?utf-8?q?Best=C3=A4tigung?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBitte: https://example.org/c/abc_-1');
	const { mails } = await waiting;
	assert.equal(mails.length, 1);
	assert.equal(mails[0].subject, 'Bestätigung');
	assert.deepEqual(mails[0].links, ['https://example.org/c/abc_-1']);
});

test('another address sees nothing, and a wait ends', async () => {
	const answer = await get('/api/mails?to=nobody@example.org&wait_ms=20');
	assert.deepEqual(await answer.json(), { mails: [] });
});

test('the page shows foreign text as text and the link as a link', async () => {
	await deliver('x@example.org', 'Subject: <script>alert(1)</script>\r\n\r\n<img src=x> https://example.org/?a=1&b=2');
	const list = await (await get('/')).text();
	assert.ok(list.includes('&lt;script&gt;') && !list.includes('<script>'));
	const [, number] = list.match(/\/mails\/(\d+)/);
	const mail = await (await get(`/mails/${number}`)).text();
	assert.ok(mail.includes('<a href="https://example.org/?a=1&amp;b=2"') && !mail.includes('<img'));
	assert.equal((await get('/mails/999')).status, 404);
});
