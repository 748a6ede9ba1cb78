/* SPDX-License-Identifier: EUPL-1.2 */
import { Alert } from "../../components/alert/alert";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import { useClock } from "../../i18n/time";
import type { Office } from "../../protocol/generated";
import type { Draft } from "./draft";

export function Booked({ office, draft }: { office: Office; draft: Draft }) {
  const t = useTexts(booking);
  const clock = useClock(office.time_zone);
  return (
    <>
      <Alert kind="info" title={clock.moment(draft.hold!.start_ms)} testid="booked">
        <p class="kern-body">{t("booked.until", { time: clock.time(draft.confirm_until_ms) })}</p>
      </Alert>
      <section class="stack stack--tight">
        <h2 class="kern-title">{t("booked.no_mail")}</h2>
        <p class="kern-body">{t("booked.no_mail_text", { phone: office.phone })}</p>
      </section>
    </>
  );
}
