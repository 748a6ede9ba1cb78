// SPDX-License-Identifier: EUPL-1.2
// Wait for what a user would notice, with a deadline and a sentence.
export async function until(what, isTrue, deadlineMs = 10_000) {
	const deadline = Date.now() + deadlineMs;
	for (;;) {
		const value = await isTrue();
		if (value) return value;
		if (Date.now() > deadline) throw new Error(`${what}: did not happen within ${deadlineMs} ms`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
