// SPDX-License-Identifier: EUPL-1.2
// What an answer settled: the codec of the first picture, and the kind of the server's candidates.
export function offered(answer) {
	const [, type] = answer.match(/^m=video \d+ \S+ (\d+)/m);
	const [, codec] = answer.match(new RegExp(`^a=rtpmap:${type} (\\w+)`, 'm'));
	return { codec, candidate: [...new Set(Array.from(answer.matchAll(/^a=candidate:\S+ \d (\w+) .* typ (\w+)/gim), ([, transport, kind]) => `${kind}/${transport}`))].join(' ') };
}
