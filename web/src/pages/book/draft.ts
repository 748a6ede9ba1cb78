/* SPDX-License-Identifier: EUPL-1.2 */
/* What a visitor has filled in so far, and what is still wrong with it. Pure. */
import type { Errors } from "../../components/field/error-summary";
import { type DateParts, isoDate, noDate } from "../../components/field/date-field";
import type { Hold } from "../../components/hold-bar/hold-bar";
import type { booking } from "../../i18n/booking";
import type { Texts } from "../../i18n/catalogue";
import type { common } from "../../i18n/common";
import type { Language, PersonIntake } from "../../protocol/generated";

export interface PersonDraft {
  given_names: string;
  family_name: string;
  birth_name: string;
  birth_date: DateParts;
  email: string;
  phone: string;
  language: Language;
  document_type: PersonIntake["document_type"] | "";
}

export type Step = "need" | "times" | "together" | "person_1" | "person_2" | "check" | "booked";

export interface Draft {
  step: Step;
  hold: Hold | null;
  together: "yes" | "no" | "";
  persons: [PersonDraft, PersonDraft];
  consent: boolean;
  confirm_until_ms: number;
}

const emptyPerson = (language: Language): PersonDraft => ({
  given_names: "",
  family_name: "",
  birth_name: "",
  birth_date: noDate,
  email: "",
  phone: "",
  language,
  document_type: "",
});

export const emptyDraft = (language: Language): Draft => ({
  step: "need",
  hold: null,
  together: "",
  persons: [emptyPerson(language), emptyPerson(language)],
  consent: false,
  confirm_until_ms: 0,
});

/* The steps of a service in order; one person needs neither a partner nor a choice of device. */
export function steps(personCount: number): Step[] {
  return personCount > 1 ? ["need", "times", "together", "person_1", "person_2", "check"] : ["need", "times", "person_1", "check"];
}

const ADULT_YEARS = 18;
const isAdult = (iso: string, now: Date) => {
  const limit = new Date(now);
  limit.setFullYear(limit.getFullYear() - ADULT_YEARS);
  return Date.parse(iso) <= limit.getTime();
};

/* Errors of a person's form by field id. */
export function personErrors(
  person: PersonDraft,
  now: Date,
  mustBeAdult: boolean,
  t: Texts<(typeof booking)["de"]>,
  c: Texts<(typeof common)["de"]>,
): Errors {
  const errors: Errors = {};
  const missing = (field: "given_names" | "family_name") => {
    if (!person[field].trim()) errors[field] = `${t(`person.${field}`)}: ${c("field.missing")}`;
  };
  missing("given_names");
  missing("family_name");
  const { day, month, year } = person.birth_date;
  const birth = isoDate(person.birth_date);
  if (!birth) errors.birth_date = day && month && year ? c("date.wrong") : c("date.missing");
  else if (Date.parse(birth) > now.getTime()) errors.birth_date = c("date.wrong");
  else if (mustBeAdult && !isAdult(birth, now)) errors.birth_date = t("person.too_young");
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(person.email.trim()) && !/^[^@\s]+@localhost$/.test(person.email.trim())) errors.email = c("field.email");
  if (person.phone.trim() && !/^[+0-9 /()-]{5,30}$/.test(person.phone.trim())) errors.phone = t("person.phone_wrong");
  if (!person.document_type) errors.document_type = t("person.document_missing");
  return errors;
}

/* The person as the protocol wants it; call only when there are no errors. */
export function toIntake(person: PersonDraft): PersonIntake {
  const intake: PersonIntake = {
    given_names: person.given_names.trim().normalize("NFC"),
    family_name: person.family_name.trim().normalize("NFC"),
    birth_date: isoDate(person.birth_date)!,
    email: person.email.trim(),
    language: person.language,
    document_type: person.document_type as PersonIntake["document_type"],
  };
  if (person.birth_name.trim()) intake.birth_name = person.birth_name.trim().normalize("NFC");
  if (person.phone.trim()) intake.phone = person.phone.trim();
  return intake;
}
