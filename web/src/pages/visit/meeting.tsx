/* SPDX-License-Identifier: EUPL-1.2 */
/* The meeting: people, one banner with the one thing to do now, the recording sign, and a handful of controls. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useAction } from "../../app/load";
import { navigate } from "../../app/router";
import { PageFrame } from "../../app/page";
import { useStore } from "../../app/store";
import { useCallState } from "../../app/streams";
import { Alert } from "../../components/alert/alert";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { Chat } from "../../components/chat/chat";
import { DeviceChoice } from "../../components/devices/devices";
import { Dialog } from "../../components/dialog/dialog";
import { RecordingSign } from "../../components/recording/recording";
import { VideoTile } from "../../components/video/video";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { visit } from "../../i18n/visit";
import type { Conference } from "../../media/conference";
import { announceTurn } from "../../media/sound";
import type { PersonCard, ViewVisit } from "../../protocol/generated";
import { Consent } from "./consent";
import { Now } from "./now";
import { Tan } from "./tan";
import "./meeting.css";

type Panel = "chat" | "devices" | "help" | "leave" | "withdraw" | null;
export type Session = NonNullable<ViewVisit["session"]>;

/* At these steps the person has to see the own hands and document. */
const showsDocument = ({ now }: Session) => now !== null && (now.kind === "capture" || now.kind === "rate") && !/person|face|portrait/.test(now.step);

export function Meeting({ view, conference }: { view: ViewVisit; conference: Conference<"visit"> }) {
  const t = useTexts(visit);
  const c = useTexts(common);
  const session = view.session!;
  const { state, call, streamOf } = useCallState(conference);
  const { stream } = useStore(conference.devices.local);
  const sending = useStore(conference.sending);
  const [panel, open] = useState<Panel>(null);
  const mine = view.people.filter((person) => view.covers.includes(person.id));
  const others = view.people.filter((person) => !view.covers.includes(person.id));
  const undecided = view.appointment.service.is_identifying ? mine.find((person) => person.consent === "open") : undefined;
  const isMine = session.now !== null && view.covers.includes(session.now.person);
  const isDocument = isMine && showsDocument(session);
  const wasRead = useRef(session.chat.length);
  const unread = panel === "chat" ? 0 : Math.max(0, session.chat.length - wasRead.current);
  useEffect(announceTurn, []);
  useEffect(() => call?.setDetail(isDocument), [call, isDocument]);
  useEffect(() => {
    if (panel === "chat") wasRead.current = session.chat.length;
  }, [panel, session.chat.length]);
  const toggle = (one: Panel) => open(panel === one ? null : one);
  const officer = (
    <VideoTile
      key="officer"
      person="officer"
      name={t("meeting.officer", { name: session.officer.name, organisation: session.officer.organisation })}
      stream={streamOf(session.officer.peer)}
      hasVideo
      hasAudio
    />
  );
  const self = <VideoTile key="self" person="self" name={c("video.self")} stream={stream} isSelf isMirrored={!isDocument} hasVideo={sending.video} hasAudio={sending.audio} frame={isDocument} />;
  return (
    <PageFrame title={t("meeting.title")} isTool>
      <div class="meeting">
        <div class="row row--between">
          <RecordingSign recording={session.recording} />
          {state === "broken" && (
            <p class="kern-body" role="status">
              {c("media.reconnecting")}
            </p>
          )}
        </div>
        <Now view={view} session={session} />
        {session.tan && view.covers.includes(session.tan.person) && <Tan tan={session.tan} conference={conference} />}
        <div class="meeting__stage">
          <div class="meeting__large">{isDocument ? self : officer}</div>
          <div class="meeting__small">
            {isDocument ? officer : self}
            {others.map((person) => (
              <VideoTile key={person.id} person={person.role} name={person.name} stream={streamOf(person.peer)} hasVideo={person.video} hasAudio={person.audio} />
            ))}
          </div>
        </div>
        <div class="meeting__controls" role="toolbar" aria-label={t("meeting.controls")}>
          <Button small pressed={!sending.audio} onClick={() => conference.toggle("audio")}>
            {c(sending.audio ? "media.mute" : "media.unmute")}
          </Button>
          <Button small pressed={!sending.video} onClick={() => conference.toggle("video")}>
            {c(sending.video ? "media.video_off" : "media.video_on")}
          </Button>
          <Button small pressed={panel === "devices"} onClick={() => toggle("devices")}>
            {c("media.devices")}
          </Button>
          <Button small icon="mail" pressed={panel === "chat"} onClick={() => toggle("chat")}>
            {unread ? t("meeting.chat_new", { count: unread }) : t("meeting.chat")}
          </Button>
          <Button small icon="help" pressed={panel === "help"} onClick={() => toggle("help")}>
            {t("meeting.help")}
          </Button>
          {mine.some((person) => person.consent === "given") && (
            <Button small onClick={() => open("withdraw")}>
              {t("meeting.withdraw")}
            </Button>
          )}
          <Button small icon="logout" onClick={() => open("leave")}>
            {t("meeting.leave")}
          </Button>
        </div>
        <p class="kern-sr-only" role="status">
          {unread ? t("meeting.chat_new", { count: unread }) : ""}
        </p>
        {panel === "chat" && (
          <div class="panel">
            <Chat lines={session.chat} onSend={(text) => conference.socket.request("chat.send", { text })} />
          </div>
        )}
        {panel === "devices" && (
          <div class="panel">
            <DeviceChoice devices={conference.devices} />
          </div>
        )}
        {panel === "help" && <Help phone={view.appointment.office.phone} />}
      </div>
      {undecided && <Consent key={undecided.id} person={undecided} isAlone={mine.length === 1} conference={conference} />}
      {panel === "leave" && <Leave conference={conference} onClose={() => open(null)} />}
      {panel === "withdraw" && <Withdraw mine={mine} conference={conference} onClose={() => open(null)} />}
    </PageFrame>
  );
}

function Help({ phone }: { phone: string }) {
  const t = useTexts(visit);
  return (
    <Alert kind="info" title={t("meeting.help_title")} live="polite">
      <ul class="kern-list kern-list--bullet">
        {([1, 2, 3] as const).map((number) => (
          <li key={number}>{t(`meeting.help_${number}`)}</li>
        ))}
        <li>{t("meeting.help_phone", { phone })}</li>
      </ul>
    </Alert>
  );
}

function Leave({ conference, onClose }: { conference: Conference<"visit">; onClose: () => void }) {
  const t = useTexts(visit);
  const leave = useAction(async () => {
    await conference.socket.request("visit.leave", {});
    conference.devices.close();
    navigate("/visit");
  });
  return (
    <Dialog
      title={t("meeting.leave_title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("meeting.leave_no")}</Button>
          <Button busy={leave.isBusy} onClick={leave.run}>
            {t("meeting.leave_yes")}
          </Button>
        </>
      }
    >
      <Problem error={leave.error} />
      <p class="kern-body">{t("meeting.leave_text")}</p>
    </Dialog>
  );
}

function Withdraw({ mine, conference, onClose }: { mine: PersonCard[]; conference: Conference<"visit">; onClose: () => void }) {
  const t = useTexts(visit);
  const withdraw = useAction(async () => {
    for (const person of mine) if (person.consent === "given") await conference.socket.request("consent.withdraw", { person: person.id });
    onClose();
  });
  return (
    <Dialog
      title={t("meeting.withdraw_title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("meeting.withdraw_no")}</Button>
          <Button busy={withdraw.isBusy} onClick={withdraw.run}>
            {t("meeting.withdraw_yes")}
          </Button>
        </>
      }
    >
      <Problem error={withdraw.error} />
      <p class="kern-body">{t("meeting.withdraw_text")}</p>
    </Dialog>
  );
}
