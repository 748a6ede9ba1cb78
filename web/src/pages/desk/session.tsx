/* SPDX-License-Identifier: EUPL-1.2 */
/* The live session on one screen: people on the left, the picture and the case in the middle, the script on the right. */
import { useEffect, useState } from "preact/hooks";
import { useStore } from "../../app/store";
import { useCallState } from "../../app/streams";
import { Button } from "../../components/button/button";
import { Dialog } from "../../components/dialog/dialog";
import { Share } from "../../components/share/share";
import { VideoTile } from "../../components/video/video";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import type { Operations, PersonCard } from "../../protocol/generated";
import { ApartDialog, ApartSign, isHeard } from "./apart";
import type { DeskSession } from "./card";
import type { DeskConference } from "./desk";
import { EndDialog } from "./end";
import { FlagDialog } from "./flag";
import { Papers } from "./papers";
import { People } from "./people";
import { Script } from "./script";
import { SessionBar } from "./session-bar";
import { Stage } from "./stage";

export type Still = Operations["check.capture"]["out"];

export function Session({ session, peer, conference }: { session: DeskSession; peer: string; conference: DeskConference }) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const { streamOf, documentOf } = useCallState(conference);
  const { stream } = useStore(conference.devices.local);
  const sending = useStore(conference.sending);
  const quality = useStore(conference.quality);
  const isPaused = (who: PersonCard) => who.peer !== null && (quality.get(peer)?.paused.includes(who.peer) ?? false);
  const running = session.attempts.find((attempt) => attempt.state === "running");
  const [chosen, choose] = useState<string | null>(null);
  const [still, setStill] = useState<Still | null>(null);
  const [isFlagged, setFlagged] = useState(false);
  const [dialog, open] = useState<"end" | "flag" | "share" | "apart" | null>(null);
  useEffect(() => {
    choose(running?.person ?? null);
    setStill(null);
  }, [running?.id]);
  const large = session.people.find((person) => person.id === chosen) ?? session.people.find((person) => person.is_present) ?? session.people[0];
  const tile = (person: PersonCard) => (
    <VideoTile
      person={person.role}
      name={person.name}
      stream={streamOf(person.peer)}
      hasVideo={person.video}
      hasAudio={person.audio}
      isPaused={isPaused(person)}
      {...(!isHeard(session, person) && { empty: t("apart.other_room") })}
    />
  );
  /* What somebody shows is looked at; then all the people are small. */
  const shower = session.people.find((person) => documentOf(person.peer) !== null);
  /* Who shares the large person's device is in the same picture. */
  const isShown = (person: PersonCard) => !shower && (person === large || (person.peer !== null && person.peer === large?.peer));
  return (
    <>
      <SessionBar session={session} conference={conference} onDialog={open} />
      <ApartSign session={session} conference={conference} />
      {isFlagged && <p role="status">{t("flag.sent")}</p>}
      <div class="desk desk--session">
        <div class="desk__column tiles--small">
          <People session={session} quality={quality} conference={conference} chosen={large} choose={choose} small={(person) => !isShown(person) && tile(person)} />
          <VideoTile person="self" name={c("video.self")} stream={stream} isSelf isMirrored hasVideo={sending.video} hasAudio={sending.audio} />
        </div>
        <div class="desk__middle">
          <Stage still={still} step={running?.checks.find((check) => check.state === "now")?.step}>
            {shower ? (
              <VideoTile key="document" person="document" name={c("video.document", { name: shower.name })} stream={documentOf(shower.peer)} hasVideo hasAudio isPaused={isPaused(shower)} />
            ) : (
              large && tile(large)
            )}
          </Stage>
          <Papers session={session} attempt={running} person={large?.id} conference={conference} />
        </div>
        <Script session={session} conference={conference} onStill={setStill} />
      </div>
      {dialog === "share" && (
        <Dialog title={c("share.title")} onClose={() => open(null)} footer={<Button onClick={() => open(null)}>{c("close")}</Button>}>
          <Share conference={conference} onDone={() => open(null)} />
        </Dialog>
      )}
      {dialog === "apart" && <ApartDialog session={session} conference={conference} onClose={() => open(null)} />}
      {dialog === "end" && <EndDialog session={session} conference={conference} onClose={() => open(null)} />}
      {dialog === "flag" && <FlagDialog session={session} conference={conference} onSent={() => setFlagged(true)} onClose={() => open(null)} />}
    </>
  );
}
