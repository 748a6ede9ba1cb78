// SPDX-License-Identifier: EUPL-1.2
// Many clients want the same few seats at the same moment: exactly as many bookings as seats, and nobody waits for an answer.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Installation } from './lib/installation.mjs';
import { Visitor } from './lib/visitor.mjs';

const CLIENTS = 60;
let installation;
before(async () => {
	installation = await Installation.start();
});
after(() => installation?.stop());

test('sixty clients at one time get exactly its free seats, the others are told so', async () => {
	const first = new Visitor(installation.url);
	const { offices } = (await first.request('GET', '/api/v1/offices')).body;
	const office = offices.find(({ name }) => name.endsWith('Mitte')).id;
	const { services } = (await first.request('GET', `/api/v1/offices/${office}`)).body;
	const service = services[0].key;
	const timesPath = `/api/v1/offices/${office}/times?service=${service}&days=7`;
	const [time] = (await first.request('GET', timesPath)).body.times;

	const visitors = await Promise.all(
		Array.from({ length: CLIENTS }, async () => {
			const visitor = new Visitor(installation.url);
			await visitor.signIn();
			return visitor;
		}),
	);
	const answers = await Promise.all(
		visitors.map((visitor) => visitor.request('POST', '/api/v1/holds', { office, service, start_ms: time.start_ms, key: randomBytes(18).toString('base64url') })),
	);
	const held = answers.filter(({ status }) => status === 200);
	const refused = answers.filter(({ body }) => body.error?.code === 'taken');
	assert.equal(held.length, time.free);
	assert.equal(new Set(held.map(({ body }) => body.appointment)).size, time.free);
	assert.equal(refused.length, CLIENTS - time.free);
	const { times } = (await first.request('GET', timesPath)).body;
	assert.ok(!times.some(({ start_ms }) => start_ms === time.start_ms), 'the time is no longer offered');
});
