/* SPDX-License-Identifier: EUPL-1.2 */
/* What went wrong, in words, with a way on. */
import type { ComponentChildren } from "preact";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { refusal } from "../../i18n/refusal";
import { OFFLINE, type ProtocolError } from "../../protocol/error";
import { refusals } from "../../protocol/generated";
import { Button } from "../button/button";
import { Alert } from "./alert";

const known = [OFFLINE, ...refusals] as const;

/* The refusal in the page's language; a server that is newer than the page may say what the page has no text for. */
export function useRefusal(): (error: ProtocolError) => string {
  const t = useTexts(refusal);
  return (error) => {
    const key = known.find((one) => one === error.key);
    return key ? t(`refusal.${key}`) : error.text;
  };
}

export function Problem({ error, again, children }: { error: ProtocolError | null; again?: () => void; children?: ComponentChildren }) {
  const t = useTexts(common);
  const inWords = useRefusal();
  if (!error) return null;
  return (
    <Alert kind={error.code === OFFLINE ? "warning" : "danger"} title={t("error.title")} live="assertive">
      <p class="kern-body">{children ?? inWords(error)}</p>
      {again && (
        <Button kind="tertiary" icon="autorenew" onClick={again}>
          {t("again")}
        </Button>
      )}
    </Alert>
  );
}
