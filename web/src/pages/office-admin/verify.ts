/* SPDX-License-Identifier: EUPL-1.2 */
/* What the browser can say about the log. */
import { call, callText } from "../../protocol/http";
import { fromHex, isConsistent, isIncluded, leafHash, openCheckpoint } from "../../protocol/merkle";

export interface Entry {
  sequence: number;
  time_ms: number;
  action: string;
  actor: string;
  subjects: string[];
  /* the bytes that were hashed */
  leaf: string;
}

export type Finding =
  | { kind: "good"; count: number; size: number; before: number | null }
  | { kind: "bad_signature" | "bad_consistency" | "unsupported" }
  | { kind: "bad_inclusion"; sequence: number };

export async function verify(organisation: string, note: string, entries: Entry[]): Promise<Finding> {
  const key = await callText("audit.key", { organisation });
  let tree;
  try {
    tree = await openCheckpoint(note, key);
  } catch (error) {
    if ((error as DOMException).name === "NotSupportedError") return { kind: "unsupported" };
    throw error;
  }
  if (!tree) return { kind: "bad_signature" };
  for (const { sequence, leaf } of entries) {
    const { hashes } = await call("audit.inclusion", { organisation, sequence, size: tree.size });
    const isGood = leafSays(leaf, sequence) && (await isIncluded(await leafHash(leaf), sequence, tree, hashes.map(fromHex)));
    if (!isGood) return { kind: "bad_inclusion", sequence };
  }
  const before = await seenBefore(organisation, key);
  if (before && before.size > 0) {
    const hashes = before.size < tree.size ? (await call("audit.consistency", { organisation, first: before.size, second: tree.size })).hashes : [];
    if (!(await isConsistent(before, tree, hashes.map(fromHex)))) return { kind: "bad_consistency" };
  }
  localStorage.setItem(`checkpoint ${organisation}`, note);
  return { kind: "good", count: entries.length, size: tree.size, before: before?.size ?? null };
}

const leafSays = (leaf: string, sequence: number) => (JSON.parse(leaf) as { sequence: number }).sequence === sequence;

async function seenBefore(organisation: string, key: string) {
  const note = localStorage.getItem(`checkpoint ${organisation}`);
  return note === null ? null : openCheckpoint(note, key);
}
