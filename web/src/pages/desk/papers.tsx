/* SPDX-License-Identifier: EUPL-1.2 */
/* Below the pictures: the case, or what is written. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../components/button/button";
import { Chat } from "../../components/chat/chat";
import { useTexts } from "../../i18n/catalogue";
import { desk } from "../../i18n/desk";
import type { Attempt } from "../../protocol/generated";
import type { DeskSession } from "./card";
import { Comparison } from "./comparison";
import type { DeskConference } from "./desk";

const papers = ["compare", "chat"] as const;
type Paper = (typeof papers)[number];

interface Props {
  session: DeskSession;
  attempt: Attempt | undefined;
  person: string | undefined;
  conference: DeskConference;
}

export function Papers({ session, attempt, person, conference }: Props) {
  const t = useTexts(desk);
  const [chosen, choose] = useState<Paper>(session.service.is_identifying ? "compare" : "chat");
  const wasRead = useRef(session.chat.length);
  const unread = chosen === "chat" ? 0 : session.chat.length - wasRead.current;
  useEffect(() => {
    if (chosen === "chat") wasRead.current = session.chat.length;
  }, [chosen, session.chat.length]);
  return (
    <div class="papers">
      <div class="row" role="tablist" aria-label={t("papers.label")}>
        {papers
          .filter((one) => one === "chat" || session.service.is_identifying)
          .map((one) => (
            <Button key={one} small kind={one === chosen ? "primary" : "secondary"} role="tab" selected={one === chosen} hotkey={one === "chat" ? "c" : "x"} onClick={() => choose(one)}>
              {one === "chat" && unread > 0 ? t("papers.chat_new", { count: unread }) : t(`papers.${one}`)}
            </Button>
          ))}
      </div>
      <p class="kern-sr-only" role="status">
        {unread > 0 ? t("papers.chat_new", { count: unread }) : ""}
      </p>
      <div class="papers__open" role="tabpanel" aria-label={t(`papers.${chosen}`)} tabIndex={0}>
        {chosen === "compare" ? <Comparison session={session} attempt={attempt} person={person} /> : <Chat lines={session.chat} onSend={(text) => conference.socket.request("chat.send", { text })} />}
      </div>
    </div>
  );
}
