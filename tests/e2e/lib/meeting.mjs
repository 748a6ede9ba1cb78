// SPDX-License-Identifier: EUPL-1.2
// A couple and a registrar without pages, from booking to the moment when all three see and hear each other.
import { randomBytes } from 'node:crypto';
import { Partner } from './partner.mjs';
import { erika, juergen } from './people.mjs';
import { until } from './until.mjs';
import { Visitor } from './visitor.mjs';

const intake = ({ given, family, birth, mail }) => ({ given_names: given, family_name: family, birth_date: birth, email: mail, language: 'de', document_type: 'id_card' });

export async function book(installation, couple) {
	const visitor = new Visitor(installation.url);
	const { offices } = (await visitor.request('GET', '/api/v1/offices')).body;
	const office = offices.find(({ name }) => /Mitte/.test(name)).id;
	const { times } = (await visitor.request('GET', `/api/v1/offices/${office}/times?service=marriage&days=2`)).body;
	await visitor.signIn();
	const held = await visitor.request('POST', '/api/v1/holds', { office, service: 'marriage', start_ms: times[0].start_ms, key: randomBytes(18).toString('base64url') });
	await visitor.request('POST', `/api/v1/holds/${held.body.appointment}/book`, { together: false, persons: couple.map(intake) });
	const { match } = await installation.mail(couple[0].mail, /\/confirm#([\w-]{22,64})/);
	await visitor.request('POST', '/api/v1/confirm', { token: match });
}

// A partner opens the own link and waits.
export async function arrive(installation, person) {
	const partner = new Partner(installation.url);
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
	// Fresh addresses, so that several meetings share one installation.
	const couple = [erika, juergen].map((person) => ({ ...person, mail: `${randomBytes(6).toString('hex')}@example.org` }));
	await book(installation, couple);
	const partners = [];
	for (const person of couple) partners.push(await arrive(installation, person));
	const officer = await openSession(installation);
	const everyone = [...partners, officer];
	await seeAndHear(everyone);
	return { partners, officer, everyone, close: () => everyone.forEach((one) => one.close()) };
}

export async function seeAndHear(everyone, deadlineMs = 10_000) {
	await until('everybody sees and hears everybody else', () => everyone.every((one) => one.received >= everyone.length - 1), deadlineMs);
}
