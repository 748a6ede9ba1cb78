// SPDX-License-Identifier: EUPL-1.2
// How long after "Beitreten" do a couple at two devices and the officer see each other? Real Chromium, real pages, a real server.
//     node tests/bench/join.mjs [--runs=10] [--json=FILE]
// Each run is a new couple. "Seen" is the first picture on the screen that is not black. Prints each run and where its time went.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from '../e2e/lib/browser.mjs';
import { makeDevices } from '../e2e/lib/camera.mjs';
import { Installation } from '../e2e/lib/installation.mjs';
import { book } from '../e2e/lib/meeting.mjs';
import * as people from '../e2e/lib/people.mjs';

// In the page: when what arrived, on the clock of the machine.
function trace() {
	const at = () => performance.timeOrigin + performance.now();
	window.marks = {};
	const mark = (name) => (window.marks[name] ??= at());
	const Original = window.WebSocket;
	window.WebSocket = class extends Original {
		constructor(...settings) {
			super(...settings);
			this.addEventListener('message', ({ data }) => {
				const message = JSON.parse(data);
				if (message.event === 'slots') mark(`slots ${message.slots.filter(Boolean).length}`);
				if (message.view && message.state.session?.state === 'live') mark('view');
			});
		}
	};
	const canvas = document.createElement('canvas');
	canvas.width = canvas.height = 8;
	const pen = canvas.getContext('2d', { willReadFrequently: true });
	const isBlack = (video) => {
		pen.drawImage(video, 0, 0, 8, 8);
		return pen.getImageData(0, 0, 8, 8).data.filter((_, i) => i % 4 < 3).every((value) => value < 24);
	};
	const watched = new WeakSet();
	const watch = (video) => {
		if (watched.has(video)) return;
		watched.add(video);
		const look = () => {
			const who = video.closest('[data-person]')?.dataset.person;
			if (who && who !== 'self') {
				mark(`frame ${who}`);
				if (!isBlack(video)) return mark(`seen ${who}`);
			}
			video.requestVideoFrameCallback(look);
		};
		video.requestVideoFrameCallback(look);
	};
	new MutationObserver(() => document.querySelectorAll('video').forEach(watch)).observe(document, { childList: true, subtree: true });
	document.addEventListener('click', ({ target }) => /^Beitreten/.test(target.closest('button')?.textContent ?? '') && mark('click'), true);
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10' }, json: { type: 'string' } } });
const folder = mkdtempSync(join(tmpdir(), 'jawort-join-'));
const browsers = await Promise.all([makeDevices(folder, people.erika), makeDevices(folder, people.juergen), {}].map(openBrowser));
const pages = Object.fromEntries(browsers.map(({ page }, i) => [['first', 'second', 'desk'][i], page]));
const sees = { first: ['officer', 'partner_2'], second: ['officer', 'partner_1'], desk: ['partner_1', 'partner_2'] };
for (const { context } of browsers) await context.addInitScript(trace);
const results = [];

async function wait(page, installation, { mail, birth }) {
	const { match } = await installation.mail(mail, /\/visit#([\w-]{22,64})/);
	await page.goto(`${installation.url}/visit#${match}`);
	await people.typeBirthDate(page, birth);
	await people.button(page, 'Öffnen').click();
	await page.getByRole('link', { name: 'Zum Warteraum' }).first().click();
	await people.roomIs(page, 'waiting');
}

async function draw(page, installation) {
	await people.openDesk(page, installation, { login: 'renate.richter', password: installation.passwords['renate.richter'] });
	await page.getByRole('checkbox', { name: /abgeschlossenen Raum/ }).check();
	await page.getByRole('button', { name: /^Dienst beginnen/ }).click();
	await page.getByRole('button', { name: /^Bereit/ }).click();
	await page.locator('[data-testid=desk][data-state=assigned]').waitFor();
	await page.waitForTimeout(2000); // an officer reads the card
}

// What each page marked, in milliseconds after the click.
async function marks() {
	const all = await Promise.all(Object.entries(pages).map(async ([name, page]) => [name, await page.evaluate(() => window.marks)]));
	const { click } = Object.fromEntries(all).desk;
	return Object.fromEntries(all.map(([name, of]) => [name, Object.fromEntries(Object.entries(of).map(([what, at]) => [what, Math.round(at - click)]))]));
}

async function run(number) {
	const installation = await Installation.start();
	try {
		await book(installation, [people.erika, people.juergen]);
		await wait(pages.first, installation, people.erika);
		await wait(pages.second, installation, people.juergen);
		await draw(pages.desk, installation);
		await pages.desk.getByRole('button', { name: /^Beitreten/ }).click();
		for (const [name, page] of Object.entries(pages))
			await page.waitForFunction((seen) => seen.every((who) => window.marks[`seen ${who}`]), sees[name], { timeout: 20_000 });
		const since = await marks();
		const all_ms = Math.max(...Object.entries(sees).flatMap(([name, seen]) => seen.map((who) => since[name][`seen ${who}`])));
		results.push({ all_ms, since });
		console.log(`run ${number + 1}: ${all_ms} ms`, JSON.stringify(since));
		for (const { context } of browsers) await context.clearCookies();
	} finally {
		await installation.stop();
	}
}

try {
	for (let number = 0; number < Number(values.runs); number++) await run(number);
} finally {
	await Promise.all(browsers.map(({ browser }) => browser.close()));
	rmSync(folder, { recursive: true, force: true });
}
const sorted = results.map(({ all_ms }) => all_ms).sort((a, b) => a - b);
const summary = { runs: sorted.length, median_ms: sorted[Math.floor(sorted.length / 2)], p95_ms: sorted[Math.ceil(sorted.length * 0.95) - 1], max_ms: sorted.at(-1) };
console.log(summary);
if (values.json) writeFileSync(values.json, JSON.stringify({ ...summary, results }, null, '\t'));
