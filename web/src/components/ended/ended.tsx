/* SPDX-License-Identifier: EUPL-1.2 */
/* The server ended this page's connection, and another try would not change that: why, and the way on. */
import { useAction } from "../../app/load";
import { PageFrame } from "../../app/page";
import { takeOver } from "../../app/socket";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import type { Conference } from "../../media/conference";
import type { Connection, Views } from "../../protocol/socket";
import { Problem } from "../alert/problem";
import { Button } from "../button/button";

export type End = "elsewhere" | "wrong";

export const endOf = ({ state }: Connection): End | null => (state === "elsewhere" || state === "wrong" ? state : null);

export function Ended<View extends keyof Views>({ end, conference }: { end: End; conference: Conference<View> }) {
  const t = useTexts(common);
  const goOn = useAction(() => takeOver(conference));
  return (
    <PageFrame key={end} title={t(`ended.${end}`)} lead={t(`ended.${end}_text`)} width="narrow">
      <Problem error={goOn.error} />
      <div class="actions" data-testid="ended" data-end={end}>
        {end === "elsewhere" ? (
          <Button kind="primary" icon="arrow-forward" busy={goOn.isBusy} onClick={goOn.run}>
            {t("ended.here")}
          </Button>
        ) : (
          <Button kind="primary" icon="autorenew" onClick={() => location.reload()}>
            {t("ended.reload")}
          </Button>
        )}
      </div>
    </PageFrame>
  );
}
