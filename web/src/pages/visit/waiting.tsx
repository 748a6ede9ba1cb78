/* SPDX-License-Identifier: EUPL-1.2 */
/* Place and estimate, live; what comes next; the equal alternatives. */
import { useEffect } from "preact/hooks";
import { useAction, useNow } from "../../app/load";
import { PageFrame } from "../../app/page";
import { navigate } from "../../app/router";
import { Badge } from "../../components/badge/badge";
import { Button } from "../../components/button/button";
import { Problem } from "../../components/alert/problem";
import { Drawing } from "../../components/drawing/drawing";
import { useTexts } from "../../i18n/catalogue";
import { visit } from "../../i18n/visit";
import { useClock } from "../../i18n/time";
import type { Conference } from "../../media/conference";
import { announceTurn } from "../../media/sound";
import type { ViewVisit } from "../../protocol/generated";
import "./waiting.css";

const MINUTE_MS = 60_000;

export function Waiting({ view, conference }: { view: ViewVisit; conference: Conference<"visit"> }) {
  const t = useTexts(visit);
  const clock = useClock(view.appointment.office.time_zone);
  const now = useNow(10_000);
  const { waiting, session, people } = view;
  const isAssigned = session?.state === "assigned";
  useEffect(() => {
    if (isAssigned) announceTurn();
  }, [isAssigned]);
  const leave = useAction(async () => {
    await conference.socket.request("visit.leave", {});
    conference.devices.close();
    navigate("/visit");
  });
  const estimate = waiting && waiting.estimate_max_ms > 0
    ? t("waiting.estimate", { min: Math.floor(waiting.estimate_min_ms / MINUTE_MS), max: Math.max(1, Math.ceil(waiting.estimate_max_ms / MINUTE_MS)) })
    : null;
  return (
    <PageFrame title={t(isAssigned ? "waiting.turn" : "waiting.title")}>
      <div class="columns">
        <section class="panel waiting__place stack stack--tight">
          <div role="status" data-testid="place" data-place={waiting?.place ?? 0}>
            {isAssigned ? (
              <>
                <p class="waiting__large">{t("waiting.assigned", { name: session.officer.name })}</p>
                <p class="kern-body">{t("waiting.assigned_text")}</p>
              </>
            ) : (
              <>
                <p class="waiting__large">{waiting && waiting.place > 1 ? t("waiting.place", { count: waiting.place - 1 }) : t("waiting.place_now")}</p>
                <p class="kern-body">{estimate ?? (waiting && waiting.place > 1 ? t("waiting.estimate_unknown") : t("waiting.soon"))}</p>
              </>
            )}
          </div>
          {now < view.appointment.start_ms && !isAssigned && <p class="kern-body">{t("waiting.early", { time: clock.moment(view.appointment.start_ms) })}</p>}
          {!isAssigned && (
            <>
              <p class="kern-body">{t("waiting.stay")}</p>
              <p class="waiting__hidden kern-body">
                <span class="kern-icon kern-icon--visibility-off" aria-hidden="true" />
                {t("waiting.hidden")}
              </p>
            </>
          )}
        </section>
        <section class="stack stack--tight">
          <h2 class="kern-heading-medium">{t("waiting.people")}</h2>
          <ul class="plain stack stack--tight">
            {people.map((person) => (
              <li class="row row--between" key={person.id}>
                <span class="kern-body">{person.name}</span>
                <Badge kind={person.is_present ? "success" : "info"}>{t(person.is_present ? "waiting.here" : "waiting.away")}</Badge>
              </li>
            ))}
          </ul>
          {view.appointment.service.is_identifying && (
            <>
              <h2 class="kern-heading-medium">{t("waiting.ask")}</h2>
              <ul class="plain stack stack--tight">
                {(["consent", "document", "ask", "tan"] as const).map((of, i) => (
                  <li class="waiting__ask" key={of}>
                    <Drawing of={of} />
                    <span class="kern-body">{t(`waiting.ask_${(i + 1) as 1 | 2 | 3 | 4}`)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
      </div>
      <section class="stack stack--tight narrow">
        <h2 class="kern-title">{t("waiting.other_ways")}</h2>
        <p class="kern-body">{t("waiting.other_ways_text", { phone: view.appointment.office.phone })}</p>
      </section>
      <Problem error={leave.error} />
      <div class="actions">
        <Button icon="logout" busy={leave.isBusy} onClick={leave.run}>
          {t("waiting.leave")}
        </Button>
      </div>
    </PageFrame>
  );
}
