/* SPDX-License-Identifier: EUPL-1.2 */
/* The live session: people on the left, the picture and the last still in the middle, the script on the right, the comparison below. */
import { useEffect, useState } from "preact/hooks";
import { useAction } from "../../app/load";
import { useStore } from "../../app/store";
import { useCallState } from "../../app/streams";
import { Alert } from "../../components/alert/alert";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { Chat } from "../../components/chat/chat";
import { Dialog } from "../../components/dialog/dialog";
import { TextField } from "../../components/field/field";
import { RecordingSign } from "../../components/recording/recording";
import { VideoTile } from "../../components/video/video";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import type { Operations, PersonCard } from "../../protocol/generated";
import type { DeskSession } from "./card";
import { Comparison } from "./comparison";
import type { DeskConference } from "./desk";
import { EndDialog } from "./end";
import { inWords, type Quality } from "./quality";
import { Script } from "./script";
import { LastStill } from "./still";

export type Still = Operations["check.capture"]["out"];

function useQuality(conference: DeskConference): Map<string, Quality> {
  const [all, setAll] = useState(new Map<string, Quality>());
  useEffect(
    () =>
      conference.socket.onEvent((event) => {
        if (event.event !== "quality") return;
        const quality = event as unknown as Quality;
        setAll((before) => new Map(before).set(quality.peer, quality));
      }),
    [conference],
  );
  return all;
}

export function Session({ session, conference }: { session: DeskSession; conference: DeskConference }) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const { state, streamOf } = useCallState(conference);
  const { stream } = useStore(conference.devices.local);
  const sending = useStore(conference.sending);
  const quality = useQuality(conference);
  const running = session.attempts.find((attempt) => attempt.state === "running");
  const [chosen, choose] = useState<string | null>(null);
  const [still, setStill] = useState<Still | null>(null);
  const [spoken, setSpoken] = useState<Record<string, string>>({});
  const [isFlagged, setFlagged] = useState(false);
  const [dialog, open] = useState<"end" | "flag" | null>(null);
  useEffect(() => {
    choose(running?.person ?? null);
    setStill(null);
    setSpoken({});
  }, [running?.id]);
  const large = session.people.find((person) => person.id === chosen) ?? session.people.find((person) => person.is_present) ?? session.people[0];
  const tile = (person: PersonCard) => <VideoTile person={person.role} name={person.name} stream={streamOf(person.peer)} hasVideo={person.video} hasAudio={person.audio} />;
  /* Who shares the large person's device is in the same picture. */
  const others = session.people.filter((person) => person !== large && (person.peer === null || person.peer !== large?.peer));
  return (
    <div class="stack stack--tight">
      <div class="row row--between desk__tools">
        <RecordingSign recording={session.recording} />
        {state === "broken" && (
          <p class="kern-body" role="status">
            {c("media.reconnecting")}
          </p>
        )}
        <div class="row">
          <Button small pressed={!sending.audio} hotkey="m" onClick={() => conference.toggle("audio")}>
            {c(sending.audio ? "media.mute" : "media.unmute")}
          </Button>
          <Button small pressed={!sending.video} hotkey="v" onClick={() => conference.toggle("video")}>
            {c(sending.video ? "media.video_off" : "media.video_on")}
          </Button>
          <Button small hotkey="h" onClick={() => open("flag")}>
            {t("flag.button")}
          </Button>
          <Button small danger hotkey="e" onClick={() => open("end")}>
            {t("end.button")}
          </Button>
        </div>
      </div>
      {isFlagged && <p role="status">{t("flag.sent")}</p>}
      {session.is_overflow && <Alert kind="info" title={t("card.overflow_address", { office: session.office.name, address: session.office.address })} />}
      <div class="desk desk--session">
        <div class="stack stack--tight">
          <People session={session} quality={quality} conference={conference} chosen={large?.id ?? null} choose={choose} />
          <details class="kern-accordion" open={session.chat.length > 0}>
            <summary class="kern-accordion__header">
              <span class="kern-title kern-title--small">{t("chat.title")}</span>
            </summary>
            <section class="kern-accordion__body">
              <Chat lines={session.chat} onSend={(text) => conference.socket.request("chat.send", { text })} />
            </section>
          </details>
        </div>
        <div class="stack stack--tight">
          <div class="desk__large">{large && tile(large)}</div>
          <LastStill still={still} />
          <div class="desk__others">
            {others.map((person) => (
              <div key={person.id}>{tile(person)}</div>
            ))}
            <VideoTile person="self" name={c("video.self")} stream={stream} isSelf isMirrored hasVideo={sending.video} hasAudio={sending.audio} />
          </div>
        </div>
        <Script session={session} conference={conference} onStill={setStill} onSpoken={(field, value) => setSpoken({ ...spoken, [field]: value })} />
      </div>
      <Comparison session={session} attempt={running} spoken={spoken} />
      {dialog === "end" && <EndDialog session={session} conference={conference} onClose={() => open(null)} />}
      {dialog === "flag" && <FlagDialog session={session} conference={conference} onSent={() => setFlagged(true)} onClose={() => open(null)} />}
    </div>
  );
}

interface PeopleProps {
  session: DeskSession;
  quality: Map<string, Quality>;
  conference: DeskConference;
  chosen: string | null;
  choose: (person: string) => void;
}

function People({ session, quality, conference, chosen, choose }: PeopleProps) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const ask = useAction(() => conference.socket.request("chat.send", { text: t("quality.ask_text") }));
  const isSlow = session.people.some((person) => person.peer && inWords(quality.get(person.peer)) === "poor");
  return (
    <section class="stack stack--tight" aria-labelledby="people">
      <h2 class="kern-title" id="people">
        {t("people.title")}
      </h2>
      <ul class="plain stack stack--tight">
        {session.people.map((person) => {
          const measured = person.peer ? quality.get(person.peer) : undefined;
          const word = inWords(measured);
          return (
            <li class={`person ${person.id === chosen ? "person--chosen" : ""}`} key={person.id}>
              <button type="button" class="person__name" aria-pressed={person.id === chosen} aria-label={t("people.show", { name: person.name })} onClick={() => choose(person.id)}>
                {person.name}
              </button>
              <span class="muted">
                {c(`role.${person.role}`)} · {t(person.is_present ? "card.present" : "card.absent")}
              </span>
              <span data-testid="consent-state" data-consent={person.consent}>
                {t(`people.consent_${person.consent}`)}
              </span>
              {person.is_present && (
                <span class={`quality quality--${word}`} title={measured && t("quality.detail", { width: measured.width, height: measured.height, loss: measured.loss_percent, rtt: measured.rtt_ms })}>
                  {t(`quality.${word}`)}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {isSlow && (
        <>
          <p class="kern-body">{t("quality.advice")}</p>
          <Button small hotkey="u" busy={ask.isBusy} onClick={ask.run}>
            {t("quality.ask")}
          </Button>
        </>
      )}
    </section>
  );
}

function FlagDialog({ session, conference, onSent, onClose }: { session: DeskSession; conference: DeskConference; onSent: () => void; onClose: () => void }) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const [text, setText] = useState("");
  const flag = useAction(async () => {
    await conference.socket.request("session.flag", { session: session.id, text: text.trim() });
    onSent();
    onClose();
  });
  return (
    <Dialog
      title={t("flag.title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{c("cancel")}</Button>
          <Button kind="primary" busy={flag.isBusy} disabled={!text.trim()} onClick={flag.run}>
            {t("flag.send")}
          </Button>
        </>
      }
    >
      <p class="kern-body">{t("flag.text")}</p>
      <TextField id="flag" label={t("flag.label")} value={text} onInput={setText} maxLength={2000} />
      <Problem error={flag.error} />
    </Dialog>
  );
}
