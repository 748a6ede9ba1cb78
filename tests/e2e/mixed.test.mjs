// SPDX-License-Identifier: EUPL-1.2
// Three WebRTC implementations in one room of the whole service: libwebrtc in Node and GStreamer's webrtcbin as partners, Chromium at the desk.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { receives } from './lib/browser.mjs';
import { Installation } from './lib/installation.mjs';
import { arrive, book } from './lib/meeting.mjs';
import { Libwebrtc } from './lib/peers/libwebrtc.mjs';
import { Webrtcbin } from './lib/peers/webrtcbin.mjs';
import * as people from './lib/people.mjs';
import { until } from './lib/until.mjs';

const { erika, juergen } = people;
let installation, browsers, desk;
const partners = [];

before(async () => {
	installation = await Installation.start();
	browsers = await people.openBrowsers({});
	[desk] = browsers.pages;
	await book(installation, [erika, juergen]);
	partners.push(await arrive(installation, erika, Libwebrtc), await arrive(installation, juergen, Webrtcbin));
});
after(async () => {
	for (const partner of partners) await partner.close();
	await browsers?.close();
	await installation?.stop();
	setTimeout(() => process.exit(), 1000).unref(); // libwebrtc's threads keep Node alive
});

test('all three see and hear each other', async () => {
	await people.openDesk(desk, installation, { login: 'renate.richter', password: installation.passwords['renate.richter'] });
	await people.takeSession(desk);
	await until('Chromium sees and hears both', () => receives(desk, 2), 15_000);
	for (const partner of partners) await until(`${partner.Peer.name} sees and hears both`, async () => (await partner.received()) === 2, 15_000);
});

test('all three are recorded', async () => {
	for (const partner of partners) await partner.consent();
	await people.recordingIs(desk, 'on');
	const parts = () => readdirSync(join(installation.folder, 'recordings'), { recursive: true }).map((file) => file.match(/001-(\w+)\.webm\.age$/)?.[1]);
	await until('there is a file of each', () => ['partner_1', 'partner_2', 'officer'].every((name) => parts().includes(name)));
	assert.equal(partners[0].view.session.recording.state, 'on');
});
