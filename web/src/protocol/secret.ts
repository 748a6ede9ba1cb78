/* SPDX-License-Identifier: EUPL-1.2 */
/* Random bytes of the browser, as the protocol writes them. */
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count));

/* The type "secret": 22 characters, 128 bits. */
export function makeSecret(): string {
  return btoa(String.fromCharCode(...random(16))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/* The browser's share of a draw: 32 hexadecimal digits. */
export function makeNonce(): string {
  return Array.from(random(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
