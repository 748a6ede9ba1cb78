/* SPDX-License-Identifier: EUPL-1.2 */
/* Am I being recorded? Always on the page while people see each other. */
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { useClock } from "../../i18n/time";
import type { Recording } from "../../protocol/generated";
import "./recording.css";

export function RecordingSign({ recording }: { recording: Recording }) {
  const t = useTexts(common);
  const clock = useClock();
  const text = recording.state === "on" ? t("recording.on", { time: recording.since_ms ? clock.time(recording.since_ms) : "" }) : t(`recording.${recording.state}`);
  return (
    <p class={`recording recording--${recording.state}`} role="status" data-testid="recording" data-state={recording.state}>
      <span class="recording__dot" aria-hidden="true" />
      {text}
    </p>
  );
}
