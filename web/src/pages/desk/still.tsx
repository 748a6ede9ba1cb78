/* SPDX-License-Identifier: EUPL-1.2 */
/* The last still, to be enlarged; what is wrong with it is said at once. */
import { useState } from "preact/hooks";
import { Badge } from "../../components/badge/badge";
import { Button } from "../../components/button/button";
import { useTexts } from "../../i18n/catalogue";
import { desk } from "../../i18n/desk";
import { address } from "../../protocol/http";
import { stillProblems } from "./quality";
import type { Still } from "./session";

const ZOOMS = [1, 2, 3, 5];

export function LastStill({ still, isLarge }: { still: Still; isLarge: boolean }) {
  const t = useTexts(desk);
  const [zoom, setZoom] = useState(0);
  const problems = stillProblems(still);
  const factor = isLarge ? ZOOMS[zoom]! : 1;
  return (
    <figure class="still" data-testid="still" data-still={still.still}>
      <div class="still__window" tabIndex={isLarge ? 0 : -1} role="group" aria-label={t("stage.zoom_level", { factor })}>
        <img src={address("still.get", { still: still.still })} alt={t("stage.still")} style={{ width: `${factor * 100}%`, height: `${factor * 100}%` }} />
      </div>
      <div class="still__verdict" role={problems.length ? "alert" : "status"}>
        {problems.length ? problems.map((problem) => <Badge key={problem} kind="warning">{t(`still.${problem}`)}</Badge>) : <Badge kind="success">{t("still.good")}</Badge>}
      </div>
      {isLarge && (
        <figcaption class="still__caption">
          <span>
            {t("stage.still")} · {still.width} × {still.height}
            {still.mrz.length > 0 && ` · ${t("still.mrz", { count: still.mrz.length })}`}
          </span>
          <Button small hotkey="+" disabled={zoom === ZOOMS.length - 1} onClick={() => setZoom(Math.min(zoom + 1, ZOOMS.length - 1))}>
            {t("stage.zoom")}
          </Button>
          <Button small hotkey="-" disabled={zoom === 0} onClick={() => setZoom(Math.max(zoom - 1, 0))}>
            {t("stage.zoom_out")}
          </Button>
        </figcaption>
      )}
    </figure>
  );
}
