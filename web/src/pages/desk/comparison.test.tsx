/* SPDX-License-Identifier: EUPL-1.2 */
import { expect, test } from "vitest";
import { show, violations } from "../../components/testing";
import type { Attempt, Check } from "../../protocol/generated";
import type { DeskSession } from "./card";
import { Comparison, spokenOf } from "./comparison";

const check = (parameters: object, answer: string | null) => ({ parameters, answer }) as unknown as Check;
const attempt = {
  person: "p",
  checks: [check({ answer: "document_number" }, "T220001293"), check({ answer: "issue_date" }, "2021-11-01"), check({ answer: "none" }, null), check({}, null)],
  comparisons: [{ field: "birth_date", intake: "1964-08-12", mrz: "1964-08-21", is_equal: false }],
  mrz: ["IDD<<T220001293<<<<<<<<<<<<<<<"],
} as unknown as Attempt;
const session = { service: { is_identifying: true }, intake: [] } as unknown as DeskSession;

test("what was said is what the server knows of it", () => {
  expect(spokenOf(attempt)).toEqual({ document_number: "T220001293", issue_date: "2021-11-01" });
  expect(spokenOf(undefined)).toEqual({});
});

test("before the attempt the booking of the person is there", () => {
  const booked = { ...session, intake: [{ person: "p", given_names: "Erika", family_name: "Mustermann", birth_name: "", birth_date: "1964-08-12" }] } as unknown as DeskSession;
  expect(show(<Comparison session={booked} attempt={undefined} person="p" />).textContent).toContain("Mustermann");
});

test("dates are in words, a difference is named", async () => {
  const root = show(<Comparison session={session} attempt={attempt} />);
  expect(root.textContent).toContain("12. August 1964");
  expect(root.textContent).toContain("1. November 2021");
  expect(root.textContent).toContain("T220001293");
  expect(root.textContent).toContain("abweichend");
  expect(await violations()).toEqual([]);
});
