/* SPDX-License-Identifier: EUPL-1.2 */
/* Questioning apart: whom the officer speaks with alone, a sign of who hears whom, and the way back together. */
import { useAction } from "../../app/load";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { Dialog } from "../../components/dialog/dialog";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import type { PersonCard } from "../../protocol/generated";
import type { DeskSession } from "./card";
import type { DeskConference } from "./desk";

/* Does the officer hear the person, and the person the officer? */
export const isHeard = (session: DeskSession, person: PersonCard) => person.is_apart === session.is_apart;
export const isDivided = (session: DeskSession) => session.people.some((person) => !isHeard(session, person));

/* The people by device: two at one go together. */
export function devicesOf(people: PersonCard[]): PersonCard[][] {
  const present = people.filter((person) => person.is_present && person.peer !== null);
  return [...new Set(present.map((person) => person.peer))].map((peer) => present.filter((person) => person.peer === peer));
}

const namesOf = (people: PersonCard[]) => people.map((person) => person.name).join(", ");

interface Props {
  session: DeskSession;
  conference: DeskConference;
}

export function ApartSign({ session, conference }: Props) {
  const t = useTexts(desk);
  const together = useAction(() => conference.socket.request("session.apart", { session: session.id, persons: [], with_officer: false }));
  if (!isDivided(session)) return null;
  const here = session.people.filter((person) => person.is_present && isHeard(session, person));
  const there = session.people.filter((person) => person.is_present && !isHeard(session, person));
  return (
    <div class="apart" role="status" data-testid="apart">
      <p>
        <strong>{here.length ? t("apart.with", { names: namesOf(here) }) : t("apart.alone")}</strong> {there.length > 0 && t("apart.not_heard", { names: namesOf(there) })}
      </p>
      <Button small kind="primary" hotkey="g" busy={together.isBusy} onClick={together.run}>
        {t("apart.together")}
      </Button>
      <Problem error={together.error} />
    </div>
  );
}

export function ApartDialog({ session, conference, onClose }: Props & { onClose: () => void }) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const devices = devicesOf(session.people);
  const divide = useAction(async (people: PersonCard[]) => {
    await conference.socket.request("session.apart", { session: session.id, persons: people.map((person) => person.id), with_officer: true });
    onClose();
  });
  return (
    <Dialog title={t("apart.title")} onClose={onClose} footer={<Button onClick={onClose}>{c("cancel")}</Button>}>
      <p class="kern-body">{t(devices.length > 1 ? "apart.text" : "apart.one_device")}</p>
      {devices.length > 1 &&
        devices.map((people) => (
          <Button key={people[0]!.id} kind="primary" block busy={divide.isBusy} onClick={() => void divide.run(people)}>
            {t("apart.speak", { names: namesOf(people) })}
          </Button>
        ))}
      <Problem error={divide.error} />
    </Dialog>
  );
}
