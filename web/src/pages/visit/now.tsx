/* SPDX-License-Identifier: EUPL-1.2 */
/* The one thing to do now, with a drawing of it. */
import { useStore } from "../../app/store";
import { Drawing, drawingForStep } from "../../components/drawing/drawing";
import { useTexts } from "../../i18n/catalogue";
import { language } from "../../i18n/language";
import { visit } from "../../i18n/visit";
import type { Conference } from "../../media/conference";
import type { ViewVisit } from "../../protocol/generated";
import type { Session } from "./meeting";
import { Tan } from "./tan";

const kinds = ["consent", "confirm", "capture", "rate", "compare", "ask", "tan"] as const;

export function Now({ view, session, conference }: { view: ViewVisit; session: Session; conference: Conference<"visit"> }) {
  const t = useTexts(visit);
  const spoken = useStore(language);
  const { now } = session;
  const mine = view.people.filter((person) => view.covers.includes(person.id));
  const whose = view.people.find((person) => person.id === now?.person);
  const isMine = now !== null && view.covers.includes(now.person);
  const me = view.people.find((person) => person.id === view.me.id);
  const isAway = me !== undefined && me.is_apart !== session.officer.is_apart;
  const apartFrom = view.people.filter((person) => person.is_present && person.is_apart !== me?.is_apart).map((person) => person.name);
  const text = () => {
    if (isAway) return t("apart.wait", { officer: session.officer.name });
    if (apartFrom.length > 0 && !now) return t("apart.alone", { officer: session.officer.name });
    if (now && !isMine) return t("meeting.other", { name: whose?.name ?? "" });
    if (now) {
      const banner = now.parameters.banner as { [language: string]: string } | undefined;
      const kind = kinds.find((one) => one === now.kind) ?? "confirm";
      return banner?.[spoken] ?? t(`meeting.kind_${kind}`);
    }
    if (!view.appointment.service.is_identifying) return t("meeting.talk");
    if (mine.some((person) => person.consent === "open")) return t("meeting.waiting_consent");
    if (mine.some((person) => person.consent === "refused" || person.consent === "withdrawn")) return t("meeting.consent_refused");
    return t("meeting.talk");
  };
  return (
    <section class="now" data-testid="now" data-step={now?.step ?? ""} data-kind={now?.kind ?? ""} aria-label={t("meeting.now")}>
      <Drawing of={now && isMine ? drawingForStep(now.step, now.kind) : "partner"} />
      <div class="now__body">
        <div role="status">
          {now && (
            <p class="now__step">
              {t("meeting.step", { number: now.number, count: now.count })}
              {isMine && mine.length > 1 && ` · ${t("meeting.for", { name: whose?.name ?? "" })}`}
            </p>
          )}
          <p class="now__text">{text()}</p>
          {(isAway || apartFrom.length > 0) && <p data-testid="apart">{isAway ? t("apart.wait_text") : t("apart.alone_text", { names: apartFrom.join(", ") })}</p>}
        </div>
        {session.tan && view.covers.includes(session.tan.person) && <Tan tan={session.tan} conference={conference} />}
      </div>
    </section>
  );
}
