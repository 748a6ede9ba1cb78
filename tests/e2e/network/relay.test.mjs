// SPDX-License-Identifier: EUPL-1.2
// A partner whose network lets nothing out but the way to a relay: the shipped configuration of coturn, and what it refuses.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openBrowser, received } from '../lib/browser.mjs';
import { Installation } from '../lib/installation.mjs';
import { arrive, book, openSession } from '../lib/meeting.mjs';
import * as people from '../lib/people.mjs';
import { until } from '../lib/until.mjs';
import { makeCertificate } from './certificate.mjs';
import { connect, makeNetwork, phoneBrowser, RELAY, SERVER, WIFI } from './network.mjs';
import { fillIn, start } from './service.mjs';

const SECRET = 'only-for-this-test';
const URLS = { udp: `turn:${RELAY}:3478?transport=udp`, tcp: `turn:${RELAY}:3478?transport=tcp`, tls: `turns:${RELAY}:5349?transport=tcp` };

let installation, coturn;

function startCoturn(folder) {
	const { certificate, key } = makeCertificate(folder, 'relay', RELAY);
	const file = fillIn(
		'turn/turnserver.conf',
		{
			'=SECRET': `=${SECRET}`,
			'RELAY.EXAMPLE.ORG': 'relay',
			'=MEDIA-ADDRESS': `=${SERVER}`,
			'=RELAY-ADDRESS': `=${RELAY}`,
			'/etc/turnserver/fullchain.pem': certificate,
			'/etc/turnserver/privkey.pem': key,
			'\nsyslog\n': `\nlog-file=${folder}/coturn.log\npidfile=${folder}/coturn.pid\nuserdb=${folder}/turndb\n`,
		},
		join(folder, 'turnserver.conf'),
	);
	return start('turnserver', ['-c', file], { port: 5349, host: RELAY });
}

before(async () => {
	makeNetwork();
	connect(WIFI);
	const secret = join(mkdtempSync(join(tmpdir(), 'jawort-relay-')), 'secret');
	writeFileSync(secret, SECRET);
	installation = await Installation.start({ address: SERVER, options: [...Object.values(URLS).map((url) => `--turn-url=${url}`), `--turn-secret-file=${secret}`] });
	rmSync(dirname(secret), { recursive: true });
	coturn = await startCoturn(installation.folder);
});
after(async () => {
	await coturn?.stop();
	await installation?.stop();
	setTimeout(() => process.exit(), 1000).unref(); // libwebrtc's threads keep Node alive
});

// In the page: connections use only relays, and of these only `url`.
function onlyRelay(url) {
	const narrow = (settings) => ({ ...settings, iceTransportPolicy: 'relay', iceServers: settings.iceServers.filter(({ urls }) => urls === url) });
	window.RTCPeerConnection = class extends window.RTCPeerConnection {
		constructor(settings) {
			super(narrow(settings));
		}
		setConfiguration(settings) {
			super.setConfiguration(narrow(settings));
		}
	};
}

const selectedPair = (page) =>
	page.evaluate(async () => {
		const stats = await window.connections.at(-1).getStats();
		const transport = [...stats.values()].find(({ type }) => type === 'transport');
		const { candidateType, relayProtocol } = stats.get(stats.get(transport.selectedCandidatePairId).localCandidateId);
		return `${candidateType}/${relayProtocol}`;
	});

for (const transport of ['udp', 'tcp', 'tls'])
	test(`a partner who reaches only the relay by ${transport} is seen and heard, and sees and hears`, async () => {
		const browser = await openBrowser({
			executable: phoneBrowser(installation.folder),
			switches: [`--unsafely-treat-insecure-origin-as-secure=${installation.url}`, '--ignore-certificate-errors'],
		});
		const { page } = browser;
		const couple = [people.erika, people.juergen].map((person) => ({ ...person, mail: `${transport}-${person.mail}` }));
		let partner, officer;
		try {
			await browser.context.addInitScript(onlyRelay, URLS[transport]);
			await book(installation, couple);
			await people.enterRoom(page, installation, couple[0]);
			partner = await arrive(installation, couple[1]);
			officer = await openSession(installation);
			await until('the officer sees and hears both', async () => (await officer.received()) >= 2, 20_000);
			await until('the page sees and hears both', async () => {
				const tracks = await received(page);
				return tracks.filter(({ frames }) => frames > 5).length >= 2 && tracks.filter(({ energy }) => energy > 0).length >= 2;
			}, 20_000);
			assert.equal(await selectedPair(page), `relay/${transport}`);
			await officer.call('session.end', { session: officer.view.session.id, reason: 'technical' });
		} finally {
			partner?.close();
			officer?.close();
			await browser.browser.close();
		}
	});

describe('the relay refuses', () => {
	const password = (username, secret) => createHmac('sha1', secret).update(username).digest('base64');
	// What coturn's own client says when it sends to `peer` through the relay; when it may, it goes on until it is stopped.
	function ask({ validS = 3600, secret = SECRET, peer = SERVER }) {
		const username = `${Math.floor(Date.now() / 1000) + validS}:peer_${randomUUID()}`;
		const { stdout, stderr } = spawnSync('turnutils_uclient', ['-u', username, '-w', password(username, secret), '-e', peer, '-n', '1', '-c', RELAY], { encoding: 'utf8', timeout: 4_000 });
		return stdout + stderr;
	}

	test('a password that has ended', () => {
		assert.match(ask({}), /start_mclient/);
		assert.match(ask({ validS: -1 }), /Cannot complete Allocation/);
	});

	test('a password made with another secret', () => {
		assert.match(ask({ secret: 'another' }), /Cannot complete Allocation/);
	});

	test('to carry anything to others than the media server', () => {
		for (const peer of [RELAY, '10.80.0.254', '127.0.0.1', '192.0.2.1']) assert.match(ask({ peer }), /403 \(Forbidden IP\)/, peer);
	});
});
