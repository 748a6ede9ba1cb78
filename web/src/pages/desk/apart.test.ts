/* SPDX-License-Identifier: EUPL-1.2 */
import { expect, test } from "vitest";
import type { PersonCard } from "../../protocol/generated";
import { devicesOf, isDivided, isHeard } from "./apart";
import type { DeskSession } from "./card";

const person = (id: string, peer: string | null, is_apart = false) => ({ id, name: id, peer, is_present: peer !== null, is_apart }) as PersonCard;
const session = (is_apart: boolean, ...people: PersonCard[]) => ({ is_apart, people }) as unknown as DeskSession;

test("two at one device go together, who is away is not asked", () => {
  const [a, b, c] = [person("a", "x"), person("b", "x"), person("c", null)];
  expect(devicesOf([a, b, c])).toEqual([[a, b]]);
  expect(devicesOf([a, person("d", "y")])).toHaveLength(2);
});

test("who is in the officer's room hears and is heard", () => {
  const [a, b] = [person("a", "x", true), person("b", "y")];
  expect(isHeard(session(true, a, b), a)).toBe(true);
  expect(isHeard(session(true, a, b), b)).toBe(false);
  expect(isDivided(session(true, a, b))).toBe(true);
  expect(isDivided(session(false, person("a", "x"), b))).toBe(false);
});
