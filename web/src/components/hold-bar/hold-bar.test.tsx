/* SPDX-License-Identifier: EUPL-1.2 */
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { press, show, violations } from "../testing";
import { type Hold, HoldBar } from "./hold-bar";

const START_MS = 1_800_000_000_000;
const hold: Hold = { appointment: "a", start_ms: 0, end_ms: 0, made_ms: START_MS, expires_ms: START_MS + 600_000, can_extend: true };
const onExtend = vi.fn(async () => undefined);
const onOver = vi.fn();
const bar = (more: Partial<Hold> = {}) => show(<HoldBar hold={{ ...hold, ...more }} onExtend={onExtend} onOver={onOver} />);
const pass = (seconds: number) =>
  act(() => {
    vi.advanceTimersByTime(seconds * 1000);
  });

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS });
});
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

test("counts down and says it once, two minutes before the end", () => {
  const page = bar();
  expect(page.textContent).toContain("noch 10:00 Minuten");
  expect(page.querySelector("[role=status]")!.textContent).toBe("");
  pass(479);
  expect(page.textContent).toContain("noch 2:01 Minuten");
  expect(page.querySelector("[role=status]")!.textContent).toBe("");
  pass(2);
  expect(page.querySelector("[role=status]")!.textContent).toContain("endet in zwei Minuten");
  expect(onOver).not.toHaveBeenCalled();
});

test("is over when the time is", () => {
  bar();
  pass(601);
  expect(onOver).toHaveBeenCalledOnce();
});

test("more time is one click, and is offered only while it can be given", () => {
  press(bar().querySelector("button")!);
  expect(onExtend).toHaveBeenCalledOnce();
  expect(bar({ can_extend: false }).querySelector("button")).toBeNull();
});

test("is accessible", async () => {
  vi.useRealTimers();
  bar();
  expect(await violations()).toEqual([]);
});
