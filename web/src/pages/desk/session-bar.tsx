/* SPDX-License-Identifier: EUPL-1.2 */
/* Above the session: is it recorded, what is it about, and what the officer can do besides the script. */
import { useStore } from "../../app/store";
import { useNow } from "../../app/load";
import { useCallState } from "../../app/streams";
import { areHotkeysOn } from "../../components/button/hotkey";
import { Control, Controls, More } from "../../components/controls/controls";
import { MediaNotice } from "../../components/media-notice/media-notice";
import { RecordingSign } from "../../components/recording/recording";
import { ShareSign } from "../../components/share/share";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import { isDivided } from "./apart";
import type { DeskSession } from "./card";
import type { DeskConference } from "./desk";

interface Props {
  session: DeskSession;
  conference: DeskConference;
  onDialog: (dialog: "end" | "flag" | "share" | "apart") => void;
}

export function SessionBar({ session, conference, onDialog }: Props) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const { audio, video } = useStore(conference.sending);
  const areOn = useStore(areHotkeysOn);
  return (
    <div class="desk__bar">
      <RecordingSign recording={session.recording} />
      <About session={session} conference={conference} />
      <ShareSign conference={conference} />
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
          <Control glyph="screen" text={c("share.title")} hotkey="s" onClick={() => onDialog("share")} />
          {!isDivided(session) && <Control glyph="apart" text={t("apart.title")} hotkey="g" onClick={() => onDialog("apart")} />}
          <Control glyph="flag" text={t("flag.button")} hotkey="h" onClick={() => onDialog("flag")} />
          <Control glyph="keys" text={t("desk.keys")} pressed={areOn} onClick={() => areHotkeysOn.set(!areOn)} />
        </More>
        <Control glyph="leave" text={t("end.button")} danger hotkey="e" onClick={() => onDialog("end")} />
      </Controls>
    </div>
  );
}

const MINUTE_MS = 60_000;

/* In whose name, about what, for how long; or that picture and sound are away. */
function About({ session, conference }: { session: DeskSession; conference: DeskConference }) {
  const t = useTexts(desk);
  const { state, problem } = useCallState(conference);
  const now = useNow(10_000);
  if (state === "broken" || problem) {
    return (
      <div class="desk__notice">
        <MediaNotice state={state} problem={problem} />
      </div>
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
