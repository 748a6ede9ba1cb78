/* SPDX-License-Identifier: EUPL-1.2 */
import { useEffect, useState } from "preact/hooks";
import { type Action, useCall } from "../../app/load";
import { useStore } from "../../app/store";
import { Alert } from "../../components/alert/alert";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { Loading } from "../../components/loading/loading";
import { Times } from "../../components/times/times";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import { language } from "../../i18n/language";
import { clock } from "../../i18n/time";
import type { Office, Service, Time } from "../../protocol/generated";

const LIST_DAYS = 14;
const CALENDAR_DAYS = 42;
const DAY_MS = 86_400_000;

export function ChooseTime({ office, service, hold }: { office: Office; service: Service; hold: Action<[Time]> }) {
  const t = useTexts(booking);
  const [from_ms, setFrom] = useState(() => Date.now());
  const [days, setDays] = useState(LIST_DAYS);
  const from = clock(useStore(language), office.time_zone).date(from_ms);
  const { value, error, again } = useCall("time.list", { office: office.id, service: service.key, from, days });
  const isTaken = hold.error?.code === "taken" || hold.error?.code === "conflict" || hold.error?.code === "closed";
  useEffect(() => {
    if (isTaken) again();
  }, [hold.error]);
  const later = (
    <div>
      <Button kind="tertiary" icon="calendar-today" onClick={() => setFrom(from_ms + days * DAY_MS)}>
        {t("times.later")}
      </Button>
    </div>
  );
  return (
    <>
      {isTaken ? (
        <Alert kind="warning" title={t("times.taken")} live="assertive">
          <p class="kern-body">{t("times.taken_text")}</p>
        </Alert>
      ) : (
        <Problem error={hold.error} />
      )}
      <p class="kern-sr-only" role="status">
        {hold.isBusy && t("times.reserving")}
      </p>
      <Problem error={error} again={again} />
      {!value && !error && <Loading />}
      {value?.times.length === 0 && (
        <Alert kind="info" title={t("times.none")}>
          <p class="kern-body">{t("times.none_text")}</p>
        </Alert>
      )}
      {value && value.times.length > 0 && <Times times={value.times} timeZone={office.time_zone} isBusy={hold.isBusy} onChoose={hold.run} onCalendar={() => setDays(CALENDAR_DAYS)} />}
      {value && later}
    </>
  );
}
