/* SPDX-License-Identifier: EUPL-1.2 */
/* Intake, machine-readable zone and what was said, side by side; differences are marked by sign and word, not by colour alone. */
import { Badge } from "../../components/badge/badge";
import "../../components/table/table.css";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import { useStore } from "../../app/store";
import { language } from "../../i18n/language";
import { dateInWords } from "../../i18n/time";
import type { Attempt } from "../../protocol/generated";
import type { DeskSession } from "./card";
import { answers } from "./script";

const fields = ["given_names", "family_name", "birth_name", "birth_date", "document_type", "document_number", "nationality", "issue_date", "expiry_date", "mrz", "difference", "text"] as const;

/* What was said at the steps that ask for it. */
export function spokenOf(attempt: Attempt | undefined): { [field: string]: string } {
  const said = (attempt?.checks ?? []).flatMap(({ answer, parameters }) => {
    const field = answers.find((one) => one === parameters.answer);
    return field && answer ? [[field, answer]] : [];
  });
  return Object.fromEntries(said) as { [field: string]: string };
}

/* Of the attempt, or before it of the person who is looked at. */
export function Comparison({ session, attempt, person }: { session: DeskSession; attempt: Attempt | undefined; person?: string | undefined }) {
  const spoken = spokenOf(attempt);
  const into = useStore(language);
  const t = useTexts(desk);
  const c = useTexts(common);
  if (!session.service.is_identifying) return null;
  const name = (field: string) => {
    const known = fields.find((one) => one === field);
    return known ? t(`field.${known}`) : field;
  };
  const value = (text: string) => {
    if (text === "id_card" || text === "passport") return c(`document.${text}`);
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? dateInWords(text, into) : text;
  };
  const compared = attempt?.comparisons ?? [];
  const intake = session.intake.find((one) => one.person === (attempt?.person ?? person));
  const rows = compared.length
    ? compared
    : (["given_names", "family_name", "birth_name", "birth_date"] as const).map((field) => ({ field, intake: intake?.[field] ?? "", mrz: "", is_equal: true })).filter((row) => row.intake);
  const extra = Object.entries(spoken).filter(([field]) => !rows.some((row) => row.field === field));
  return (
    <section aria-labelledby="comparison">
      <table class="kern-table kern-table--small comparison" data-testid="comparison">
        <caption class="kern-sr-only" id="comparison">
          {t("compare.title")}
        </caption>
        <thead class="kern-table__head">
          <tr class="kern-table__row">
            {(["field", "intake", "mrz", "spoken"] as const).map((column) => (
              <th class="kern-table__header" scope="col" key={column}>
                {t(`compare.${column}`)}
              </th>
            ))}
            <th class="kern-table__header" scope="col">
              <span class="kern-sr-only">{t("compare.title")}</span>
            </th>
          </tr>
        </thead>
        <tbody class="kern-table__body">
          {rows.map((row) => (
            <tr class={`kern-table__row ${row.is_equal ? "" : "comparison__different"}`} key={row.field}>
              <th class="kern-table__header" scope="row">
                {name(row.field)}
              </th>
              <td class="kern-table__cell">{value(row.intake)}</td>
              <td class="kern-table__cell mono">{value(row.mrz)}</td>
              <td class="kern-table__cell">{value(spoken[row.field] ?? "")}</td>
              <td class="kern-table__cell">
                {row.mrz && (row.is_equal ? <Badge kind="success">{t("compare.equal")}</Badge> : <Badge kind="warning">{t("compare.different")}</Badge>)}
              </td>
            </tr>
          ))}
          {extra.map(([field, said]) => (
            <tr class="kern-table__row" key={field}>
              <th class="kern-table__header" scope="row">
                {name(field)}
              </th>
              <td class="kern-table__cell" />
              <td class="kern-table__cell" />
              <td class="kern-table__cell">{value(said)}</td>
              <td class="kern-table__cell" />
            </tr>
          ))}
        </tbody>
      </table>
      {attempt && attempt.mrz.length > 0 ? <pre class="comparison__mrz">{attempt.mrz.join("\n")}</pre> : <p class="muted">{t("compare.none")}</p>}
    </section>
  );
}
