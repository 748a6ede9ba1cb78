// SPDX-License-Identifier: EUPL-1.2
// A browser without pages: cookies and the CSRF token over fetch.
export class Visitor {
	#cookies = new Map();
	#csrf = '';

	constructor(url) {
		this.url = url;
	}

	async request(method, path, body) {
		const response = await fetch(this.url + path, {
			method,
			headers: {
				origin: this.url,
				cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
				...(body && { 'content-type': 'application/json' }),
				...(this.#csrf && { 'x-csrf-token': this.#csrf }),
			},
			...(body && { body: JSON.stringify(body) }),
		});
		for (const cookie of response.headers.getSetCookie()) {
			const [pair] = cookie.split(';');
			const [name, value] = pair.split(/=(.*)/s);
			this.#cookies.set(name, value);
		}
		return { status: response.status, body: await response.json().catch(() => null) };
	}

	async signIn() {
		this.#csrf = (await this.request('GET', '/api/v1/me')).body.csrf;
	}

	get cookie() {
		return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
	}
}
