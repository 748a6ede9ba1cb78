/* SPDX-License-Identifier: EUPL-1.2 */
/* The link of the first mail. Opening the page does nothing, so that no mail scanner confirms; the button does. */
import { useState } from "preact/hooks";
import { useAction } from "../../app/load";
import { office } from "../../app/office";
import { PageFrame } from "../../app/page";
import { Alert } from "../../components/alert/alert";
import { Problem } from "../../components/alert/problem";
import { Button, LinkButton } from "../../components/button/button";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import { useClock } from "../../i18n/time";
import type { Operations } from "../../protocol/generated";
import { call } from "../../protocol/http";
import { OFFLINE } from "../../protocol/error";

type Confirmed = Operations["appointment.confirm"]["out"];

export default function Confirm() {
  const t = useTexts(booking);
  const [done, setDone] = useState<Confirmed | null>(null);
  const confirm = useAction(async () => {
    const confirmed = await call("appointment.confirm", { token: location.hash.slice(1) });
    office.set(confirmed.office);
    setDone(confirmed);
  });
  if (done) return <Done confirmed={done} />;
  const isDead = confirm.error !== null && confirm.error.code !== OFFLINE;
  return (
    <PageFrame title={t("confirm.title")} lead={t("confirm.lead")} width="narrow">
      <Problem error={confirm.error}>{isDead ? t("confirm.failed") : undefined}</Problem>
      <div class="actions">
        {isDead ? (
          <LinkButton href="/">{t("confirm.again")}</LinkButton>
        ) : (
          <Button kind="primary" icon="check" busy={confirm.isBusy} onClick={confirm.run}>
            {t("confirm.button")}
          </Button>
        )}
      </div>
    </PageFrame>
  );
}

function Done({ confirmed }: { confirmed: Confirmed }) {
  const t = useTexts(booking);
  const clock = useClock(confirmed.office.time_zone);
  return (
    <PageFrame key="done" title={t("confirm.done")} lead={t("confirm.done_text")} width="narrow">
      <Alert kind="success" title={clock.moment(confirmed.start_ms)} live="polite" testid="confirmed">
        <p class="kern-body">
          {confirmed.service.name}, {confirmed.office.name}
        </p>
      </Alert>
      <section class="stack stack--tight">
        <h2 class="kern-heading-medium">{t("confirm.next")}</h2>
        <ol class="kern-list kern-list--number">
          {([1, 2, 3] as const).map((number) => (
            <li key={number}>{t(`confirm.next_${number}`)}</li>
          ))}
        </ol>
      </section>
    </PageFrame>
  );
}
