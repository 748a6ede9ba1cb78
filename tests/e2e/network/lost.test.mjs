// SPDX-License-Identifier: EUPL-1.2
// A person's network is lost in the middle of the identification, WebSocket and media alike, and comes back: in time, and too late.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { receives, viewOf } from '../lib/browser.mjs';
import { makeDevices } from '../lib/camera.mjs';
import { Installation } from '../lib/installation.mjs';
import { book } from '../lib/meeting.mjs';
import * as people from '../lib/people.mjs';
import { until } from '../lib/until.mjs';
import { connect, disconnect, makeNetwork, phoneBrowser, SERVER, WIFI } from './network.mjs';

const { erika } = people;
let installation, browsers, person, desk, session;

before(async () => {
	makeNetwork();
	connect(WIFI);
	installation = await Installation.start({ address: SERVER });
	const switches = [`--unsafely-treat-insecure-origin-as-secure=${installation.url}`];
	browsers = await people.openBrowsers({ ...makeDevices(installation.folder, erika), executable: phoneBrowser(installation.folder), switches }, { switches });
	[person, desk] = browsers.pages;
	await book(installation, [erika]);
	await people.enterRoom(person, installation, erika);
	await people.openDesk(desk, installation, { login: 'renate.richter', password: installation.passwords['renate.richter'] });
	await people.takeSession(desk);
	await bothReceive();
	await people.consent(person);
	await people.recordingIs(desk, 'on');
	await people.beginIdentification(desk, erika);
	session = viewOf(desk).session;
});
after(async () => {
	await browsers?.close();
	await installation?.stop();
});

async function bothReceive() {
	for (const [name, page] of Object.entries({ person, desk })) await until(`${name} sees and hears the other`, () => receives(page, 1), 20_000);
}
const step = () => desk.locator('[data-testid=step]').getAttribute('data-step');
const banner = (text) => person.locator('[data-testid=connection]', { hasText: text }).waitFor();
const mediaIsLost = () => person.evaluate(() => window.connections.every(({ connectionState }) => connectionState !== 'connected'));

test('lost for some seconds: the person is told, all goes on where it was', async () => {
	const before = await step();
	disconnect(WIFI);
	await banner('Die Verbindung ist unterbrochen');
	await until('media is lost, too', mediaIsLost);
	connect(WIFI);
	await banner('Die Verbindung steht wieder');
	await bothReceive();
	assert.equal(viewOf(desk).session.id, session.id);
	assert.equal(viewOf(person).session.id, session.id);
	assert.equal(viewOf(desk).session.attempts.at(-1).state, 'running', 'the identification goes on');
	assert.equal(await step(), before);
	await people.recordingIs(person, 'on');
});

test('lost for longer than V-20 allows: the identification begins anew, in the same session', async () => {
	disconnect(WIFI);
	await desk.getByText('Die Prüfung wurde unterbrochen').waitFor();
	assert.deepEqual(viewOf(desk).session.attempts.map(({ state }) => state), ['interrupted']);
	connect(WIFI);
	await bothReceive();
	assert.equal(viewOf(person).session.id, session.id);
	await people.beginIdentification(desk, erika);
	assert.deepEqual(viewOf(desk).session.attempts.map(({ number, state }) => [number, state]), [[1, 'interrupted'], [2, 'running']]);
	await people.recordingIs(desk, 'on');
});
