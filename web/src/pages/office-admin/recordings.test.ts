/* SPDX-License-Identifier: EUPL-1.2 */
import { expect, test } from "vitest";
import { megabytes } from "../../i18n/time";
import { sizeOf } from "./recordings";

test("a recording that runs has the bytes that were anchored last", () => {
  expect(sizeOf({ files: null, bytes: 4200 })).toEqual({ films: null, bytes: 4200 });
});

test("one that has stopped has its films counted and all its files summed", () => {
  const files = [
    { file: "001-partner_1.webm.age", bytes: 1000 },
    { file: "001-partner_2.webm.age", bytes: 2000 },
    { file: "still_1.jpg.age", bytes: 300 },
  ];
  expect(sizeOf({ files: JSON.stringify(files), bytes: 7 })).toEqual({ films: 2, bytes: 3300 });
});

test("sizes are written as the language does", () => {
  expect(megabytes(12_345_678, "de")).toBe("12,3 MB");
  expect(megabytes(12_345_678, "en")).toBe("12.3 MB");
});
