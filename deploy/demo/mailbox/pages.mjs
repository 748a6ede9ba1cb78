// SPDX-License-Identifier: EUPL-1.2
// The pages of the demo mail catcher: plain HTML, no script. Everything in a mail is foreign and is escaped.

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => String(text).replace(/[&<>"']/g, (character) => escapes[character]);
const time = (ms) => `<time datetime="${new Date(ms).toISOString()}">${new Date(ms).toLocaleString('de-DE', { timeZone: 'Europe/Berlin' })}</time>`;

const page = (title, body) => `<!doctype html>
<html lang="de">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
	body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 50rem; margin: 0 auto; padding: 1rem; color: #171a2b; background: #fff; overflow-wrap: anywhere; }
	a { color: #1a3fa0; }
	a:focus-visible { outline: 3px solid #1a3fa0; outline-offset: 2px; }
	ol { padding: 0; list-style: none; }
	li { padding: .75rem 0; border-top: 1px solid #6b7280; }
	pre { font: inherit; white-space: pre-wrap; padding: 1rem; border: 1px solid #6b7280; border-radius: .5rem; }
	p.about { color: #40465c; }
</style>
<main>
${body}
</main>
</html>`;

export function listPage(mails) {
	const items = [...mails].reverse().map(
		(mail) => `<li><a href="/mails/${mail.number}">${escape(mail.subject || '(ohne Betreff)')}</a><br>an ${escape(mail.to.join(', '))}, ${time(mail.at_ms)}</li>`,
	);
	const list = items.length > 0 ? `<ol>${items.join('\n')}</ol>` : '<p>Noch keine Mail.</p>';
	return page('Mails der Vorführung', `<h1>Mails der Vorführung</h1>
<p class="about">Was diese Jawort-Installation verschickt, landet hier und nirgends sonst. <a href="/">Neu laden</a></p>
${list}`);
}

export function mailPage(mail) {
	const text = mail.text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:)])/).map((piece, index) =>
		index % 2 === 0 ? escape(piece) : `<a href="${escape(piece)}" rel="noreferrer">${escape(piece)}</a>`,
	);
	const attachments = mail.attachments.map((part, index) => `<li><a href="/mails/${mail.number}/${index}">${escape(part.name)}</a> (${escape(part.type)})</li>`);
	return page(mail.subject, `<p><a href="/">Alle Mails</a></p>
<h1>${escape(mail.subject || '(ohne Betreff)')}</h1>
<p class="about">von ${escape(mail.from)} an ${escape(mail.to.join(', '))}, ${time(mail.at_ms)}</p>
<pre>${text.join('')}</pre>
${attachments.length > 0 ? `<h2>Anhänge</h2><ol>${attachments.join('\n')}</ol>` : ''}`);
}

export const missingPage = () => page('Nicht gefunden', '<h1>Diese Mail gibt es nicht mehr</h1><p><a href="/">Alle Mails</a></p>');
