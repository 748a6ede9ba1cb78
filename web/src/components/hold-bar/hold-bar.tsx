/* SPDX-License-Identifier: EUPL-1.2 */
/* How long the chosen time stays reserved: a bar that empties, "more time", and a word two minutes before the end. */
import { useEffect } from "preact/hooks";
import { useAction, useNow } from "../../app/load";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import { minutesAndSeconds } from "../../i18n/time";
import { Button } from "../button/button";
import "./hold-bar.css";

export interface Hold {
  appointment: string;
  start_ms: number;
  end_ms: number;
  made_ms: number;
  expires_ms: number;
  can_extend: boolean;
}

const WARN_S = 120;

interface Props {
  hold: Hold;
  onExtend: () => Promise<void>;
  onOver: () => void;
}

export function HoldBar({ hold, onExtend, onOver }: Props) {
  const t = useTexts(booking);
  const now = useNow(1000);
  const extend = useAction(onExtend);
  const left_s = Math.max(0, (hold.expires_ms - now) / 1000);
  const whole_s = (hold.expires_ms - hold.made_ms) / 1000;
  const isOver = left_s === 0;
  const isSoon = left_s <= WARN_S;
  useEffect(() => {
    if (isOver) onOver();
  }, [isOver]);
  return (
    <section class={`hold-bar ${isSoon ? "hold-bar--soon" : ""}`} data-testid="hold-bar" aria-label={t("hold.label")}>
      <div class="hold-bar__text">
        <span class="kern-body" id="hold-left" role="timer">
          {t("hold.left", { time: minutesAndSeconds(left_s) })}
        </span>
        {hold.can_extend && (
          <Button kind="tertiary" icon="add" busy={extend.isBusy} onClick={extend.run}>
            {t("hold.more")}
          </Button>
        )}
      </div>
      <div class="kern-progress">
        <progress value={left_s} max={whole_s} aria-labelledby="hold-left" />
      </div>
      <span class="kern-sr-only" role="status">
        {isSoon && !isOver && t(hold.can_extend ? "hold.soon" : "hold.soon_last")}
      </span>
    </section>
  );
}
