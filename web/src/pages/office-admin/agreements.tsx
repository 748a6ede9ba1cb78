/* SPDX-License-Identifier: EUPL-1.2 */
/* Each agreement as one sentence that the people who signed it would recognise. */
import { useCall } from "../../app/load";
import { useStore } from "../../app/store";
import { Problem } from "../../components/alert/problem";
import { Loading } from "../../components/loading/loading";
import { useTexts } from "../../i18n/catalogue";
import { language } from "../../i18n/language";
import { office } from "../../i18n/office";
import { money, useClock } from "../../i18n/time";

interface Row {
  id: string;
  responsible: string;
  performer: string;
  rules: { kind: "own_busy" | "wait_over" | "outside_hours" | "language" | "always"; minutes: number }[];
  languages: string;
  quota_per_day: number;
  used_today: number;
  price_cent: number;
  valid_from_ms: number;
  valid_until_ms: number;
}

export function Agreements() {
  const t = useTexts(office);
  const clock = useClock();
  const spoken = useStore(language);
  const { value, error, again } = useCall("agreement.list", {});
  const rows = value?.agreements as unknown as Row[] | undefined;
  const rules = (row: Row) => row.rules.map((rule) => (rule.kind === "wait_over" ? t("rule.wait_over", { minutes: rule.minutes }) : t(`rule.${rule.kind}`))).join(` ${t("rule.or")} `);
  return (
    <>
      <Problem error={error} again={again} />
      {!rows && !error && <Loading />}
      {rows?.length === 0 && <p class="kern-body">{t("agreements.none")}</p>}
      {rows?.map((row) => (
        <article class="panel stack stack--tight" key={row.id}>
          <p class="kern-title">{t("agreement.sentence", { performer: row.performer, responsible: row.responsible, rules: rules(row) })}</p>
          <p class="kern-body">
            {t("agreement.limits", { quota: row.quota_per_day, used: row.used_today, languages: row.languages.replaceAll(",", ", ") || t("agreement.all_languages") })} {t("agreement.price", { price: money(row.price_cent, spoken) })}.{" "}
            {row.valid_from_ms
              ? t("agreement.valid", { from: clock.day(row.valid_from_ms), until: clock.day(row.valid_until_ms) })
              : t("agreement.valid_until", { until: clock.day(row.valid_until_ms) })}
            .
          </p>
        </article>
      ))}
    </>
  );
}
