/* SPDX-License-Identifier: EUPL-1.2 */
/* What the person can do about a bad picture or sound of theirs: one sentence, about the worst. */
import { useStore } from "../../app/store";
import { useTexts } from "../../i18n/catalogue";
import { visit } from "../../i18n/visit";
import type { Conference, Quality } from "../../media/conference";

/* Nobody is told to mend what is switched off. */
export function adviceOf(quality: Quality | undefined, sending: { audio: boolean; video: boolean }): Quality["reasons"][number] | "paused" | null {
  if (!quality) return null;
  if (quality.paused.length > 0) return "paused";
  const isTheirs = (reason: string) => (reason.startsWith("picture") ? sending.video : reason.startsWith("audio") ? sending.audio : true);
  return quality.reasons.find(isTheirs) ?? null;
}

export function Advice({ peer, conference }: { peer: string; conference: Conference<"visit"> }) {
  const t = useTexts(visit);
  const quality = useStore(conference.quality).get(peer);
  const advice = adviceOf(quality, useStore(conference.sending));
  return (
    <div role="status" data-testid="advice" data-advice={advice ?? ""}>
      {advice && <p class="media-notice">{t(`advice.${advice}`)}</p>}
    </div>
  );
}
