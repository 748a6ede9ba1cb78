/* SPDX-License-Identifier: EUPL-1.2 */
/* Who is in the session, how they are heard and seen, in words; a click shows one of them large. */
import type { ComponentChildren } from "preact";
import { useAction } from "../../app/load";
import { Button } from "../../components/button/button";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import type { PersonCard } from "../../protocol/generated";
import type { DeskSession } from "./card";
import type { DeskConference } from "./desk";
import { inWords, type Quality } from "./quality";

interface Props {
  session: DeskSession;
  quality: Map<string, Quality>;
  conference: DeskConference;
  chosen: PersonCard | undefined;
  choose: (person: string) => void;
  /* The small picture of who is not shown large. */
  small: (person: PersonCard) => ComponentChildren;
}

export function People({ session, quality, conference, chosen, choose, small }: Props) {
  const t = useTexts(desk);
  const ask = useAction(() => conference.socket.request("chat.send", { text: t("quality.ask_text") }));
  const isSlow = session.people.some((person) => person.peer && inWords(quality.get(person.peer)) === "poor");
  return (
    <section class="stack stack--tight" aria-labelledby="people">
      <h2 class="kern-sr-only" id="people">
        {t("people.title")}
      </h2>
      <ul class="plain stack stack--tight">
        {session.people.map((person) => (
          <li class={`person ${person === chosen ? "person--chosen" : ""}`} key={person.id}>
            {small(person)}
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
        <span class={`quality quality--${word}`} title={quality && t("quality.detail", { width: quality.width, height: quality.height, loss: quality.loss_percent, rtt: quality.rtt_ms })}>
          {t(`quality.${word}`)}
        </span>
      )}
    </>
  );
}
