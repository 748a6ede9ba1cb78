/* SPDX-License-Identifier: EUPL-1.2 */
/* The last still, enlarged beside the live picture; what is wrong with it is said at once. */
import { useState } from "preact/hooks";
import { Alert } from "../../components/alert/alert";
import { Button } from "../../components/button/button";
import { useTexts } from "../../i18n/catalogue";
import { desk } from "../../i18n/desk";
import { address } from "../../protocol/http";
import { stillProblems } from "./quality";
import type { Still } from "./session";

const ZOOMS = [1, 2, 3, 5];

export function LastStill({ still }: { still: Still | null }) {
  const t = useTexts(desk);
  const [zoom, setZoom] = useState(0);
  if (!still) return <p class="still still--none muted">{t("stage.still_none")}</p>;
  const problems = stillProblems(still);
  const factor = ZOOMS[zoom]!;
  return (
    <figure class="still" data-testid="still" data-still={still.still}>
      <div class="still__window" tabIndex={0} role="group" aria-label={t("stage.zoom_level", { factor })}>
        <img src={address("still.get", { still: still.still })} alt={t("stage.still")} style={{ width: `${factor * 100}%` }} />
      </div>
      <figcaption class="row row--between">
        <span>
          {t("stage.still")} · {still.width} × {still.height}
          {still.mrz.length > 0 && ` · ${t("still.mrz", { count: still.mrz.length })}`}
        </span>
        <span class="row">
          <Button kind="tertiary" small hotkey="+" disabled={zoom === ZOOMS.length - 1} onClick={() => setZoom(Math.min(zoom + 1, ZOOMS.length - 1))}>
            {t("stage.zoom")}
          </Button>
          <Button kind="tertiary" small hotkey="-" disabled={zoom === 0} onClick={() => setZoom(Math.max(zoom - 1, 0))}>
            {t("stage.zoom_out")}
          </Button>
        </span>
      </figcaption>
      {problems.length ? problems.map((problem) => <Alert key={problem} kind="warning" title={t(`still.${problem}`)} live="assertive" />) : <p role="status">{t("still.good")}</p>}
    </figure>
  );
}
