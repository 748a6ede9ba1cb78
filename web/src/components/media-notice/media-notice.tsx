/* SPDX-License-Identifier: EUPL-1.2 */
/* What is wrong with picture and sound, in one line; nothing while they are well. */
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import type { Call } from "../../media/call";
import "./media-notice.css";

export function MediaNotice({ state, problem }: { state: Call["state"]["value"]; problem: Call["problem"]["value"] }) {
  const t = useTexts(common);
  if (!problem && state !== "broken") return null;
  return (
    <p class="media-notice" role="status" data-testid="media-notice" data-problem={problem ?? ""}>
      {t(problem ? `media.problem_${problem}` : "media.reconnecting")}
    </p>
  );
}
