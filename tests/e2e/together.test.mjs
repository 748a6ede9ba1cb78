// SPDX-License-Identifier: EUPL-1.2
// A couple side by side at one device: each is asked, identified one after the other, and each gets a report.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { receives } from './lib/browser.mjs';
import { makeDevices, show } from './lib/camera.mjs';
import { Installation } from './lib/installation.mjs';
import * as people from './lib/people.mjs';
import { until } from './lib/until.mjs';

const { erika, juergen } = people;
let installation, devices, browsers, couple, desk;

before(async () => {
	installation = await Installation.start();
	devices = makeDevices(installation.folder, erika);
	browsers = await people.openBrowsers(devices, {});
	[couple, desk] = browsers.pages;
});
after(async () => {
	await browsers?.close();
	await installation?.stop();
});

test('they book for one device, and both are there when one opens the link', async () => {
	await people.book(couple, installation, { officeName: /Mitte/, together: true });
	await people.confirmByMail(couple, installation);
	await people.enterRoom(couple, installation, erika);
	assert.equal(await couple.getByText('ist da', { exact: true }).count(), 2);
});

test('the registrar sees and hears both in one picture, and they the registrar', async () => {
	await people.openDesk(desk, installation, { login: 'renate.richter', password: installation.passwords['renate.richter'] });
	await people.takeSession(desk);
	for (const [name, page] of Object.entries({ couple, desk })) await until(`${name} sees and hears the other side`, () => receives(page, 1), 15_000);
	assert.deepEqual(await people.tiles(desk), ['partner_1', 'self']);
	assert.deepEqual(await people.tiles(couple), ['officer', 'self']);
});

test('each of them is asked by name; recording waits for both', async () => {
	for (const { given, family } of [erika, juergen]) {
		await people.recordingIs(desk, 'off');
		await couple.getByText(`Diese Frage richtet sich an: ${given} ${family}`).waitFor();
		await people.consent(couple);
	}
	for (const page of [couple, desk]) await people.recordingIs(page, 'on');
});

test('both are identified, one after the other, each by the own card and the own TAN', { timeout: 180_000 }, async () => {
	await people.identify(desk, erika, () => people.typeTan(couple, installation, erika));
	show(devices.camera, installation.folder, juergen);
	await people.identify(desk, juergen, () => people.typeTan(couple, installation, juergen));
});

test('both results and both reports are on their page, and each has the own link', async () => {
	await people.endSession(desk);
	await people.roomIs(couple, 'done');
	for (const { given, family } of [erika, juergen]) await couple.getByText(`${given} ${family}: Identität festgestellt`).waitFor();
	for (const { given } of [erika, juergen]) {
		const verified = installation.run('report', 'verify', await people.downloadReport(couple, installation, given));
		assert.equal(verified.status, 0, verified.stdout + verified.stderr);
		assert.match(verified.stdout, new RegExp(given));
	}
	await people.openLink(couple, installation, juergen);
	await couple.getByRole('link', { name: /Bericht für Jürgen/ }).waitFor();
});
