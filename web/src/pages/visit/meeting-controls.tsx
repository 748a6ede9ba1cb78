/* SPDX-License-Identifier: EUPL-1.2 */
/* What a person can do in the meeting: three things at hand, the rest in the menu, and the way out. */
import { useStore } from "../../app/store";
import { Control, Controls, More } from "../../components/controls/controls";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { visit } from "../../i18n/visit";
import type { Conference } from "../../media/conference";

export type Panel = "chat" | "devices" | "share" | "help" | "leave" | "withdraw" | null;

interface Props {
  panel: Panel;
  onPanel: (panel: Panel) => void;
  unread: number;
  hasConsented: boolean;
  conference: Conference<"visit">;
}

export function MeetingControls({ panel, onPanel, unread, hasConsented, conference }: Props) {
  const t = useTexts(visit);
  const c = useTexts(common);
  const { audio, video } = useStore(conference.sending);
  return (
    <>
      <Controls label={t("meeting.controls")}>
        <Control
          glyph={audio ? "microphone" : "microphone-off"}
          text={c("media.microphone_short")}
          hint={c(audio ? "media.off" : "media.on")}
          isOff={!audio}
          onClick={() => conference.toggle("audio")}
        />
        <Control glyph={video ? "camera" : "camera-off"} text={c("media.camera")} hint={c(video ? "media.off" : "media.on")} isOff={!video} onClick={() => conference.toggle("video")} />
        <Control glyph="chat" text={t("meeting.chat")} pressed={panel === "chat"} count={unread} onClick={() => onPanel("chat")} />
        <More text={t("meeting.more")}>
          <Control glyph="settings" text={c("media.devices")} onClick={() => onPanel("devices")} />
          <Control glyph="screen" text={c("share.title")} onClick={() => onPanel("share")} />
          <Control glyph="help" text={t("meeting.help")} onClick={() => onPanel("help")} />
          {hasConsented && <Control glyph="consent" text={t("meeting.withdraw")} onClick={() => onPanel("withdraw")} />}
        </More>
        <Control glyph="leave" text={t("meeting.leave")} danger onClick={() => onPanel("leave")} />
      </Controls>
      <p class="kern-sr-only" role="status">
        {unread ? t("meeting.chat_new", { count: unread }) : ""}
      </p>
    </>
  );
}
