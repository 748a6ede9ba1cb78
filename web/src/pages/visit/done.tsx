/* SPDX-License-Identifier: EUPL-1.2 */
/* The result in a sentence, the reports, and what remains. */
import { PageFrame } from "../../app/page";
import { Alert } from "../../components/alert/alert";
import { LinkButton } from "../../components/button/button";
import { useTexts } from "../../i18n/catalogue";
import { visit } from "../../i18n/visit";
import type { ViewVisit } from "../../protocol/generated";
import { Reports } from "./reports";

const reasons = ["completed", "technical", "identification_failed", "no_consent", "person_wishes", "office"] as const;
const verdicts = ["identified", "not_identified", "aborted"] as const;

export function Done({ view }: { view: ViewVisit }) {
  const t = useTexts(visit);
  const { state, service } = view.appointment;
  const given = view.session?.end_reason ?? (state === "aborted" ? "office" : "completed");
  /* A suspicion is never told here. */
  const reason = reasons.find((one) => one === given) ?? "office";
  const isGood = reason === "completed";
  return (
    <PageFrame title={t(isGood ? "done.title" : "done.title_aborted")} lead={t(`done.${reason}`)}>
      <div data-testid="done" data-reason={reason} class="stack">
        {view.reports.map((report) => {
          const verdict = verdicts.find((one) => one === report.verdict) ?? "aborted";
          return <Alert key={report.id} kind={verdict === "identified" ? "success" : "info"} title={t(`done.verdict_${verdict}`, { name: report.name })} live="polite" />;
        })}
        {isGood && service.is_identifying && view.reports.length === 0 && (
          <p class="kern-body" role="status">
            {t("done.waiting_report")}
          </p>
        )}
        <Reports view={view} />
        <section class="stack stack--tight">
          <h2 class="kern-heading-medium">{t("done.next")}</h2>
          <ul class="kern-list kern-list--bullet">
            {(["originals", "contact", "recording"] as const).map((one) => (
              <li key={one}>{t(`done.next_${one}`)}</li>
            ))}
          </ul>
        </section>
        <div class="actions">
          <LinkButton href="/visit">{t("done.manage")}</LinkButton>
        </div>
      </div>
    </PageFrame>
  );
}
