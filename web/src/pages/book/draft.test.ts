/* SPDX-License-Identifier: EUPL-1.2 */
import { expect, test } from "vitest";
import { isoDate } from "../../components/field/date-field";
import { booking } from "../../i18n/booking";
import { texts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { emptyDraft, type PersonDraft, personErrors, steps, toIntake } from "./draft";

const [t, c] = [texts(booking, "de"), texts(common, "de")];
const now = new Date("2026-08-03T10:00:00Z");
const good: PersonDraft = {
  ...emptyDraft("de").persons[0],
  given_names: " Zoe\u0308 ",
  family_name: "Åkesson-Łuczak",
  birth_date: { day: "8", month: "3", year: "1992" },
  email: "zoe@beispiel.de",
  document_type: "id_card",
};
const wrong = (more: Partial<PersonDraft>, mustBeAdult = true) => Object.keys(personErrors({ ...good, ...more }, now, mustBeAdult, t, c));

test("a complete person has no errors, an empty one all of them", () => {
  expect(wrong({})).toEqual([]);
  expect(Object.keys(personErrors(emptyDraft("de").persons[0], now, true, t, c))).toEqual(["given_names", "family_name", "birth_date", "email", "document_type"]);
});

test.each([
  [{ day: "31", month: "2", year: "1990" }, "birth_date"],
  [{ day: "4", month: "8", year: "2008" }, "birth_date"],
  [{ day: "4", month: "8", year: "2036" }, "birth_date"],
])("the birth date %j is refused", (birth_date, field) => {
  expect(wrong({ birth_date })).toEqual([field]);
});

test("on the eighteenth birthday one may register, and for other services age is no matter", () => {
  expect(wrong({ birth_date: { day: "3", month: "8", year: "2008" } })).toEqual([]);
  expect(wrong({ birth_date: { day: "4", month: "8", year: "2010" } }, false)).toEqual([]);
});

test("names leave composed and trimmed, what is optional and empty does not leave", () => {
  expect(toIntake(good)).toEqual({ given_names: "Zoë", family_name: "Åkesson-Łuczak", birth_date: "1992-03-08", email: "zoe@beispiel.de", language: "de", document_type: "id_card" });
  expect(toIntake({ ...good, birth_name: "Ćosić", phone: "+49 170 1" })).toMatchObject({ birth_name: "Ćosić", phone: "+49 170 1" });
});

test("dates of the calendar only", () => {
  expect(isoDate({ day: "29", month: "2", year: "2024" })).toBe("2024-02-29");
  expect(isoDate({ day: "29", month: "2", year: "2023" })).toBeNull();
  expect(isoDate({ day: "1", month: "1", year: "92" })).toBeNull();
});

test("one person is asked neither for a partner nor how they take part", () => {
  expect(steps(1)).toEqual(["need", "times", "person_1", "check"]);
});
