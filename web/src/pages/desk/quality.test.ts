/* SPDX-License-Identifier: EUPL-1.2 */
import { expect, test } from "vitest";
import { inWords, stillProblems } from "./quality";

const quality = { peer: "p", loss_percent: 0.5, rtt_ms: 40, width: 1280, height: 720, up_kbps: 1500 };

test.each([
  [undefined, "unknown"],
  [quality, "good"],
  [{ ...quality, loss_percent: 3 }, "fair"],
  [{ ...quality, height: 360 }, "fair"],
  [{ ...quality, height: 0 }, "good"],
  [{ ...quality, loss_percent: 9 }, "poor"],
  [{ ...quality, rtt_ms: 500 }, "poor"],
])("%j is %s", (measured, word) => {
  expect(inWords(measured)).toBe(word);
});

test("what is wrong with a still is named", () => {
  expect(stillProblems({ light: 120, sharpness: 200, height: 720 })).toEqual([]);
  expect(stillProblems({ light: 20, sharpness: 10, height: 240 })).toEqual(["dark", "blurred", "small"]);
});
