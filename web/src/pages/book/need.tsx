/* SPDX-License-Identifier: EUPL-1.2 */
import { Button } from "../../components/button/button";
import { Drawing } from "../../components/drawing/drawing";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import type { Service } from "../../protocol/generated";
import "./need.css";

export function Need({ service, onNext }: { service: Service; onNext: () => void }) {
  const t = useTexts(booking);
  const isForTwo = service.person_count > 1;
  const things = [service.is_identifying && "document", "device", "time", isForTwo && "partner", "mail"] as const;
  return (
    <>
      <ul class="plain need">
        {things.map(
          (thing) =>
            thing && (
              <li class="need__thing" key={thing}>
                <Drawing of={thing} />
                <div>
                  <h2 class="kern-title">{t(`need.${thing}`, { minutes: service.duration_min })}</h2>
                  <p class="kern-body">{t(`need.${thing}_text`)}</p>
                </div>
              </li>
            ),
        )}
      </ul>
      {isForTwo && (
        <div class="narrow">
          {(["apart", "absent"] as const).map((question) => (
            <details class="kern-accordion" key={question}>
              <summary class="kern-accordion__header">
                <span class="kern-title">{t(`need.${question}`)}</span>
              </summary>
              <section class="kern-accordion__body">
                <p class="kern-body">{t(`need.${question}_text`)}</p>
              </section>
            </details>
          ))}
        </div>
      )}
      <div class="actions">
        <Button kind="primary" icon="arrow-forward" onClick={onNext}>
          {t("need.next")}
        </Button>
      </div>
    </>
  );
}
