// SPDX-License-Identifier: EUPL-1.2
// A partner on a phone leaves the Wi-Fi in the middle of a meeting and goes on over the mobile network: the same session, the
// same recording, and everybody is seen and heard again soon after there is a way.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser, receives } from '../lib/browser.mjs';
import { Installation } from '../lib/installation.mjs';
import { arrive, book, openSession } from '../lib/meeting.mjs';
import * as people from '../lib/people.mjs';
import { until } from '../lib/until.mjs';
import { connect, disconnect, makeNetwork, MOBILE, phoneBrowser, SERVER, WIFI } from './network.mjs';

const AGAIN_MS = 20_000; // two seconds on a machine that has nothing else to do

class Meeting {
	async open(options) {
		this.installation = await Installation.start({ address: SERVER, options });
		this.browser = await openBrowser({
			executable: phoneBrowser(this.installation.folder),
			switches: [`--unsafely-treat-insecure-origin-as-secure=${this.installation.url}`],
		});
		this.page = this.browser.page;
		await book(this.installation, [people.erika, people.juergen]);
		await people.enterRoom(this.page, this.installation, people.erika);
		this.partner = await arrive(this.installation, people.juergen);
		this.officer = await openSession(this.installation);
		await people.consent(this.page);
		await this.partner.consent();
		await until('the recording is on', () => this.recording.state === 'on');
		await this.goesOn(20_000);
	}

	get recording() {
		return this.officer.view.session.recording;
	}

	// The phone's frames and sound reach the officer, and others' reach the phone.
	async goesOn(deadlineMs = AGAIN_MS) {
		const slot = this.officer.slots.indexOf(this.officer.view.session.people.find(({ name }) => name.startsWith('Erika')).peer);
		await this.officer.peer.forget();
		await until('the officer sees and hears the phone', async () => {
			const { frames, loudest } = (await this.officer.peer.received())[slot];
			return frames > 1 && loudest > 100;
		}, deadlineMs);
		await until('the phone receives the others', () => receives(this.page, 2), deadlineMs);
	}

	async close() {
		await this.browser?.browser.close();
		await this.partner?.close();
		await this.officer?.close();
		await this.installation?.stop();
	}
}

before(makeNetwork);
after(() => setTimeout(() => process.exit(), 1000).unref()); // libwebrtc's threads keep Node alive

for (const mode of ['full', 'lite'])
	describe(`with ICE ${mode}`, () => {
		const meeting = new Meeting();
		before(async () => {
			connect(WIFI);
			await meeting.open([`--media-ice=${mode}`]);
		});
		after(async () => {
			await meeting.close();
			disconnect(WIFI);
			disconnect(MOBILE);
		});

		test('a phone that has no network for a second is back by another one', async (t) => {
			const { id } = meeting.officer.view.session;
			disconnect(WIFI);
			await until('the phone knows that it is offline', () => meeting.page.evaluate(() => !navigator.onLine));
			connect(MOBILE);
			const start = Date.now();
			await meeting.goesOn();
			t.diagnostic(`seen and heard ${Date.now() - start} ms after the new network was there`);
			assert.equal(meeting.officer.view.session.id, id);
			assert.deepEqual([meeting.recording.state, meeting.recording.part], ['on', 1]);
			assert.equal(await meeting.page.evaluate(() => window.connections.length), 1, 'the same connection, with ICE restarted');
		});

		// Mostly within 5 s; but now and then the phone is heard and receives nothing for 20 s.
		const skip = 'not understood yet: the phone may receive nothing afterwards';
		test('one that loses the better of two networks goes on by the other, and is told what is new', { skip }, async (t) => {
			connect(WIFI);
			await new Promise((resolve) => setTimeout(resolve, 3_000)); // Chromium looks at the interfaces every two seconds
			disconnect(MOBILE);
			const start = Date.now();
			await meeting.goesOn();
			t.diagnostic(`seen and heard ${Date.now() - start} ms after the change`);
			await meeting.officer.call('chat.send', { text: 'Sind Sie noch da?' });
			await until('the page is told', () => meeting.page.getByText('1 neue Nachricht').count(), 40_000);
			assert.deepEqual([meeting.recording.state, meeting.recording.part], ['on', 1]);
		});
	});
