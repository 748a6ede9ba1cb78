// SPDX-License-Identifier: EUPL-1.2
// The office's own staff is busy: the contractor's examiner takes the next session, and sees identity data only.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { receives, viewOf } from './lib/browser.mjs';
import { makeDevices } from './lib/camera.mjs';
import { Installation } from './lib/installation.mjs';
import { book, meet, withFreshMail } from './lib/meeting.mjs';
import * as people from './lib/people.mjs';
import { until } from './lib/until.mjs';

let installation, browsers, others, couple, page, desk;
const seen = []; // whatever the server sent to the examiner's browser

before(async () => {
	installation = await Installation.start();
	others = await meet(installation); // with the only registrar on duty
	couple = withFreshMail([people.erika, people.juergen]);
	browsers = await people.openBrowsers(makeDevices(installation.folder, people.erika), {});
	[page, desk] = browsers.pages;
	desk.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => seen.push(payload)));
	desk.on('response', (response) => response.text().then((text) => seen.push(text), () => undefined));
	await book(installation, couple, { together: true });
	await people.enterRoom(page, installation, couple[0]);
});
after(async () => {
	await others?.close();
	await browsers?.close();
	await installation?.stop();
	setTimeout(() => process.exit(), 1000).unref(); // libwebrtc's threads keep Node alive
});

test('the examiner is told for whom she speaks', async () => {
	await people.openDesk(desk, installation, { login: 'irina.ident', password: installation.passwords['irina.ident'] });
	await people.startShift(desk);
	await desk.getByText('Übernommen für Standesamt Musterstadt Mitte, Stadt Musterstadt').waitFor();
	await desk.getByText('Sie sprechen im Namen von Standesamt Musterstadt Mitte, Rathausplatz 1').waitFor();
	await people.join(desk);
	for (const [name, one] of Object.entries({ page, desk })) await until(`${name} sees and hears the other side`, () => receives(one, 1), 15_000);
	await page.getByText('Irina Łukaszewicz, Ident-Dienst Beispiel GmbH').waitFor();
});

test('she identifies by the same script', { timeout: 120_000 }, async () => {
	for (let i = 0; i < 2; i++) await people.consent(page);
	await people.recordingIs(desk, 'on');
	await people.identify(desk, couple[0], () => people.typeTan(page, installation, couple[0]));
});

test('she sees identity data, and nothing of the rest', async () => {
	const { intake, is_overflow: isOverflow, agreement } = viewOf(desk).session;
	assert.equal(isOverflow, true);
	assert.equal(agreement, undefined);
	assert.deepEqual(intake.map((one) => [one.given_names, one.family_name, one.birth_date, one.email]), couple.map(({ given, family, birth }) => [given, family, birth, null]));
	assert.deepEqual(viewOf(desk).today, [], 'no names of the day');
	const all = seen.join('\n');
	for (const { mail } of couple) assert.ok(!all.includes(mail), 'no address of a person was sent to her');
	assert.ok(!all.includes(others.officer.view.session.id), 'nothing of the other session was sent to her');
});

test('other pages and the other session stay closed to her', async () => {
	const status = (path) => desk.evaluate((address) => fetch(address).then((response) => response.status), path);
	const day = new Date().toISOString().slice(0, 10);
	for (const path of [`/api/v1/office/day?date=${day}`, '/api/v1/staff', '/api/v1/agreements', '/api/v1/recordings']) assert.equal(await status(path), 404, path);
	await desk.goto(`${installation.url}/office-admin`);
	await desk.getByText('Diese Seite gehört nicht zu Ihren Aufgaben').waitFor();
	await desk.goto(`${installation.url}/desk`);
	await desk.locator('[data-testid=desk][data-state=in_session]').waitFor();
});

test('when it is over she has no more access to the report', async () => {
	const { report } = viewOf(desk).session.attempts[0];
	const status = () => desk.evaluate((id) => fetch(`/api/v1/reports/${id}/json`).then((response) => response.status), report);
	assert.equal(await status(), 200);
	await people.endSession(desk);
	await people.roomIs(page, 'done');
	await people.ready(desk);
	assert.equal(await status(), 404);
});
