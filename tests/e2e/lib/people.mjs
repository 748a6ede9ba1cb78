// SPDX-License-Identifier: EUPL-1.2
// What people do on the real pages, named as they would say it.
import assert from 'node:assert/strict';
import { openBrowser } from './browser.mjs';
import { findings } from './looks.mjs';
import { until } from './until.mjs';

export const erika = { given: 'Erika', family: 'Mustermann', birth: '1983-08-12', mail: 'erika@example.org', number: 'LZ6311T47', issued: '2021-11-01', zone: 'MUSTERMANN<<ERIKA<' };
export const juergen = { given: 'Jürgen', family: 'Groß', birth: '1981-02-27', mail: 'juergen@example.org', number: 'L01X00T47', issued: '2023-05-02', zone: 'GROSS<<JUERGEN<' };

const byId = (page, id) => page.locator(`[data-testid=${id}]`);
export const button = (page, name) => page.getByRole('button', { name, exact: true });

export async function typeBirthDate(page, birth) {
	const [year, month, day] = birth.split('-');
	await page.getByLabel('Tag', { exact: true }).fill(day);
	await page.getByLabel('Monat', { exact: true }).fill(month);
	await page.getByLabel('Jahr', { exact: true }).fill(year);
}

async function typePartner(page, partner) {
	await page.locator('#given_names').fill(partner.given);
	await page.locator('#family_name').fill(partner.family);
	await typeBirthDate(page, partner.birth);
	await page.locator('#email').fill(partner.mail);
	await page.getByRole('radio', { name: 'Personalausweis' }).check();
	await button(page, 'Weiter').click();
}

// Each page on the way is looked at by axe, when there is a list `found` for what it says.
export async function look(page, found) {
	await page.getByRole('heading', { level: 1 }).first().waitFor();
	if (found) found.push(...(await findings(page)));
}

// From the office's page to the mail "please confirm". Returns the chosen start.
export async function book(page, installation, { officeName, together, found }) {
	await page.goto(installation.url);
	await look(page, found);
	await page.getByRole('link', { name: officeName }).click();
	await page.getByRole('heading', { level: 1 }).waitFor();
	await look(page, found);
	await page.getByRole('link', { name: 'Termin für eine Videositzung wählen' }).first().click();
	await button(page, 'Weiter zu den freien Zeiten').click();
	const time = byId(page, 'time').first();
	await time.waitFor();
	await look(page, found);
	const startMs = Number(await time.getAttribute('data-start-ms'));
	await time.click();
	await byId(page, 'hold-bar').waitFor();
	await page.getByRole('radio', { name: together ? 'Gemeinsam an einem Gerät' : 'Jeder an einem eigenen Gerät' }).check();
	await button(page, 'Weiter').click();
	await look(page, found);
	await typePartner(page, erika);
	await typePartner(page, juergen);
	await look(page, found);
	await page.getByRole('checkbox').check();
	await page.getByRole('button', { name: /^Termin um .* buchen$/ }).click();
	await byId(page, 'booked').waitFor();
	await look(page, found);
	return startMs;
}

export async function confirmByMail(page, installation, found) {
	const { match } = await installation.mail(erika.mail, /\/confirm#([\w-]{22,64})/);
	await page.goto(`${installation.url}/confirm#${match}`);
	await button(page, 'Termin bestätigen').click();
	await byId(page, 'confirmed').waitFor();
	await look(page, found);
}

export async function openLink(page, installation, partner) {
	const { match } = await installation.mail(partner.mail, /\/visit#([\w-]{22,64})/);
	await page.goto(`${installation.url}/visit#${match}`);
	await typeBirthDate(page, partner.birth);
	await button(page, 'Öffnen').click();
}

// Open the own link, check the device, and go to the waiting room.
export async function enterRoom(page, installation, partner, found) {
	await openLink(page, installation, partner);
	await checkDevices(page, ['camera', 'microphone', 'connection'], found);
}

export async function checkDevices(page, devices, found) {
	await page.getByRole('link', { name: 'Gerät prüfen' }).click();
	await button(page, 'Kamera und Mikrofon einschalten').click();
	await page.locator(`[data-testid=device-check]${devices.map((device) => `[data-${device}=ok]`).join('')}`).waitFor();
	await look(page, found);
	await page.getByRole('link', { name: 'Zum Warteraum' }).click();
	await page.locator('[data-testid=room][data-phase=waiting]').waitFor();
	await byId(page, 'place').waitFor();
	await look(page, found);
}

export async function openDesk(page, installation, { login, password }, found) {
	await page.goto(`${installation.url}/desk`);
	await look(page, found);
	await page.getByLabel('Anmeldename').fill(login);
	await page.getByLabel('Passwort').fill(password);
	await button(page, 'Anmelden').click();
	await byId(page, 'desk').waitFor();
	await look(page, found);
}

export async function beginIdentification(page, person) {
	await page.getByRole('button', { name: new RegExp(`beginnen: ${person.given}`) }).click();
	await byId(page, 'step').waitFor();
}

// The officer's part of the script: what is due, until nothing is. `people` say their answers; `typeTan` acts for the person.
export async function identify(page, person, typeTan) {
	await beginIdentification(page, person);
	for (;;) {
		const step = byId(page, 'step');
		await page.locator('[data-testid=step], [data-testid=verdict]').waitFor();
		if (await byId(page, 'verdict').isVisible()) break;
		const [key, kind] = await Promise.all([step.getAttribute('data-step'), step.getAttribute('data-kind')]);
		await actOn(page, key, kind, person, typeTan);
		await page.locator(`[data-testid=verdict], [data-testid=step]:not([data-step="${key}"])`).waitFor();
	}
	await page.locator('.comparison__mrz', { hasText: person.zone }).waitFor();
	await byId(page, 'verdict').getByRole('button').first().click();
	await page.getByText(`${person.given} ${person.family}: Identität festgestellt`).waitFor();
}

// As an officer does: when no new still appears, once more.
async function takeStill(page, step) {
	const picture = page.locator('[data-testid=still] img').first();
	const shown = async () => ((await picture.count()) > 0 ? picture.getAttribute('src') : null);
	const before = await shown();
	for (let tries = 1; ; tries++) {
		await page.getByRole('button', { name: /^Aufnehmen/ }).click();
		try {
			return await until(`the new still of ${step} is shown`, async () => (await shown()) !== before);
		} catch (error) {
			if (tries === 3) throw new Error(`${error.message}; the desk says: ${(await page.getByRole('alert').allTextContents()).join(' ')}`);
		}
	}
}

async function actOn(page, key, kind, person, typeTan) {
	if (kind === 'tan') {
		await page.getByRole('button', { name: 'TAN senden' }).click();
		return typeTan();
	}
	const takesStill = kind === 'capture' || /^(feature|finger)/.test(key);
	if (takesStill) {
		await takeStill(page, key);
	}
	if (key === 'number') await page.locator('#answer').fill(person.number);
	if (key === 'validity') await page.locator('#answer').fill(person.issued);
	await page.getByRole('button', { name: /^In Ordnung/ }).click();
}

export const ready = (page) => page.getByRole('button', { name: /^Bereit/ }).click();

export async function startShift(page) {
	await page.getByRole('checkbox', { name: /abgeschlossenen Raum/ }).check();
	await page.getByRole('button', { name: /^Dienst beginnen/ }).click();
	await ready(page);
	await page.locator('[data-testid=desk][data-state=assigned]').waitFor();
}

export async function join(page) {
	await page.getByRole('button', { name: /^Beitreten/ }).click();
	await page.locator('[data-testid=desk][data-state=in_session]').waitFor();
}

export async function takeSession(page) {
	await startShift(page);
	await join(page);
}

export async function typeTan(page, installation, person) {
	const { match } = await installation.mail(person.mail, /\b(\d{6})\b/);
	await page.getByLabel('TAN').fill(match);
	await page.keyboard.press('Enter');
}

export async function endSession(page) {
	await page.getByRole('button', { name: /^Sitzung beenden/ }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('radio', { name: 'Alles erledigt' }).check();
	await dialog.getByRole('button', { name: 'Sitzung beenden' }).click();
	await byId(page, 'wrap-up').waitFor();
}

export async function downloadReport(page, installation, given) {
	const download = page.waitForEvent('download');
	await page.getByRole('link', { name: `Prüfbare Fassung für ${given}` }).click();
	const file = `${installation.folder}/report-${given}.json`;
	await (await download).saveAs(file);
	return file;
}

export const consent = (page) => button(page, 'Ja, ich willige ein').click();
// Whose pictures the page shows.
export const tiles = (page) => byId(page, 'tile').evaluateAll((all) => all.map(({ dataset }) => dataset.person).sort());
export const tile = (page, person) => page.locator(`[data-testid=tile][data-person=${person}]`);

// What stands in the menu of the meeting.
export async function more(page, name) {
	await button(page, 'Mehr').click();
	await button(page, name).click();
}

export async function write(page, text) {
	await page.getByLabel('Nachricht schreiben').fill(text);
	await button(page, 'Senden').click();
}

export const recordingIs = (page, state) => page.locator(`[data-testid=recording][data-state=${state}]`).waitFor();
export const roomIs = (page, phase) => page.locator(`[data-testid=room][data-phase=${phase}]`).waitFor();

// People with an own browser each; `close` ends them all.
export async function openBrowsers(...people) {
	const opened = await Promise.all(people.map(openBrowser));
	return { pages: opened.map(({ page }) => page), contexts: opened.map(({ context }) => context), close: () => Promise.all(opened.map(({ browser }) => browser.close())) };
}

export function assertClean(found) {
	assert.deepEqual(found, [], 'axe-core finds nothing');
}
