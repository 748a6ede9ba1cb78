// SPDX-License-Identifier: EUPL-1.2
// A conversation of three by libwebrtc, and what becomes of it when consent is withdrawn or a process dies.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Installation } from './lib/installation.mjs';
import { meet, seeAndHear } from './lib/meeting.mjs';
import { until } from './lib/until.mjs';

let installation, meeting;
before(async () => {
	installation = await Installation.start();
	meeting = await meet(installation);
});
after(async () => {
	await meeting?.close();
	await installation?.stop();
	setTimeout(() => process.exit(), 1000).unref(); // libwebrtc's threads keep Node alive
});

const recording = () => meeting.officer.view.session.recording;
const recordedFiles = () => readdirSync(join(installation.folder, 'recordings'), { recursive: true }).filter((file) => file.endsWith('.age'));
const forgetWhatCame = () => Promise.all(meeting.everyone.map(({ peer }) => peer.forget()));

test('nothing is on disk before both have consented, then the recording runs', async () => {
	assert.equal(recording().state, 'off');
	assert.deepEqual(installation.recordedFolders(), []);
	for (const partner of meeting.partners) await partner.consent();
	await until('the recording is on', () => recording().state === 'on');
});

test('the recorder is killed: the call stays up, the recording goes on with the next part', async () => {
	installation.kill('record');
	await until('the next part is on', () => recording().state === 'on' && recording().part === 2, 10_000);
	await forgetWhatCame();
	await seeAndHear(meeting.everyone);
	await until('the next part is written', () => recordedFiles().some((file) => file.includes('002-')));
});

test('the media server is killed: people are back in the same session within five seconds', async () => {
	const { id } = meeting.officer.view.session;
	installation.kill('media');
	await forgetWhatCame();
	await seeAndHear(meeting.everyone, 5_000);
	assert.equal(meeting.officer.view.session.id, id);
	await until('the recording goes on', () => recording().state === 'on' && recording().part === 3, 10_000);
});

test('the server is killed: after its restart the session is as it was', async () => {
	const { id, people } = meeting.officer.view.session;
	installation.kill('serve');
	await installation.serve();
	for (const one of meeting.everyone) await one.dial();
	await until('the session is live', () => meeting.officer.view.session?.state === 'live');
	assert.equal(meeting.officer.view.session.id, id);
	assert.deepEqual(meeting.officer.view.session.people.map(({ consent }) => consent), people.map(({ consent }) => consent));
	await forgetWhatCame();
	await seeAndHear(meeting.everyone);
});

test('one partner withdraws consent: the recording is destroyed', async () => {
	const [partner] = meeting.partners;
	await partner.call('consent.withdraw', { person: partner.id });
	await until('the recording is destroyed', () => recording().state === 'destroyed');
	assert.deepEqual(recordedFiles(), []);
});
