// SPDX-License-Identifier: EUPL-1.2
// Booking by keyboard alone, in a window 320 px wide: each control is reached by Tab, shows that it has the focus, and nothing scrolls sideways.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Installation } from './lib/installation.mjs';
import * as people from './lib/people.mjs';

const { erika, juergen } = people;
const TABS = 120; // more than any page has controls
let installation, browsers, page;

before(async () => {
	installation = await Installation.start();
	browsers = await people.openBrowsers({ viewport: { width: 320, height: 640 } });
	[page] = browsers.pages;
});
after(async () => {
	await browsers?.close();
	await installation?.stop();
});

async function doesNotScrollSideways() {
	const { scrollWidth, clientWidth } = await page.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth }));
	assert.ok(scrollWidth <= clientWidth, `${page.url()} is ${scrollWidth} px wide in ${clientWidth}`);
}

// Tab until the control has the focus, and look whether one sees it.
async function tabTo(control) {
	await control.first().waitFor();
	await doesNotScrollSideways();
	for (let tabs = 0; tabs < TABS; tabs++) {
		if (await control.first().evaluate((one) => one === document.activeElement)) return assertVisibleFocus();
		await page.keyboard.press('Tab');
	}
	assert.fail(`${control} is not reached by Tab`);
}

async function assertVisibleFocus() {
	const focus = await page.evaluate(() => {
		const style = (one) => {
			const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
			return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
		};
		const one = document.activeElement;
		return { isShown: style(one) || style(one.parentElement), name: one.outerHTML.slice(0, 120) };
	});
	assert.ok(focus.isShown, `one does not see that this has the focus: ${focus.name}`);
}

async function press(control, key = 'Enter') {
	await tabTo(control);
	await page.keyboard.press(key);
}
async function type(control, text) {
	await tabTo(control);
	await page.keyboard.type(text);
}
const link = (name) => page.getByRole('link', { name });
const button = (name) => page.getByRole('button', { name });

async function typePartner({ given, family, birth, mail }) {
	const [year, month, day] = birth.split('-');
	await type(page.locator('#given_names'), given);
	await type(page.locator('#family_name'), family);
	for (const [label, digits] of [['Tag', day], ['Monat', month], ['Jahr', year]]) await type(page.getByLabel(label, { exact: true }), digits);
	await type(page.locator('#email'), mail);
	await press(page.getByRole('radio', { name: 'Personalausweis' }), 'Space');
	await press(button('Weiter'));
}

test('a time is chosen and held', async () => {
	await page.goto(installation.url);
	await press(link(/Mitte/));
	await press(link('Termin für eine Videositzung wählen'));
	await press(button('Weiter zu den freien Zeiten'));
	await press(page.locator('[data-testid=time]'));
	await page.locator('[data-testid=hold-bar]').waitFor();
});

test('both partners are entered and the time is booked', async () => {
	await tabTo(page.getByRole('radio', { name: 'Gemeinsam an einem Gerät' }));
	await page.keyboard.press('ArrowDown');
	assert.equal(await page.getByRole('radio', { name: 'Jeder an einem eigenen Gerät' }).isChecked(), true);
	await press(button('Weiter'));
	await typePartner(erika);
	await typePartner(juergen);
	await press(page.getByRole('checkbox'), 'Space');
	await press(button(/^Termin um .* buchen$/));
	await page.locator('[data-testid=booked]').waitFor();
	await doesNotScrollSideways();
});

test('it is confirmed, and the own link opens', async () => {
	const { match } = await installation.mail(erika.mail, /\/confirm#([\w-]{22,64})/);
	await page.goto(`${installation.url}/confirm#${match}`);
	await press(button('Termin bestätigen'));
	await page.locator('[data-testid=confirmed]').waitFor();
	const { match: link } = await installation.mail(juergen.mail, /\/visit#([\w-]{22,64})/);
	await page.goto(`${installation.url}/visit#${link}`);
	const [year, month, day] = juergen.birth.split('-');
	for (const [label, digits] of [['Tag', day], ['Monat', month], ['Jahr', year]]) await type(page.getByLabel(label, { exact: true }), digits);
	await press(button('Öffnen'));
	await tabTo(page.getByRole('link', { name: 'Gerät prüfen' }));
});
