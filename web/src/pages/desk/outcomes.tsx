/* SPDX-License-Identifier: EUPL-1.2 */
/* How the identification of each person stands. */
import { Badge } from "../../components/badge/badge";
import { useTexts } from "../../i18n/catalogue";
import { desk } from "../../i18n/desk";
import type { Attempt } from "../../protocol/generated";
import type { DeskSession } from "./card";

/* The latest attempt of a person. */
export function latestAttempt(session: DeskSession, person: string): Attempt | undefined {
  return session.attempts.filter((attempt) => attempt.person === person).sort((a, b) => b.number - a.number)[0];
}

export function Outcomes({ session }: { session: DeskSession }) {
  const t = useTexts(desk);
  return (
    <ul class="plain stack stack--tight">
      {session.people.map((person) => {
        const attempt = latestAttempt(session, person.id);
        const verdict = attempt?.verdict ?? (attempt?.state === "aborted" ? "aborted" : null);
        if (!verdict) return null;
        return (
          <li key={person.id}>
            <Badge kind={verdict === "identified" ? "success" : "warning"}>{t(`script.${verdict}`, { name: person.name })}</Badge>
          </li>
        );
      })}
    </ul>
  );
}
