// SPDX-License-Identifier: EUPL-1.2
// One browser per person, each with an own camera and microphone, because Chromium knows these per process only.
import { chromium, firefox } from 'playwright-core';

const kinds = {
	// `executable` and `switches`: another program or more switches than usual, e.g. to run it in another network.
	chromium: ({ camera, microphone, cameras = 1, executable, switches = [] }) => ({
		type: chromium,
		executablePath: executable ?? process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: [
			'--no-sandbox',
			'--disable-dev-shm-usage', // containers have little of it, or none
			'--use-fake-ui-for-media-stream',
			`--use-fake-device-for-media-stream=device-count=${cameras}`,
			...(camera ? [`--use-file-for-fake-video-capture=${camera}`] : []),
			...(microphone ? [`--use-file-for-fake-audio-capture=${microphone}`] : []),
			'--allow-loopback-in-peer-connection',
			'--disable-features=WebRtcHideLocalIpsWithMdns',
			'--autoplay-policy=no-user-gesture-required',
			...switches,
		],
		context: { permissions: ['camera', 'microphone'] },
	}),
	// Debian's Firefox by WebDriver BiDi; it draws and plays its own fake devices. `secure`: a host whose pages may use them without TLS.
	firefox: ({ secure }) => ({
		type: firefox,
		channel: 'moz-firefox',
		executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
		firefoxUserPrefs: {
			'media.navigator.streams.fake': true,
			'media.navigator.permission.disabled': true,
			'media.peerconnection.ice.obfuscate_host_addresses': false,
			'media.autoplay.default': 0,
			...(secure && { 'dom.securecontext.allowlist': secure }),
		},
	}),
};

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

export async function openBrowser({ name = 'chromium', language = 'de-DE', viewport = { width: 1280, height: 900 }, ...devices }) {
	const { type, context: permitted, ...options } = kinds[name](devices);
	const browser = await type.launch(options);
	const context = await browser.newContext({ locale: language, viewport, ...permitted });
	await context.addInitScript(collectConnections);
	const page = await context.newPage();
	page.setDefaultTimeout(30_000);
	page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => keepView(page, payload)));
	return { browser, context, page };
}

const views = new WeakMap();
function keepView(page, payload) {
	const { view, state } = JSON.parse(payload);
	if (view) views.set(page, state);
}

// The latest snapshot that the server sent to the page (Chromium only).
export const viewOf = (page) => views.get(page);

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
