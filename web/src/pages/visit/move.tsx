/* SPDX-License-Identifier: EUPL-1.2 */
/* Another time for the same appointment: booked at once, the old one is given back in the same step. */
import { useState } from "preact/hooks";
import { useAction } from "../../app/load";
import { PageFrame } from "../../app/page";
import { Alert } from "../../components/alert/alert";
import { Button } from "../../components/button/button";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { visit } from "../../i18n/visit";
import { useClock } from "../../i18n/time";
import type { Time, ViewVisit } from "../../protocol/generated";
import { call } from "../../protocol/http";
import { ChooseTime } from "../book/choose-time";

export function Move({ view, onBack }: { view: ViewVisit; onBack: () => void }) {
  const t = useTexts(visit);
  const c = useTexts(common);
  const clock = useClock(view.appointment.office.time_zone);
  const [moved_ms, setMoved] = useState(0);
  const move = useAction(async (time: Time) => {
    await call("appointment.move", { start_ms: time.start_ms });
    setMoved(time.start_ms);
    scrollTo(0, 0);
  });
  if (moved_ms) {
    return (
      <PageFrame key="moved" title={t("open.title")}>
        <Alert kind="success" title={clock.moment(moved_ms)} live="polite" testid="moved">
          <p class="kern-body">{t("manage.moved")}</p>
        </Alert>
      </PageFrame>
    );
  }
  return (
    <PageFrame title={t("manage.move")} lead={t("manage.move_lead")}>
      <ChooseTime office={view.appointment.office} service={view.appointment.service} hold={move} />
      <div>
        <Button kind="tertiary" icon="arrow-back" onClick={onBack}>
          {c("back")}
        </Button>
      </div>
    </PageFrame>
  );
}
