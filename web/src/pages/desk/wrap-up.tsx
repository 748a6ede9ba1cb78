/* SPDX-License-Identifier: EUPL-1.2 */
import { Alert } from "../../components/alert/alert";
import { LinkButton } from "../../components/button/button";
import { useTexts } from "../../i18n/catalogue";
import { desk } from "../../i18n/desk";
import { address } from "../../protocol/http";
import type { DeskSession } from "./card";
import { Outcomes } from "./outcomes";

export function WrapUp({ session }: { session: DeskSession }) {
  const t = useTexts(desk);
  const nameOf = (id: string) => session.people.find((person) => person.id === id)?.name ?? "";
  const reports = session.attempts.filter((attempt) => attempt.report !== null);
  return (
    <section class="panel stack" aria-labelledby="wrap" data-testid="wrap-up">
      <h2 class="kern-heading-medium" id="wrap">
        {t("wrap.title")}
      </h2>
      <p class="kern-body">{t("wrap.text")}</p>
      <Outcomes session={session} />
      {reports.map((attempt) => (
        <div key={attempt.id}>
          <LinkButton icon="open-in-new" newTab href={address("report.pdf", { report: attempt.report! })} testid="report-pdf">
            {t("wrap.report", { name: nameOf(attempt.person) })}
          </LinkButton>
        </div>
      ))}
      <Alert kind="info" title={t("wrap.pause")} />
    </section>
  );
}
