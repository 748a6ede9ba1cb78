/* SPDX-License-Identifier: EUPL-1.2 */
/* All answers once more, each with "change"; the button says what happens. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Action } from "../../app/load";
import { useStore } from "../../app/store";
import { Alert } from "../../components/alert/alert";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { Facts } from "../../components/facts/facts";
import { isoDate } from "../../components/field/date-field";
import { ErrorSummary } from "../../components/field/error-summary";
import { CheckField } from "../../components/field/field";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { language, languages } from "../../i18n/language";
import { dateInWords, money, useClock } from "../../i18n/time";
import type { Office, Service } from "../../protocol/generated";
import type { Draft, PersonDraft, Step } from "./draft";

interface Props {
  office: Office;
  service: Service;
  draft: Draft;
  isOver: boolean;
  book: Action<[]>;
  go: (step: Step) => void;
  onConsent: (isGiven: boolean) => void;
  chooseAgain: () => void;
}

const fields = ["given_names", "family_name", "birth_name", "birth_date", "email", "phone", "language", "document_type"] as const;

/* "persons[1].email" in the words of the form. */
function personField(path: string | null | undefined) {
  const [, index, name] = /^persons\[([01])\]\.(\w+)$/.exec(path ?? "") ?? [];
  const field = fields.find((one) => one === name);
  return field && ({ title: index === "0" ? "person.title_1" : "person.title_2", field: `person.${field}` } as const);
}

export function Check({ office, service, draft, isOver, book, go, onConsent, chooseAgain }: Props) {
  const t = useTexts(booking);
  const c = useTexts(common);
  const spoken = useStore(language);
  const clock = useClock(office.time_zone);
  const [turn, setTurn] = useState(0);
  const error = turn > 0 && !draft.consent ? t("check.consent_missing") : undefined;
  const isForTwo = service.person_count > 1;
  const isGone = isOver || book.error?.code === "expired" || book.error?.code === "not_found";
  const wrong = personField(book.error?.field);
  if (!draft.hold) {
    return (
      <div class="actions">
        <Button kind="primary" onClick={chooseAgain}>
          {t("hold.choose")}
        </Button>
      </div>
    );
  }
  const start_ms = draft.hold.start_ms;
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!draft.consent) setTurn(turn + 1);
        else if (!isGone) void book.run();
      }}
    >
      <ErrorSummary errors={error ? { consent: error } : {}} turn={turn} />
      <Part title={t("check.appointment")} onChange={() => go("times")}>
        <Facts
          facts={[
            [t("check.when"), clock.moment(start_ms)],
            [t("check.where"), `${office.name}, ${office.organisation}`],
            [t("check.what"), service.name],
            [t("check.fee"), service.fee_cent ? money(service.fee_cent, spoken) : t("check.fee_free")],
          ]}
        />
      </Part>
      {isForTwo && (
        <Part title={t("check.how")} onChange={() => go("together")}>
          <p class="kern-body">{t(draft.together === "no" ? "together.no" : "together.yes")}</p>
        </Part>
      )}
      {draft.persons.slice(0, service.person_count).map((person, i) => (
        <Part key={i} title={t(i === 0 ? "person.title_1" : "person.title_2")} onChange={() => go(i === 0 ? "person_1" : "person_2")}>
          <PersonFacts person={person} />
        </Part>
      ))}
      <p class="kern-body">
        {t(isForTwo ? "check.copy_both" : "check.copy")}{" "}
        <a class="kern-link" href={`/privacy?office=${office.id}`} target="_blank" rel="noopener">
          {t("check.privacy")}
        </a>
      </p>
      <CheckField id="consent" label={t("check.consent")} isChecked={draft.consent} error={error} onChange={onConsent} />
      {isGone && book.error ? (
        <Alert kind="warning" title={t("hold.over")} live="assertive">
          <p class="kern-body">{t("hold.over_text")}</p>
          <Button kind="primary" onClick={chooseAgain}>
            {t("hold.choose")}
          </Button>
        </Alert>
      ) : (
        <Problem error={book.error}>{wrong && t("check.wrong", { title: t(wrong.title), field: t(wrong.field) })}</Problem>
      )}
      <div class="actions">
        <Button kind="primary" type="submit" icon="check" busy={book.isBusy} disabled={isGone}>
          {t("check.book", { time: clock.time(start_ms) })}
        </Button>
      </div>
      <p class="kern-sr-only" role="status">
        {book.isBusy && c("loading")}
      </p>
    </form>
  );
}

function PersonFacts({ person }: { person: PersonDraft }) {
  const t = useTexts(booking);
  const c = useTexts(common);
  const spoken = useStore(language);
  const birth = isoDate(person.birth_date);
  return (
    <Facts
      facts={[
        [t("check.name"), `${person.given_names} ${person.family_name}`],
        person.birth_name !== "" && [t("person.birth_name"), person.birth_name],
        [t("person.birth_date"), birth ? dateInWords(birth, spoken) : ""],
        [t("person.email"), person.email],
        person.phone !== "" && [t("person.phone"), person.phone],
        [t("check.document"), person.document_type && c(`document.${person.document_type}`)],
        [t("person.language"), languages[person.language]],
      ]}
    />
  );
}

function Part({ title, onChange, children }: { title: string; onChange: () => void; children: ComponentChildren }) {
  const t = useTexts(booking);
  const c = useTexts(common);
  return (
    <section class="kern-summary">
      <div class="kern-summary__header row row--between">
        <h2 class="kern-title">{title}</h2>
        <Button kind="tertiary" icon="edit" label={t("check.change", { what: title })} onClick={onChange}>
          {c("change")}
        </Button>
      </div>
      <div class="kern-summary__body">{children}</div>
    </section>
  );
}
