/* SPDX-License-Identifier: EUPL-1.2 */
import { useState } from "preact/hooks";
import { useAction } from "../../app/load";
import { PageFrame } from "../../app/page";
import { Alert } from "../../components/alert/alert";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { DateField, isoDate, noDate } from "../../components/field/date-field";
import { ErrorSummary } from "../../components/field/error-summary";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { visit } from "../../i18n/visit";
import { call, forgetCsrf } from "../../protocol/http";
import { endVisit, keepLink } from "./visit";

/* Told alike, so that nobody learns which of the two was right. */
const WRONG = ["credentials", "not_found", "expired", "input"];

export function OpenLink({ token, onOpened }: { token: string; onOpened: () => void }) {
  const t = useTexts(visit);
  const c = useTexts(common);
  const [date, setDate] = useState(noDate);
  const [turn, setTurn] = useState(0);
  const birth_date = isoDate(date);
  const error = turn > 0 && !birth_date ? c("date.missing") : undefined;
  const open = useAction(async () => {
    await call("link.open", { token, birth_date: birth_date! });
    forgetCsrf();
    endVisit();
    keepLink(token);
    onOpened();
  });
  if (!token) {
    return (
      <PageFrame title={t("open.title")} width="narrow">
        <Alert kind="info" title={t("open.title")}>
          <p class="kern-body">{t("open.no_link")}</p>
        </Alert>
      </PageFrame>
    );
  }
  return (
    <PageFrame title={t("open.title")} lead={t("open.lead")} width="narrow">
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (birth_date) void open.run();
          else setTurn(turn + 1);
        }}
      >
        <ErrorSummary errors={error ? { birth_date: error } : {}} turn={turn} />
        <Problem error={open.error}>{open.error && WRONG.includes(open.error.code) ? t("open.wrong") : undefined}</Problem>
        <DateField id="birth_date" label={t("open.birth_date")} value={date} onInput={setDate} error={error} autoComplete />
        <div class="actions">
          <Button kind="primary" type="submit" busy={open.isBusy}>
            {t("open.button")}
          </Button>
        </div>
      </form>
    </PageFrame>
  );
}
