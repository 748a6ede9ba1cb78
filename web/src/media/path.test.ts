/* SPDX-License-Identifier: EUPL-1.2 */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchPath } from "./path";

let bytes: number;
let address: string;
let said: string[];
let unwatch: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  [bytes, address, said] = [1, "192.0.2.1", []];
  const getStats = async () =>
    new Map<string, object>([
      ["transport", { id: "transport", type: "transport", selectedCandidatePairId: "pair" }],
      ["pair", { id: "pair", type: "candidate-pair", localCandidateId: "local", bytesReceived: bytes }],
      ["local", { id: "local", type: "local-candidate", address }],
    ]);
  unwatch = watchPath({ getStats } as unknown as RTCPeerConnection, 1_500, { heard: () => said.push("heard"), quiet: () => said.push("quiet"), moved: () => said.push("moved") });
});
afterEach(() => {
  unwatch();
  vi.useRealTimers();
});

async function pass(looks: number, receives: boolean) {
  for (let look = 0; look < looks; look++) {
    if (receives) bytes++;
    await vi.advanceTimersByTimeAsync(500);
  }
}

test("a way on which something comes is well", async () => {
  await pass(10, true);
  expect(said).toEqual(["heard"]);
});

test("a second and a half without anything is quiet, and said again only after as long again", async () => {
  await pass(2, true);
  await pass(2, false);
  expect(said).toEqual(["heard"]);
  await pass(1, false);
  expect(said).toEqual(["heard", "quiet"]);
  await pass(3, false);
  expect(said).toEqual(["heard", "quiet", "quiet"]);
});

test("another own address is another network", async () => {
  await pass(2, true);
  address = "198.51.100.1";
  await pass(1, true);
  expect(said).toEqual(["heard", "moved"]);
});

test("nothing is said after the watch has ended", async () => {
  unwatch();
  await pass(10, false);
  expect(said).toEqual([]);
});
