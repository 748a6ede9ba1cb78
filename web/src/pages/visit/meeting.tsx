/* SPDX-License-Identifier: EUPL-1.2 */
/* The meeting: the recording sign, one banner with the one thing to do now, the people, and a handful of controls; nothing of it
 * scrolls. */
import { useEffect, useRef, useState } from "preact/hooks";
import { PageFrame } from "../../app/page";
import { useStore } from "../../app/store";
import { useCallState } from "../../app/streams";
import { MediaNotice } from "../../components/media-notice/media-notice";
import { RecordingSign } from "../../components/recording/recording";
import { ShareSign } from "../../components/share/share";
import { VideoTile } from "../../components/video/video";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { visit } from "../../i18n/visit";
import type { Conference } from "../../media/conference";
import { announceTurn } from "../../media/sound";
import type { ViewVisit } from "../../protocol/generated";
import { Advice } from "./advice";
import { Consent } from "./consent";
import { MeetingControls, type Panel } from "./meeting-controls";
import { MeetingPanel } from "./meeting-panel";
import { Leave, Withdraw } from "./meeting-dialogs";
import { Now } from "./now";
import "./meeting.css";

export type Session = NonNullable<ViewVisit["session"]>;

/* At these steps the person has to see the own hands and document. */
const showsDocument = ({ now }: Session) => now !== null && (now.kind === "capture" || now.kind === "rate") && !/person|face|portrait/.test(now.step);

/* How many chat lines were not looked at yet. */
function useUnread(count: number, isShown: boolean): number {
  const wasRead = useRef(count);
  useEffect(() => {
    if (isShown) wasRead.current = count;
  }, [isShown, count]);
  return isShown ? 0 : Math.max(0, count - wasRead.current);
}

export function Meeting({ view, conference }: { view: ViewVisit; conference: Conference<"visit"> }) {
  const t = useTexts(visit);
  const session = view.session!;
  const [panel, open] = useState<Panel>(null);
  const mine = view.people.filter((person) => view.covers.includes(person.id));
  const undecided = view.appointment.service.is_identifying ? mine.find((person) => person.consent === "open") : undefined;
  const unread = useUnread(session.chat.length, panel === "chat");
  useEffect(announceTurn, []);
  const close = () => open(null);
  return (
    <PageFrame title={t("meeting.title")} isTool>
      <div class="meeting">
        <Top session={session} peer={view.media.peer} conference={conference} />
        <Now view={view} session={session} conference={conference} />
        <div class="meeting__stage">
          <Stage view={view} session={session} conference={conference} />
          <MeetingPanel panel={panel} session={session} phone={view.appointment.office.phone} conference={conference} onClose={close} />
        </div>
        <MeetingControls panel={panel} onPanel={(one) => open(panel === one ? null : one)} unread={unread} hasConsented={mine.some((person) => person.consent === "given")} conference={conference} />
      </div>
      {undecided && <Consent key={undecided.id} person={undecided} isAlone={mine.length === 1} conference={conference} />}
      {panel === "leave" && <Leave conference={conference} onClose={close} />}
      {panel === "withdraw" && <Withdraw mine={mine} conference={conference} onClose={close} />}
    </PageFrame>
  );
}

function Top({ session, peer, conference }: { session: Session; peer: string; conference: Conference<"visit"> }) {
  const { state, problem } = useCallState(conference);
  return (
    <div class="row row--between meeting__top">
      <RecordingSign recording={session.recording} />
      <ShareSign conference={conference} />
      <MediaNotice state={state} problem={problem} />
      {state === "connected" && <Advice peer={peer} conference={conference} />}
    </div>
  );
}

/* One large, the others small: what somebody shows, or the officer, or the own picture while a document is held into it. */
function Stage({ view, session, conference }: { view: ViewVisit; session: Session; conference: Conference<"visit"> }) {
  const t = useTexts(visit);
  const c = useTexts(common);
  const { call, streamOf, documentOf } = useCallState(conference);
  const quality = useStore(conference.quality).get(view.media.peer);
  const isPaused = (peer: string | null) => peer !== null && (quality?.paused.includes(peer) ?? false);
  const { stream } = useStore(conference.devices.local);
  const sending = useStore(conference.sending);
  const isMine = session.now !== null && view.covers.includes(session.now.person);
  const isDocument = isMine && showsDocument(session);
  const others = view.people.filter((person) => !view.covers.includes(person.id));
  const me = view.people.find((person) => person.id === view.me.id);
  const apart = (isThere: boolean) => (isThere === me?.is_apart ? {} : { empty: t("apart.other_room") });
  const shown = [session.officer, ...others].map(({ name, peer }) => ({ name, peer, stream: documentOf(peer) })).find(({ stream }) => stream !== null);
  useEffect(() => call?.setDetail(isDocument), [call, isDocument]);
  const officer = (
    <VideoTile
      key="officer"
      person="officer"
      name={t("meeting.officer", { name: session.officer.name, organisation: session.officer.organisation })}
      stream={streamOf(session.officer.peer)}
      hasVideo={session.officer.video}
      hasAudio={session.officer.audio}
      isPaused={isPaused(session.officer.peer)}
      {...apart(session.officer.is_apart)}
    />
  );
  const self = <VideoTile key="self" person="self" name={c("video.self")} stream={stream} isSelf isMirrored={!isDocument} hasVideo={sending.video} hasAudio={sending.audio} frame={isDocument} />;
  const document = shown && <VideoTile key="document" person="document" name={c("video.document", { name: shown.name })} stream={shown.stream} hasVideo hasAudio isPaused={isPaused(shown.peer)} />;
  const large = isDocument ? self : (document ?? officer);
  return (
    <>
      <div class={`meeting__large ${large === document ? "meeting__large--whole" : ""}`}>{large}</div>
      <div class="meeting__small tiles--small">
        {[document, officer, self].filter((one) => one && one !== large)}
        {others.map((person) => (
          <VideoTile key={person.id} person={person.role} name={person.name} stream={streamOf(person.peer)} hasVideo={person.video} hasAudio={person.audio} isPaused={isPaused(person.peer)} {...apart(person.is_apart)} />
        ))}
      </div>
    </>
  );
}
