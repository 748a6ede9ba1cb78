// SPDX-License-Identifier: EUPL-1.2
// People without pages, from booking to the moment when all see and hear each other.
import { randomBytes } from 'node:crypto';
import { Partner } from './partner.mjs';
import { erika, juergen } from './people.mjs';
import { until } from './until.mjs';
import { Visitor } from './visitor.mjs';

const intake = ({ given, family, birth, mail }) => ({ given_names: given, family_name: family, birth_date: birth, email: mail, language: 'de', document_type: 'id_card' });

// The same people with fresh addresses, so that several meetings share one installation.
export const withFreshMail = (people) => people.map((person) => ({ ...person, mail: `${randomBytes(6).toString('hex')}@example.org` }));

// Book and confirm the next free time.
export async function book(installation, people, { service = people.length > 1 ? 'marriage' : 'identity', together = false } = {}) {
	const visitor = new Visitor(installation.url);
	const { offices } = (await visitor.request('GET', '/api/v1/offices')).body;
	const office = offices.find(({ name }) => /Mitte/.test(name)).id;
	const { times } = (await visitor.request('GET', `/api/v1/offices/${office}/times?service=${service}&days=2`)).body;
	await visitor.signIn();
	const held = await visitor.request('POST', '/api/v1/holds', { office, service, start_ms: times[0].start_ms, key: randomBytes(18).toString('base64url') });
	await visitor.request('POST', `/api/v1/holds/${held.body.appointment}/book`, { together, persons: people.map(intake) });
	const { match } = await installation.mail(people[0].mail, /\/confirm#([\w-]{22,64})/);
	await visitor.request('POST', '/api/v1/confirm', { token: match });
}

// A partner opens the own link and waits.
export async function arrive(installation, person, Peer) {
	const partner = new Partner(installation.url, Peer);
	const { match } = await installation.mail(person.mail, /\/visit#([\w-]{22,64})/);
	await partner.open(match, person.birth);
	await partner.connect();
	await partner.enter();
	return partner;
}

// A registrar gets the session of those who wait, and joins it.
export async function openSession(installation) {
	const officer = new Partner(installation.url);
	await officer.signIn('renate.richter', installation.passwords['renate.richter']);
	await officer.connect();
	await officer.call('desk.ready');
	await until('a session is drawn', () => officer.view.session?.state === 'assigned');
	await officer.call('session.join', { session: officer.view.session.id });
	return officer;
}

export async function meet(installation) {
	const couple = withFreshMail([erika, juergen]);
	await book(installation, couple);
	const partners = [];
	for (const person of couple) partners.push(await arrive(installation, person));
	const officer = await openSession(installation);
	const everyone = [...partners, officer];
	await seeAndHear(everyone);
	return { partners, officer, everyone, close: () => Promise.all(everyone.map((one) => one.close())) };
}

export async function seeAndHear(everyone, deadlineMs = 10_000) {
	const areReceived = async (one) => (await one.received()) >= everyone.length - 1;
	await until('everybody sees and hears everybody else', async () => (await Promise.all(everyone.map(areReceived))).every(Boolean), deadlineMs);
}
