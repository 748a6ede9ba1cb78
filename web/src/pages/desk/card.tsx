/* SPDX-License-Identifier: EUPL-1.2 */
/* What an officer should know before joining the session that was drawn. */
import { useState } from "preact/hooks";
import { useAction } from "../../app/load";
import { Problem } from "../../components/alert/problem";
import { Badge } from "../../components/badge/badge";
import { Button } from "../../components/button/button";
import { Facts } from "../../components/facts/facts";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import { languages } from "../../i18n/language";
import type { Language, ViewDesk } from "../../protocol/generated";
import type { DeskConference } from "./desk";
import { EndDialog } from "./end";

export type DeskSession = NonNullable<ViewDesk["session"]>;

export const languageName = (key: string) => languages[key as Language] ?? key;

export function Card({ session, conference }: { session: DeskSession; conference: DeskConference }) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const join = useAction(() => conference.socket.request("session.join", { session: session.id }));
  const [isEnding, setEnding] = useState(false);
  const documents = [...new Set(session.intake.map((one) => one.document_type))].filter((one) => one === "id_card" || one === "passport");
  return (
    <section class="panel stack card" aria-labelledby="card" data-testid="card">
      <h2 class="kern-heading-medium" id="card">
        {t("card.title")}
      </h2>
      {session.is_overflow ? (
        <div>
          <Badge kind="warning">{t("card.overflow", { office: session.office.name, organisation: session.office.organisation })}</Badge>
          <p class="kern-body">{t("card.overflow_address", { office: session.office.name, address: session.office.address })}</p>
        </div>
      ) : (
        <Badge kind="info">{t("card.own")}</Badge>
      )}
      <Facts
        facts={[
          [t("card.service"), session.service.name],
          [t("card.languages"), [...new Set(session.intake.map((one) => languageName(one.language)))].join(", ")],
          documents.length > 0 && [t("card.document"), documents.map((one) => c(`document.${one}`)).join(", ")],
        ]}
      />
      <ul class="plain stack stack--tight">
        {session.people.map((person) => (
          <li class="row row--between" key={person.id}>
            <span class="kern-body">{person.name}</span>
            <Badge kind={person.is_present ? "success" : "warning"}>{t(person.is_present ? "card.present" : "card.absent")}</Badge>
          </li>
        ))}
      </ul>
      <p class="kern-body muted">{t("card.draw")}</p>
      <Problem error={join.error} />
      <div class="actions">
        <Button kind="primary" icon="arrow-forward" hotkey="j" busy={join.isBusy} onClick={join.run}>
          {t("card.join")}
        </Button>
        <Button hotkey="e" onClick={() => setEnding(true)}>
          {t("back.button")}
        </Button>
      </div>
      {isEnding && <EndDialog session={session} conference={conference} onClose={() => setEnding(false)} />}
    </section>
  );
}
