/* SPDX-License-Identifier: EUPL-1.2 */
/* Beside the people, on a phone over them: messages, devices or help. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Chat } from "../../components/chat/chat";
import { DeviceChoice } from "../../components/devices/devices";
import { Share } from "../../components/share/share";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { visit } from "../../i18n/visit";
import type { Conference } from "../../media/conference";
import type { Session } from "./meeting";
import type { Panel } from "./meeting-controls";

interface Props {
  panel: Panel;
  session: Session;
  phone: string;
  conference: Conference<"visit">;
  onClose: () => void;
}

export function MeetingPanel({ panel, session, phone, conference, onClose }: Props) {
  const t = useTexts(visit);
  const c = useTexts(common);
  if (panel === "chat") {
    return (
      <Sheet title={c("chat.title")} onClose={onClose}>
        <Chat lines={session.chat} onSend={(text) => conference.socket.request("chat.send", { text })} />
      </Sheet>
    );
  }
  if (panel === "devices") {
    return (
      <Sheet title={c("media.devices")} onClose={onClose}>
        <DeviceChoice devices={conference.devices} />
      </Sheet>
    );
  }
  if (panel === "share") {
    return (
      <Sheet title={c("share.title")} onClose={onClose}>
        <Share conference={conference} onDone={onClose} />
      </Sheet>
    );
  }
  if (panel !== "help") return null;
  return (
    <Sheet title={t("meeting.help_title")} onClose={onClose}>
      <ul class="kern-list kern-list--bullet">
        {([1, 2, 3] as const).map((number) => (
          <li key={number}>{t(`meeting.help_${number}`)}</li>
        ))}
        <li>{t("meeting.help_phone", { phone })}</li>
      </ul>
    </Sheet>
  );
}

function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const c = useTexts(common);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    return () => (before as HTMLElement | null)?.focus?.();
  }, []);
  return (
    <aside class="meeting__panel stack stack--tight" aria-labelledby="panel" onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <div class="meeting__panel-head">
        <h2 class="kern-title" id="panel" tabIndex={-1} ref={heading}>
          {title}
        </h2>
        <button type="button" class="kern-btn kern-btn--tertiary button--small" onClick={onClose}>
          <span class="kern-icon kern-icon--close" aria-hidden="true" />
          <span class="kern-label kern-sr-only">{c("close")}</span>
        </button>
      </div>
      {children}
    </aside>
  );
}
