/* SPDX-License-Identifier: EUPL-1.2 */
import { expect, test } from "vitest";
import type { Quality } from "../../media/conference";
import { inWords, stillProblems } from "./quality";

const quality: Quality = { peer: "p", loss_percent: 0.5, rtt_ms: 40, width: 1280, height: 720, fps: 30, up_kbps: 1500, paused: [], reasons: [] };

test.each<[Quality | undefined, string]>([
  [undefined, "unknown"],
  [quality, "good"],
  [{ peer: "p", fps: 0, up_kbps: 30, paused: [], reasons: [] }, "good"],
  [{ ...quality, loss_percent: 3 }, "fair"],
  [{ ...quality, reasons: ["picture_dark"] }, "fair"],
  [{ ...quality, loss_percent: 9 }, "poor"],
  [{ ...quality, rtt_ms: 500 }, "poor"],
  [{ ...quality, reasons: ["upload_slow"] }, "poor"],
  [{ ...quality, paused: ["q"] }, "poor"],
])("%j is %s", (measured, word) => {
  expect(inWords(measured)).toBe(word);
});

test("what is wrong with a still is named", () => {
  expect(stillProblems({ light: 120, sharpness: 200, height: 720 })).toEqual([]);
  expect(stillProblems({ light: 20, sharpness: 10, height: 240 })).toEqual(["dark", "blurred", "small"]);
});
