/* SPDX-License-Identifier: EUPL-1.2 */
/* "Step 2 of 5" with a bar. */
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import "./steps.css";

export function Steps({ number, total }: { number: number; total: number }) {
  const t = useTexts(common);
  const text = t("step", { number, total });
  return (
    <div class="kern-progress steps">
      <span class="kern-label kern-label--small" id="steps">
        {text}
      </span>
      <progress value={number} max={total} aria-labelledby="steps" />
    </div>
  );
}
