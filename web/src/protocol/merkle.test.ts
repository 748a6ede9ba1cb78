/* SPDX-License-Identifier: EUPL-1.2 */
/* @vitest-environment node */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { type Checkpoint, fromHex, isConsistent, isIncluded, leafHash, openCheckpoint } from "./merkle";

/* The tree of RFC 6962 by its definition, to make proofs from. */
const sha = (...parts: Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leaf = (data: string) => sha(Buffer.from([0]), Buffer.from(data));
const split = (n: number) => 2 ** Math.floor(Math.log2(n - 1));
const root = (leaves: string[]): Buffer =>
  leaves.length === 1 ? leaf(leaves[0]!) : sha(Buffer.from([1]), root(leaves.slice(0, split(leaves.length))), root(leaves.slice(split(leaves.length))));
function inclusion(m: number, leaves: string[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k ? [...inclusion(m, leaves.slice(0, k)), root(leaves.slice(k))] : [...inclusion(m - k, leaves.slice(k)), root(leaves.slice(0, k))];
}
function consistency(m: number, leaves: string[], isWhole = true): Buffer[] {
  if (m === leaves.length) return isWhole ? [] : [root(leaves)];
  const k = split(leaves.length);
  return m <= k ? [...consistency(m, leaves.slice(0, k), isWhole), root(leaves.slice(k))] : [...consistency(m - k, leaves.slice(k), false), root(leaves.slice(0, k))];
}
const leaves = Array.from({ length: 21 }, (_, i) => `{"sequence":${i}}`);
const tree = (size: number): Checkpoint => ({ size, root: root(leaves.slice(0, size)) });
const bytes = (proof: Buffer[]) => proof.map((part) => new Uint8Array(part));

test("every entry of every tree is found, and no other entry is taken for it", async () => {
  for (let size = 1; size <= leaves.length; size++) {
    for (let index = 0; index < size; index++) {
      const proof = bytes(inclusion(index, leaves.slice(0, size)));
      expect(await isIncluded(await leafHash(leaves[index]!), index, tree(size), proof)).toBe(true);
      expect(await isIncluded(await leafHash("{}"), index, tree(size), proof)).toBe(false);
      expect(await isIncluded(await leafHash(leaves[index]!), index, tree(size), [...proof, new Uint8Array(32)])).toBe(false);
    }
  }
});

test("a log that grew is consistent with what it was, a rewritten one is not", async () => {
  for (let second = 1; second <= leaves.length; second++) {
    for (let first = 1; first <= second; first++) {
      const proof = bytes(consistency(first, leaves.slice(0, second)));
      expect(await isConsistent(tree(first), tree(second), proof)).toBe(true);
      expect(await isConsistent({ size: first, root: new Uint8Array(32) }, tree(second), proof)).toBe(false);
    }
  }
});

test("a checkpoint opens with its key and no other", async () => {
  const make = () => generateKeyPairSync("ed25519");
  const { privateKey, publicKey } = make();
  const key = (of: typeof publicKey) => `jawort/audit/o+00000000+${Buffer.concat([Buffer.from([1]), of.export({ format: "der", type: "spki" }).subarray(-32)]).toString("base64")}`;
  const text = `jawort/audit/o\n21\n${root(leaves).toString("base64")}\n`;
  const signature = Buffer.concat([Buffer.alloc(4), sign(null, Buffer.from(text), privateKey)]).toString("base64");
  const note = `${text}\n— jawort/audit/o ${signature}\n`;
  const opened = await openCheckpoint(note, key(publicKey));
  expect(opened?.size).toBe(21);
  expect(Buffer.from(opened!.root).equals(root(leaves))).toBe(true);
  expect(await openCheckpoint(note, key(make().publicKey))).toBeNull();
  expect(await openCheckpoint(note.replace("\n21\n", "\n22\n"), key(publicKey))).toBeNull();
});

test("hexadecimal digits become bytes", () => {
  expect([...fromHex("00ff10")]).toEqual([0, 255, 16]);
});
