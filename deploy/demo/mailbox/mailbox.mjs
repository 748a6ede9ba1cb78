// SPDX-License-Identifier: EUPL-1.2
// Catches the mails of a demo installation instead of delivering them: SMTP on one port, a page to read them on another.
//
//   node mailbox.mjs [--host 127.0.0.1] [--smtp 2525] [--http 8025]        port 0: any free one
//
// Prints {"smtp":PORT,"http":PORT} once it listens. Ends on SIGTERM, SIGINT, or when --with-parent is given and its
// standard input closes. Nothing is kept on disk; the oldest mails make room for new ones.
//
//   GET /api/mails?to=ADDRESS&after=N&wait_ms=MS   mails to ADDRESS with a number above N; waits until there is one
//   GET /                                          the list        GET /mails/N   one mail with its links
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { listPage, mailPage, missingPage } from './pages.mjs';

const MAILS_MAX = 500;
const MAIL_MAX_BYTES = 1024 * 1024;
const WAIT_MAX_MS = 60_000;

const { values: options } = parseArgs({
	options: {
		host: { type: 'string', default: '127.0.0.1' },
		smtp: { type: 'string', default: '2525' },
		http: { type: 'string', default: '8025' },
		'with-parent': { type: 'boolean', default: false },
	},
});

const mails = [];
const waiting = new Set();
let lastNumber = 0;

async function keep(raw, envelope) {
	const parsed = await simpleParser(raw);
	const text = parsed.text ?? '';
	mails.push({
		number: ++lastNumber,
		at_ms: Date.now(),
		from: envelope.mailFrom ? envelope.mailFrom.address : '',
		to: envelope.rcptTo.map((recipient) => recipient.address.toLowerCase()),
		subject: parsed.subject ?? '',
		text,
		links: [...new Set(text.match(/https?:\/\/[^\s<>"]*[^\s<>".,;:)]/g) ?? [])],
		attachments: parsed.attachments.map((part) => ({ name: part.filename ?? 'file', type: part.contentType, content: part.content })),
	});
	if (mails.length > MAILS_MAX) mails.shift();
	for (const look of [...waiting]) look();
}

const smtp = new SMTPServer({
	disabledCommands: ['AUTH', 'STARTTLS'],
	size: MAIL_MAX_BYTES,
	onData(stream, session, done) {
		const chunks = [];
		stream.on('data', (chunk) => {
			if (!stream.sizeExceeded) chunks.push(chunk);
		});
		stream.on('end', () => {
			if (stream.sizeExceeded) return done(Object.assign(new Error('mail is too large'), { responseCode: 552 }));
			keep(Buffer.concat(chunks), session.envelope).then(() => done(), done);
		});
	},
});
smtp.on('error', (error) => fail(`SMTP: ${error.message}`));

const asJson = (mail) => ({ ...mail, attachments: mail.attachments.map(({ name, type, content }) => ({ name, type, text: content.toString('utf8') })) });

function answerApi(url, response) {
	const to = url.searchParams.get('to')?.toLowerCase();
	const after = Number(url.searchParams.get('after') ?? 0);
	const waitMs = Math.min(Number(url.searchParams.get('wait_ms') ?? 0), WAIT_MAX_MS);
	const found = () => mails.filter((mail) => mail.number > after && (!to || mail.to.includes(to)));
	const end = () => {
		clearTimeout(timer);
		waiting.delete(look);
		send(response, 200, 'application/json', JSON.stringify({ mails: found().map(asJson) }));
	};
	const look = () => found().length > 0 && end();
	const timer = setTimeout(end, waitMs);
	waiting.add(look);
	response.on('close', () => waiting.delete(look));
	look();
}

function answerPage(url, response) {
	const [, number, part] = url.pathname.match(/^\/mails\/(\d+)(?:\/(\d+))?$/) ?? [];
	const mail = mails.find((one) => one.number === Number(number));
	if (url.pathname === '/') return send(response, 200, 'text/html', listPage(mails));
	if (!mail) return send(response, 404, 'text/html', missingPage());
	if (part === undefined) return send(response, 200, 'text/html', mailPage(mail));
	const attachment = mail.attachments[Number(part)];
	if (!attachment) return send(response, 404, 'text/html', missingPage());
	response.setHeader('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(attachment.name)}`);
	return send(response, 200, attachment.type, attachment.content);
}

function send(response, status, type, body) {
	response.writeHead(status, {
		'content-type': type.includes('charset') || !/^text|json/.test(type) ? type : `${type}; charset=utf-8`,
		'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'no-referrer',
		'cache-control': 'no-store',
	});
	response.end(body);
}

const http = createServer((request, response) => {
	const url = new URL(request.url, 'http://mailbox');
	if (request.method !== 'GET') return send(response, 405, 'text/plain', 'GET only');
	return url.pathname === '/api/mails' ? answerApi(url, response) : answerPage(url, response);
});
http.on('error', (error) => fail(`HTTP: ${error.message}`));

function fail(text) {
	console.error(`mailbox: ${text}`);
	process.exit(1);
}

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
if (options['with-parent']) process.stdin.on('end', () => process.exit(0)).resume();

smtp.listen(Number(options.smtp), options.host, () => {
	http.listen(Number(options.http), options.host, () => {
		console.log(JSON.stringify({ smtp: smtp.server.address().port, http: http.address().port }));
	});
});
