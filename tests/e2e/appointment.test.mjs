// SPDX-License-Identifier: EUPL-1.2
// One appointment on the real pages: a couple at two devices and a registrar, each in an own Chromium.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { receives } from './lib/browser.mjs';
import { makeDevices } from './lib/camera.mjs';
import { Installation } from './lib/installation.mjs';
import * as people from './lib/people.mjs';
import { until } from './lib/until.mjs';

let installation, browsers, first, second, desk;
const found = []; // by axe

before(async () => {
	installation = await Installation.start();
	browsers = await people.openBrowsers(makeDevices(installation.folder, people.erika), makeDevices(installation.folder, people.juergen), {});
	[first, second, desk] = browsers.pages;
});
after(async () => {
	await browsers?.close();
	await installation?.stop();
});

test('a couple books a time and confirms it by the link in the mail', async () => {
	await people.book(first, installation, { officeName: /Mitte/, together: false, found });
	await people.confirmByMail(first, installation, found);
});

test('both check their devices and wait; a reload keeps the place', async () => {
	await people.enterRoom(first, installation, people.erika, found);
	await people.enterRoom(second, installation, people.juergen, found);
	const place = await first.locator('[data-testid=place]').textContent();
	await first.reload();
	await people.roomIs(first, 'waiting');
	assert.equal(await first.locator('[data-testid=place]').textContent(), place);
});

test('the registrar takes them; all three see and hear each other', async () => {
	await people.openDesk(desk, installation, { login: 'renate.richter', password: installation.passwords['renate.richter'] }, found);
	await people.takeSession(desk);
	for (const [name, page] of Object.entries({ first, second, desk }))
		await until(`${name} sees and hears the two others`, () => receives(page, 2), 15_000);
});

test('nothing is recorded before both consent, then it is', async () => {
	await people.recordingIs(desk, 'off');
	await people.consent(first);
	await people.recordingIs(desk, 'off');
	await people.consent(second);
	for (const page of [first, second, desk]) await people.recordingIs(page, 'on');
});

test('both are identified step by step', { timeout: 180_000 }, async () => {
	for (const [page, person] of [[first, people.erika], [second, people.juergen]])
		await people.identify(desk, person, () => people.typeTan(page, installation, person));
	await people.look(desk, found);
});

test('the session ends, and the report can be verified by anybody', async () => {
	await people.endSession(desk);
	await people.roomIs(first, 'done');
	await people.look(first, found);
	const file = await people.downloadReport(first, installation, people.erika.given);
	const verified = installation.run('report', 'verify', file);
	assert.equal(verified.status, 0, verified.stdout + verified.stderr);
	const log = installation.run('audit', 'verify', `--database=sqlite:${installation.folder}/jawort.db`);
	assert.equal(log.status, 0, log.stdout + log.stderr);
});

test('axe-core finds nothing on any of these pages', () => people.assertClean(found));
