// SPDX-License-Identifier: EUPL-1.2
// Jawort behind nginx and behind haproxy, each with the configuration that we ship: pages, sign-in, WebSocket, and the client's
// real address, which the limits of Jawort count by.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { openBrowser } from '../lib/browser.mjs';
import { Installation } from '../lib/installation.mjs';
import * as people from '../lib/people.mjs';
import { makeCertificate } from './certificate.mjs';
import { connect, makeNetwork, phoneBrowser, SERVER, WIFI } from './network.mjs';
import { fillIn, start } from './service.mjs';

const url = `https://${SERVER}`;
const proxies = { nginx: startNginx, haproxy: startHaproxy };

function startNginx(folder, port) {
	const { certificate, key } = makeCertificate(folder, 'pages', SERVER);
	const site = fillIn('proxy/nginx.conf', { '127.0.0.1:8080': `127.0.0.1:${port}`, 'JAWORT.EXAMPLE.ORG': SERVER, '/etc/nginx/jawort.pem': certificate, '/etc/nginx/jawort.key': key }, join(folder, 'site.conf'));
	writeFileSync(join(folder, 'nginx.conf'), `user root; pid ${folder}/nginx.pid; daemon off; error_log ${folder}/nginx.log; events {} http { access_log off; include ${site}; }`);
	return start('nginx', ['-c', join(folder, 'nginx.conf')], { port: 443, host: SERVER });
}

function startHaproxy(folder, port) {
	const { certificate, key } = makeCertificate(folder, 'pages', SERVER);
	writeFileSync(join(folder, 'haproxy.pem'), readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'));
	const file = fillIn('proxy/haproxy.cfg', { '127.0.0.1:8080': `127.0.0.1:${port}`, '/etc/haproxy/jawort.pem': join(folder, 'haproxy.pem') }, join(folder, 'haproxy.cfg'));
	return start('haproxy', ['-db', '-f', file], { port: 443, host: SERVER });
}

const run = promisify(execFile);

// The statuses of `count` wrong sign-ins at a time, from the phone or from the server's own address.
async function signInWrongly(count, { isPhone, header = 'x-nothing: 1' }) {
	const where = isPhone ? ['ip', 'netns', 'exec', 'phone'] : ['env'];
	const words = ['curl', '-sk', '-o', '/dev/null', '-w', '%{http_code}', '-H', 'content-type: application/json', '-H', header, '-d', '{"login":"nobody","password":"nothing"}', `${url}/api/v1/sign-in`];
	const [command, ...rest] = [...where, ...words];
	return Promise.all(Array.from({ length: count }, async () => Number((await run(command, rest)).stdout)));
}

before(() => {
	makeNetwork();
	connect(WIFI);
});

for (const [name, startProxy] of Object.entries(proxies))
	describe(`behind ${name}`, () => {
		let installation, proxy, browser;
		before(async () => {
			installation = await Installation.start({ address: SERVER, listen: '127.0.0.1', url, options: ['--trusted-proxy=127.0.0.1'] });
			proxy = await startProxy(installation.folder, installation.port);
			browser = await openBrowser({ executable: phoneBrowser(installation.folder), switches: ['--ignore-certificate-errors'] });
		});
		after(async () => {
			await browser?.browser.close();
			await proxy?.stop();
			await installation?.stop();
		});

		test('a registrar signs in and starts work: pages, cookies and WebSocket pass', async () => {
			await people.openDesk(browser.page, installation, { login: 'renate.richter', password: installation.passwords['renate.richter'] });
			await browser.page.getByRole('checkbox', { name: /abgeschlossenen Raum/ }).check();
			await browser.page.getByRole('button', { name: /^Dienst beginnen/ }).click();
			await browser.page.getByRole('button', { name: /^Bereit/ }).waitFor();
			const cookies = await browser.context.cookies();
			assert.ok(cookies.some(({ name: cookie, secure }) => cookie === '__Host-jawort' && secure), JSON.stringify(cookies));
		});

		test('the headers of Jawort arrive, once', async () => {
			const headers = await (await browser.page.goto(url)).headersArray();
			for (const header of ['content-security-policy', 'strict-transport-security', 'x-content-type-options', 'referrer-policy'])
				assert.equal(headers.filter(({ name: one }) => one.toLowerCase() === header).length, 1, header);
		});

		test('plain HTTP leads to HTTPS', () => {
			const { stdout } = spawnSync('curl', ['-s', '-o', '/dev/null', '-w', '%{redirect_url}', `http://${SERVER}/visit`], { encoding: 'utf8' });
			assert.equal(stdout, `${url}/visit`);
		});

		test('one address that guesses passwords is stopped, whatever it says it is; others are not', async () => {
			const statuses = await signInWrongly(20, { isPhone: true, header: 'x-forwarded-for: 203.0.113.9' });
			assert.ok(statuses.includes(429), statuses.join(' '));
			assert.ok(!(await signInWrongly(3, { isPhone: false })).includes(429));
		});
	});
