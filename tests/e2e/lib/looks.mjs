// SPDX-License-Identifier: EUPL-1.2
// What axe-core finds on a page: as a phone and as a desk show it, by day and by night, in each language.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [360, 1280];
const SCHEMES = ['light', 'dark'];
const LANGUAGES = ['English', 'Deutsch']; // the last one stays

async function violations(page, look) {
	if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
	const { violations: found } = await page.evaluate(() => window.axe.run());
	return found.map(({ id, help, nodes }) => `${page.url()} ${look}: ${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

// Look at the page in every way; the findings as sentences.
export async function findings(page) {
	const found = [];
	const before = page.viewportSize();
	for (const language of LANGUAGES) {
		await page.getByRole('button', { name: language, exact: true }).click();
		for (const width of WIDTHS)
			for (const colorScheme of SCHEMES) {
				await page.setViewportSize({ width, height: before.height });
				await page.emulateMedia({ colorScheme });
				found.push(...(await violations(page, `${language}, ${width} px, ${colorScheme}`)));
			}
	}
	await page.setViewportSize(before);
	return found;
}
