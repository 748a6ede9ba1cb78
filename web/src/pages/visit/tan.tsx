/* SPDX-License-Identifier: EUPL-1.2 */
import { useState } from "preact/hooks";
import { useAction, useNow } from "../../app/load";
import { Problem } from "../../components/alert/problem";
import { TanInput } from "../../components/tan/tan";
import { useTexts } from "../../i18n/catalogue";
import { visit } from "../../i18n/visit";
import { minutesAndSeconds } from "../../i18n/time";
import type { Conference } from "../../media/conference";
import type { Session } from "./meeting";

export function Tan({ tan, conference }: { tan: NonNullable<Session["tan"]>; conference: Conference<"visit"> }) {
  const t = useTexts(visit);
  const now = useNow(1000);
  const [triesLeft, setTriesLeft] = useState<number | null>(null);
  const enter = useAction(async (digits: string) => {
    const answer = await conference.socket.request("tan.enter", { attempt: tan.attempt, tan: digits });
    setTriesLeft(answer.is_right ? null : answer.tries_left);
  });
  return (
    <div class="stack stack--tight">
      <TanInput isBusy={enter.isBusy} error={triesLeft === null ? undefined : t("tan.wrong", { count: triesLeft })} onEnter={(digits) => void enter.run(digits)} />
      <Problem error={enter.error} />
      <details class="tan__more">
        <summary>
          {t("tan.missing")} <span class="muted">{t("tan.expires", { time: minutesAndSeconds((tan.expires_ms - now) / 1000) })}</span>
        </summary>
        <p>{t("tan.resend")}</p>
      </details>
    </div>
  );
}
