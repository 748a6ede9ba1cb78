// SPDX-License-Identifier: EUPL-1.2
// One Chromium per person, each with an own camera and microphone file, because Chromium knows these per process only.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Collects the page's peer connections, so that what arrives can be counted from outside.
function collectConnections() {
	const Original = window.RTCPeerConnection;
	window.connections = [];
	window.RTCPeerConnection = class extends Original {
		constructor(...settings) {
			super(...settings);
			window.connections.push(this);
		}
	};
}

// `executable` and `switches`: another program or more switches than usual, e.g. to run it in another network.
export async function openBrowser({ camera, microphone, language = 'de-DE', viewport = { width: 1280, height: 900 }, executable, switches = [] }) {
	const browser = await chromium.launch({
		executablePath: executable ?? process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: [
			'--no-sandbox',
			'--disable-dev-shm-usage', // containers have little of it, or none
			'--use-fake-ui-for-media-stream',
			'--use-fake-device-for-media-stream',
			...(camera ? [`--use-file-for-fake-video-capture=${camera}`] : []),
			...(microphone ? [`--use-file-for-fake-audio-capture=${microphone}`] : []),
			'--allow-loopback-in-peer-connection',
			'--disable-features=WebRtcHideLocalIpsWithMdns',
			'--autoplay-policy=no-user-gesture-required',
			...switches,
		],
	});
	const context = await browser.newContext({ locale: language, viewport, permissions: ['camera', 'microphone'] });
	await context.addInitScript(collectConnections);
	const page = await context.newPage();
	page.setDefaultTimeout(15_000);
	return { browser, context, page };
}

// What the page has received since it was opened, over all its connections: frames decoded and sound energy per track.
export async function received(page) {
	return page.evaluate(async () => {
		const tracks = [];
		for (const connection of window.connections.filter((one) => one.connectionState === 'connected'))
			for (const report of (await connection.getStats()).values())
				if (report.type === 'inbound-rtp')
					tracks.push({ mid: report.mid, kind: report.kind, frames: report.framesDecoded ?? 0, energy: report.totalAudioEnergy ?? 0 });
		return tracks;
	});
}

// Is the page seeing and hearing `count` others right now: do their frames and sound grow between two looks?
export async function receives(page, count) {
	const first = await received(page);
	await page.waitForTimeout(400);
	const second = await received(page);
	const before = (track) => first.find(({ mid, kind }) => mid === track.mid && kind === track.kind) ?? { frames: 0, energy: 0 };
	const seen = second.filter((track) => track.kind === 'video' && track.frames > before(track).frames);
	const heard = second.filter((track) => track.kind === 'audio' && track.energy > before(track).energy);
	return seen.length >= count && heard.length >= count;
}

// The findings of axe-core on the page as it is now, as sentences.
export async function violations(page) {
	await page.evaluate(axe);
	const { violations: found } = await page.evaluate(() => window.axe.run());
	return found.map(({ id, help, nodes }) => `${page.url()}: ${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
