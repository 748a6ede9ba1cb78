/* SPDX-License-Identifier: EUPL-1.2 */
import { expect, test } from "vitest";
import { DARK, meanLight } from "./light";

const filled = (...pixel: number[]) => new Uint8ClampedArray(Array.from({ length: 64 }, () => pixel).flat());

test.each([
  [[0, 0, 0, 255], 0],
  [[255, 255, 255, 255], 255],
  [[128, 128, 128, 255], 128],
  [[0, 255, 0, 255], 150],
])("%j has the light %i", (pixel, light) => {
  expect(meanLight(filled(...pixel))).toBe(light);
});

test("half black, half white is no dark picture; an empty one is", () => {
  expect(meanLight(new Uint8ClampedArray([...filled(0, 0, 0, 255), ...filled(255, 255, 255, 255)]))).toBe(128);
  expect(meanLight(new Uint8ClampedArray())).toBeLessThan(DARK);
});
