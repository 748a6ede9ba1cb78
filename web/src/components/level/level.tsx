/* SPDX-License-Identifier: EUPL-1.2 */
import { useEffect, useState } from "preact/hooks";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { watchLevel } from "../../media/sound";
import "./level.css";

const HEARD = 0.25;

/* How loud the microphone is. `onHeard` is called once, when there was sound. */
export function Level({ stream, onHeard }: { stream: MediaStream; onHeard?: () => void }) {
  const t = useTexts(common);
  const [level, setLevel] = useState(0);
  useEffect(() => {
    let wasHeard = false;
    return watchLevel(stream, (now) => {
      setLevel(now);
      if (now > HEARD && !wasHeard) {
        wasHeard = true;
        onHeard?.();
      }
    });
  }, [stream]);
  return <meter class="level" min={0} max={1} value={level} aria-label={t("media.level")} />;
}
