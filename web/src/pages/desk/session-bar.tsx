/* SPDX-License-Identifier: EUPL-1.2 */
/* Above the session: is it recorded, what is it about, and what the officer can do besides the script. */
import { useStore } from "../../app/store";
import { useNow } from "../../app/load";
import { useCallState } from "../../app/streams";
import { areHotkeysOn } from "../../components/button/hotkey";
import { Control, Controls, More } from "../../components/controls/controls";
import { RecordingSign } from "../../components/recording/recording";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import type { DeskSession } from "./card";
import type { DeskConference } from "./desk";

interface Props {
  session: DeskSession;
  conference: DeskConference;
  onEnd: () => void;
  onFlag: () => void;
}

export function SessionBar({ session, conference, onEnd, onFlag }: Props) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const { audio, video } = useStore(conference.sending);
  const areOn = useStore(areHotkeysOn);
  return (
    <div class="desk__bar">
      <RecordingSign recording={session.recording} />
      <About session={session} conference={conference} />
      <Controls label={t("bar.label")}>
        <Control
          glyph={audio ? "microphone" : "microphone-off"}
          text={c("media.microphone_short")}
          hint={c(audio ? "media.off" : "media.on")}
          isOff={!audio}
          hotkey="m"
          onClick={() => conference.toggle("audio")}
        />
        <Control
          glyph={video ? "camera" : "camera-off"}
          text={c("media.camera")}
          hint={c(video ? "media.off" : "media.on")}
          isOff={!video}
          hotkey="v"
          onClick={() => conference.toggle("video")}
        />
        <More text={t("bar.more")} isDown>
          <Control glyph="flag" text={t("flag.button")} hotkey="h" onClick={onFlag} />
          <Control glyph="keys" text={t("desk.keys")} pressed={areOn} onClick={() => areHotkeysOn.set(!areOn)} />
        </More>
        <Control glyph="leave" text={t("end.button")} danger hotkey="e" onClick={onEnd} />
      </Controls>
    </div>
  );
}

const MINUTE_MS = 60_000;

/* In whose name, about what, for how long; or that picture and sound are away. */
function About({ session, conference }: { session: DeskSession; conference: DeskConference }) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const { state } = useCallState(conference);
  const now = useNow(10_000);
  if (state === "broken") {
    return (
      <p class="desk__about" role="status">
        {c("media.reconnecting")}
      </p>
    );
  }
  const minutes = session.started_ms === null ? 0 : Math.max(0, Math.floor((now - session.started_ms) / MINUTE_MS));
  return (
    <p class="desk__about">
      <strong>{session.service.name}</strong>
      <span class={session.is_overflow ? "" : "muted"}>
        {session.is_overflow ? t("card.overflow_address", { office: session.office.name, address: session.office.address }) : session.office.name} · {t("bar.minutes", { count: minutes })}
      </span>
    </p>
  );
}
