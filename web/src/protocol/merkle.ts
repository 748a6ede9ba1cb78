/* SPDX-License-Identifier: EUPL-1.2 */
/* Verifying the audit log in the browser: RFC 6962 hashes, proofs as in RFC 9162 (2.1.3.2, 2.1.4.2), and the checkpoint, a C2SP
 * signed note with Ed25519. Uses WebCrypto and nothing of the server's but the data. */
export interface Checkpoint {
  size: number;
  root: Uint8Array;
}

const utf8 = new TextEncoder();
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
export const fromHex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const isEqual = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

async function hash(prefix: number, ...parts: Uint8Array[]): Promise<Uint8Array> {
  const length = parts.reduce((sum, part) => sum + part.length, 1);
  const bytes = new Uint8Array(length);
  bytes[0] = prefix;
  let at = 1;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
export const leafHash = (leaf: string) => hash(0, utf8.encode(leaf));
const nodeHash = (left: Uint8Array, right: Uint8Array) => hash(1, left, right);

/* Open a checkpoint that carries a good signature of `key` ("NAME+HASH+BASE64"); null when it does not. */
export async function openCheckpoint(note: string, key: string): Promise<Checkpoint | null> {
  const [, name, publicKey] = /^(.+)\+[0-9a-f]{8}\+(\S+)$/.exec(key.trim()) ?? [];
  const end = note.indexOf("\n\n");
  if (!name || !publicKey || end < 0) return null;
  const text = note.slice(0, end + 1);
  const line = note.slice(end + 2).split("\n").find((one) => one.startsWith(`— ${name} `));
  if (!line) return null;
  const signature = fromBase64(line.slice(name.length + 3)).slice(4);
  const verifier = await crypto.subtle.importKey("raw", fromBase64(publicKey).slice(1), "Ed25519", false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", verifier, signature, utf8.encode(text)))) return null;
  const [origin, size, root] = text.split("\n");
  return origin === name ? { size: Number(size), root: fromBase64(root!) } : null;
}

/* Sequences stay below 2^53, so halves are made by division, not by 32-bit shifts. */
const half = (n: number) => Math.floor(n / 2);
const isOdd = (n: number) => n % 2 === 1;

/* Is `leaf` (a hash) the entry at `index` of the tree? */
export async function isIncluded(leaf: Uint8Array, index: number, tree: Checkpoint, proof: Uint8Array[]): Promise<boolean> {
  if (index >= tree.size) return false;
  let fn = index;
  let sn = tree.size - 1;
  let root = leaf;
  for (const part of proof) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      root = await nodeHash(part, root);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else root = await nodeHash(root, part);
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && isEqual(root, tree.root);
}

/* Is `first` the beginning of `second`? */
export async function isConsistent(first: Checkpoint, second: Checkpoint, proof: Uint8Array[]): Promise<boolean> {
  if (first.size === second.size) return proof.length === 0 && isEqual(first.root, second.root);
  if (first.size === 0) return proof.length === 0;
  if (first.size > second.size) return false;
  const path = Number.isInteger(Math.log2(first.size)) ? [first.root, ...proof] : proof;
  if (path.length === 0) return false;
  let fn = first.size - 1;
  let sn = second.size - 1;
  while (isOdd(fn)) {
    fn = half(fn);
    sn = half(sn);
  }
  let [fr, sr] = [path[0]!, path[0]!];
  for (const part of path.slice(1)) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      fr = await nodeHash(part, fr);
      sr = await nodeHash(part, sr);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else sr = await nodeHash(sr, part);
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && isEqual(fr, first.root) && isEqual(sr, second.root);
}
