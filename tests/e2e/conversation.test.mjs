// SPDX-License-Identifier: EUPL-1.2
// What people do in a meeting, and what the others notice of it: messages, microphone, camera, another device, withdrawal.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { receives } from './lib/browser.mjs';
import { Installation } from './lib/installation.mjs';
import { arrive, book } from './lib/meeting.mjs';
import * as people from './lib/people.mjs';
import { until } from './lib/until.mjs';

const { erika, juergen, button, tile } = people;
let installation, browsers, first, second, desk;

before(async () => {
	installation = await Installation.start();
	browsers = await people.openBrowsers({ cameras: 3 }, {});
	[first, desk] = browsers.pages;
	await book(installation, [erika, juergen]);
	await people.enterRoom(first, installation, erika);
	second = await arrive(installation, juergen);
	await people.openDesk(desk, installation, { login: 'renate.richter', password: installation.passwords['renate.richter'] });
	await people.takeSession(desk);
	await everybodyReceives();
});
after(async () => {
	await second?.close();
	await browsers?.close();
	await installation?.stop();
	setTimeout(() => process.exit(), 1000).unref(); // libwebrtc's threads keep Node alive
});

async function everybodyReceives() {
	for (const [name, page] of Object.entries({ first, desk })) await until(`${name} sees and hears the two others`, () => receives(page, 2), 15_000);
	await until('the second sees and hears the two others', async () => (await second.received()) === 2);
}
// What the second partner gets of the first from now on.
async function fromFirst() {
	const { peer } = second.view.people.find(({ role }) => role === 'partner_1');
	return (await second.peer.received())[second.slots.indexOf(peer)];
}

test('messages reach everybody in the room', async () => {
	await people.consent(first);
	await desk.getByRole('tab', { name: /^Nachrichten/ }).click();
	await people.write(desk, 'Hören Sie mich gut?');
	await first.getByText('1 neue Nachricht').waitFor();
	await button(first, 'Chat').click();
	await first.getByRole('log').getByText('Hören Sie mich gut?').waitFor();
	await people.write(first, 'Ja, prima.');
	await desk.getByRole('log').getByText('Ja, prima.').waitFor();
	await until('the second reads both', () => second.view.session.chat.length === 2);
	assert.deepEqual(second.view.session.chat.map(({ name, text }) => [name, text]), [['Renate Richter', 'Hören Sie mich gut?'], ['Erika Mustermann', 'Ja, prima.']]);
});

test('a microphone that is off is shown, and nothing is heard', async () => {
	await button(first, 'Mikrofon ausschalten').click();
	await tile(desk, 'partner_1').getByText('Mikrofon ist aus').waitFor();
	await until('the second hears nothing of the first, but sees them', async () => {
		await second.peer.forget();
		return until('a second of pictures', async () => (await fromFirst()).frames >= 10).then(async () => (await fromFirst()).loudest < 100);
	});
	await button(first, 'Mikrofon einschalten').click();
	await tile(desk, 'partner_1').getByText('Mikrofon ist aus').waitFor({ state: 'detached' });
	await everybodyReceives();
});

test('a camera that is off is shown, at both sides', async () => {
	await button(first, 'Kamera ausschalten').click();
	await tile(desk, 'partner_1').getByText('Kamera ist aus').waitFor();
	assert.equal(await tile(desk, 'partner_1').locator('video').isVisible(), false);
	await until('the second is told', () => second.view.people.find(({ role }) => role === 'partner_1').video === false);
	await button(first, 'Kamera einschalten').click();
	await tile(desk, 'partner_1').locator('video').waitFor();
	await button(desk, /^Kamera ausschalten/).click();
	await tile(first, 'officer').getByText('Kamera ist aus').waitFor();
	await button(desk, /^Kamera einschalten/).click();
	await tile(first, 'officer').locator('video').waitFor();
	await everybodyReceives();
});

test('another camera and microphone go on in the same call', async () => {
	await people.more(first, 'Geräte wählen');
	for (const device of ['camera', 'microphone']) {
		const choice = first.locator(`#${device}`);
		const others = await choice.locator('option:not(:checked)').evaluateAll((options) => options.map(({ value }) => value));
		await choice.selectOption(others.at(-1));
		await until(`the ${device} is chosen`, async () => (await choice.inputValue()) === others.at(-1));
	}
	await second.peer.forget();
	await everybodyReceives();
});

test('withdrawn consent ends and destroys the recording for everybody', async () => {
	const files = () => readdirSync(join(installation.folder, 'recordings'), { recursive: true }).filter((file) => file.endsWith('.age'));
	await second.consent();
	for (const page of [first, desk]) await people.recordingIs(page, 'on');
	await until('something is recorded', () => files().length > 1);
	await people.more(first, 'Einwilligung zurücknehmen');
	await button(first, 'Ja, Aufnahme beenden und löschen').click();
	for (const page of [first, desk]) await people.recordingIs(page, 'destroyed');
	await desk.locator('[data-testid=consent-state][data-consent=withdrawn]').waitFor();
	assert.equal(second.view.session.recording.state, 'destroyed');
	assert.deepEqual(files(), []);
	await everybodyReceives();
});
