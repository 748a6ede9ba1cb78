/* SPDX-License-Identifier: EUPL-1.2 */
import { useState } from "preact/hooks";
import { Button } from "../../components/button/button";
import { ErrorSummary } from "../../components/field/error-summary";
import { Choice } from "../../components/field/field";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import type { Draft } from "./draft";

export function Together({ value, onChange, onNext }: { value: Draft["together"]; onChange: (value: "yes" | "no") => void; onNext: () => void }) {
  const t = useTexts(booking);
  const c = useTexts(common);
  const [turn, setTurn] = useState(0);
  const error = turn > 0 && !value ? t("together.missing") : undefined;
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (value) onNext();
        else setTurn(turn + 1);
      }}
    >
      <ErrorSummary errors={error ? { together: error } : {}} turn={turn} />
      <Choice
        id="together"
        label={t("together.label")}
        value={value}
        onChange={onChange}
        error={error}
        options={[
          { value: "yes", label: t("together.yes"), hint: t("together.yes_hint") },
          { value: "no", label: t("together.no"), hint: t("together.no_hint") },
        ]}
      />
      <div class="actions">
        <Button kind="primary" type="submit" icon="arrow-forward">
          {c("next")}
        </Button>
      </div>
    </form>
  );
}
