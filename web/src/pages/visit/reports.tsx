/* SPDX-License-Identifier: EUPL-1.2 */
import { LinkButton } from "../../components/button/button";
import { useTexts } from "../../i18n/catalogue";
import { visit } from "../../i18n/visit";
import type { ViewVisit } from "../../protocol/generated";
import { address } from "../../protocol/http";

export function Reports({ view }: { view: ViewVisit }) {
  const t = useTexts(visit);
  if (view.reports.length === 0) return null;
  return (
    <section class="stack stack--tight">
      <h2 class="kern-heading-medium">{t("reports.title")}</h2>
      <p class="kern-body">{t("reports.text")}</p>
      {view.reports.map((report) => (
        <div class="actions" key={report.id}>
          <LinkButton kind="primary" icon="download" href={address("report.pdf", { report: report.id })} download testid="report-pdf">
            {t("reports.pdf", { name: report.name })}
          </LinkButton>
          <LinkButton icon="download" href={address("report.json", { report: report.id })} download testid="report-json">
            {t("reports.json", { name: report.name })}
          </LinkButton>
        </div>
      ))}
      <details class="kern-accordion">
        <summary class="kern-accordion__header">
          <span class="kern-title">{t("reports.verify")}</span>
        </summary>
        <section class="kern-accordion__body">
          <p class="kern-body">{t("reports.verify_text")}</p>
        </section>
      </details>
    </section>
  );
}
