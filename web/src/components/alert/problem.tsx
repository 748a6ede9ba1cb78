/* SPDX-License-Identifier: EUPL-1.2 */
/* What went wrong, in words, with a way on. */
import type { ComponentChildren } from "preact";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { OFFLINE, type ProtocolError } from "../../protocol/error";
import { Button } from "../button/button";
import { Alert } from "./alert";

const known: { [code: string]: "error.offline" | "error.not_found" | "error.rate" } = {
  [OFFLINE]: "error.offline",
  not_found: "error.not_found",
  rate: "error.rate",
  rate_limited: "error.rate",
};

export function Problem({ error, again, children }: { error: ProtocolError | null; again?: () => void; children?: ComponentChildren }) {
  const t = useTexts(common);
  if (!error) return null;
  return (
    <Alert kind={error.code === OFFLINE ? "warning" : "danger"} title={t("error.title")} live="assertive">
      <p class="kern-body">{children ?? t(known[error.code] ?? "error.other")}</p>
      {again && (
        <Button kind="tertiary" icon="autorenew" onClick={again}>
          {t("again")}
        </Button>
      )}
    </Alert>
  );
}
