/* SPDX-License-Identifier: EUPL-1.2 */
/* Who is in the session, how they are heard and seen, in words; a click shows one of them large. */
import type { ComponentChildren } from "preact";
import { useAction } from "../../app/load";
import { Button } from "../../components/button/button";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import type { Quality } from "../../media/conference";
import type { PersonCard } from "../../protocol/generated";
import type { DeskSession } from "./card";
import type { DeskConference } from "./desk";
import { isDivided, isHeard } from "./apart";
import { inWords } from "./quality";

interface Props {
  session: DeskSession;
  quality: ReadonlyMap<string, Quality>;
  conference: DeskConference;
  chosen: PersonCard | undefined;
  choose: (person: string) => void;
  /* The small picture of who is not shown large. */
  small: (person: PersonCard) => ComponentChildren;
}

export function People({ session, quality, conference, chosen, choose, small }: Props) {
  const t = useTexts(desk);
  const ask = useAction(() => conference.socket.request("chat.send", { text: t("quality.ask_text") }));
  const isSlow = session.people.some((person) => person.peer && quality.get(person.peer)?.reasons.includes("upload_slow"));
  return (
    <section class="stack stack--tight" aria-labelledby="people">
      <h2 class="kern-sr-only" id="people">
        {t("people.title")}
      </h2>
      <ul class="plain stack stack--tight">
        {session.people.map((person) => (
          <li class={`person ${person === chosen ? "person--chosen" : ""}`} key={person.id}>
            {small(person)}
            {isDivided(session) && person.is_present && (
              <strong class={isHeard(session, person) ? "person__here" : "person__there"}>{t(isHeard(session, person) ? "apart.hears" : "apart.hears_not")}</strong>
            )}
            <Person person={person} isChosen={person === chosen} quality={person.peer ? quality.get(person.peer) : undefined} choose={choose} />
          </li>
        ))}
      </ul>
      {isSlow && (
        <>
          <p class="desk__small">{t("quality.advice")}</p>
          <Button small hotkey="u" busy={ask.isBusy} onClick={ask.run}>
            {t("quality.ask")}
          </Button>
        </>
      )}
    </section>
  );
}

interface PersonProps {
  person: PersonCard;
  isChosen: boolean;
  quality: Quality | undefined;
  choose: (person: string) => void;
}

function Person({ person, isChosen, quality, choose }: PersonProps) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const word = inWords(quality);
  return (
    <>
      <button type="button" class="person__name" aria-pressed={isChosen} aria-label={t("people.show", { name: person.name })} onClick={() => choose(person.id)}>
        {person.name}
      </button>
      <span class="muted">
        {c(`role.${person.role}`)} · {t(person.is_present ? "card.present" : "card.absent")}
      </span>
      <span data-testid="consent-state" data-consent={person.consent}>
        {t(`people.consent_${person.consent}`)}
      </span>
      {person.is_present && (
        <span class={`quality quality--${word}`} data-testid="quality" data-word={word} data-reasons={quality?.reasons.join(" ") ?? ""}>
          {t(`quality.${word}`)}
        </span>
      )}
      {person.is_present && quality && <Reasons quality={quality} />}
    </>
  );
}

/* What is wrong, in words, and the figures behind it. */
function Reasons({ quality }: { quality: Quality }) {
  const t = useTexts(desk);
  const { width = 0, height = 0, loss_percent: loss, rtt_ms: delay, reasons, paused } = quality;
  const figures = [height > 0 && `${width} × ${height}`, loss !== undefined && t("quality.loss", { loss }), delay !== undefined && t("quality.delay", { delay })].filter(Boolean);
  return (
    <>
      {paused.length > 0 && <span class="person__reason">{t("quality.paused")}</span>}
      {reasons.map((reason) => (
        <span class="person__reason" key={reason}>
          {t(`quality.${reason}`)}
        </span>
      ))}
      {figures.length > 0 && <span class="muted person__figures">{figures.join(" · ")}</span>}
    </>
  );
}
