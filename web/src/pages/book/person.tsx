/* SPDX-License-Identifier: EUPL-1.2 */
import { useState } from "preact/hooks";
import { Button } from "../../components/button/button";
import { DateField } from "../../components/field/date-field";
import { ErrorSummary } from "../../components/field/error-summary";
import { Choice, SelectField, TextField } from "../../components/field/field";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { languages } from "../../i18n/language";
import type { Language } from "../../protocol/generated";
import { type PersonDraft, personErrors } from "./draft";

interface Props {
  person: PersonDraft;
  mustBeAdult: boolean;
  onChange: (person: PersonDraft) => void;
  onNext: () => void;
}

export function Person({ person, mustBeAdult, onChange, onNext }: Props) {
  const t = useTexts(booking);
  const c = useTexts(common);
  const [turn, setTurn] = useState(0);
  const wrong = personErrors(person, new Date(), mustBeAdult, t, c);
  const errors = turn > 0 ? wrong : {};
  const field = (id: "given_names" | "family_name" | "birth_name" | "email" | "phone") => ({
    id,
    label: t(`person.${id}`),
    value: person[id],
    error: errors[id],
    onInput: (value: string) => onChange({ ...person, [id]: value }),
  });
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (Object.keys(wrong).length) setTurn(turn + 1);
        else onNext();
      }}
    >
      <ErrorSummary errors={errors} turn={turn} />
      <TextField {...field("given_names")} hint={t("person.given_names_hint")} autoComplete="given-name" maxLength={120} />
      <TextField {...field("family_name")} autoComplete="family-name" maxLength={120} />
      <TextField {...field("birth_name")} hint={t("person.birth_name_hint")} isOptional maxLength={120} />
      <DateField id="birth_date" label={t("person.birth_date")} value={person.birth_date} error={errors.birth_date} autoComplete onInput={(birth_date) => onChange({ ...person, birth_date })} />
      <TextField {...field("email")} hint={t("person.email_hint")} type="email" autoComplete="email" inputMode="email" maxLength={254} />
      <TextField {...field("phone")} hint={t("person.phone_hint")} type="tel" autoComplete="tel" inputMode="tel" isOptional maxLength={30} />
      <Choice
        id="document_type"
        label={t("person.document_type")}
        value={person.document_type}
        error={errors.document_type}
        onChange={(document_type) => onChange({ ...person, document_type })}
        options={[
          { value: "id_card", label: c("document.id_card") },
          { value: "passport", label: c("document.passport") },
        ]}
      />
      <SelectField
        id="language"
        label={t("person.language")}
        value={person.language}
        onChange={(value) => onChange({ ...person, language: value as Language })}
        options={Object.entries(languages).map(([value, label]) => ({ value, label }))}
      />
      <div class="actions">
        <Button kind="primary" type="submit" icon="arrow-forward">
          {c("next")}
        </Button>
      </div>
    </form>
  );
}
