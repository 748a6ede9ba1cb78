// SPDX-License-Identifier: EUPL-1.2
// A person in Firefox, the registrar in Chromium. It stands here because Firefox offers no loopback address. (Its microphone is not
// measured where there is no sound card.)
import { after, before, test } from 'node:test';
import { receives } from '../lib/browser.mjs';
import { Installation } from '../lib/installation.mjs';
import { book } from '../lib/meeting.mjs';
import * as people from '../lib/people.mjs';
import { until } from '../lib/until.mjs';
import { makeNetwork, SERVER } from './network.mjs';

let installation, browsers, person, desk;

before(async () => {
	makeNetwork();
	installation = await Installation.start({ address: SERVER });
	browsers = await people.openBrowsers({ name: 'firefox', secure: SERVER }, { switches: [`--unsafely-treat-insecure-origin-as-secure=${installation.url}`] });
	[person, desk] = browsers.pages;
	await book(installation, [people.erika], { service: 'advice' });
});
after(async () => {
	await browsers?.close();
	await installation?.stop();
});

test('the device check finds camera and connection', async () => {
	await people.openLink(person, installation, people.erika);
	await people.checkDevices(person, ['camera', 'connection']);
});

test('both see and hear each other', async () => {
	await people.openDesk(desk, installation, { login: 'renate.richter', password: installation.passwords['renate.richter'] });
	await people.takeSession(desk);
	for (const [name, page] of Object.entries({ person, desk })) await until(`${name} sees and hears the other`, () => receives(page, 1), 20_000);
});

test('a reloaded page is back in the same meeting', async () => {
	await person.reload();
	await people.button(person, 'Warteraum betreten').click(); // Firefox does not tell that it was allowed
	await people.roomIs(person, 'meeting');
	for (const [name, page] of Object.entries({ person, desk })) await until(`${name} sees and hears the other again`, () => receives(page, 1), 20_000);
});

test('messages go both ways, and the end is told', async () => {
	await people.button(person, 'Chat').click();
	await people.write(person, 'Grüße aus dem Firefox');
	await desk.getByRole('tab', { name: /neue Nachricht|Nachrichten/ }).click();
	await desk.getByRole('log').getByText('Grüße aus dem Firefox').waitFor();
	await people.endSession(desk);
	await people.roomIs(person, 'done');
});
