/* SPDX-License-Identifier: EUPL-1.2 */
/* The start: which registry office. */
import { useEffect } from "preact/hooks";
import { useCall } from "../../app/load";
import { office } from "../../app/office";
import { PageFrame } from "../../app/page";
import { Problem } from "../../components/alert/problem";
import { Loading } from "../../components/loading/loading";
import { useTexts } from "../../i18n/catalogue";
import { booking } from "../../i18n/booking";
import "./offices.css";

export default function Offices() {
  const t = useTexts(booking);
  const { value, error, again } = useCall("office.list", {});
  useEffect(() => office.set(null), []);
  const organisations = [...new Set(value?.offices.map((one) => one.organisation))];
  return (
    <PageFrame title={t("offices.title")} lead={t("offices.lead")}>
      <section class="stack stack--tight" aria-labelledby="choose">
        <h2 class="kern-heading-medium" id="choose">
          {t("offices.choose")}
        </h2>
        <p class="kern-body muted">{t("offices.hint")}</p>
        <Problem error={error} again={again} />
        {!value && !error && <Loading />}
        {organisations.map((organisation) => (
          <ul class="plain offices__list" aria-label={organisation} key={organisation}>
            {value!.offices
              .filter((one) => one.organisation === organisation)
              .map((one) => (
                <li key={one.id}>
                  <a class="offices__office" href={`/office/${one.id}`}>
                    <span class="kern-icon kern-icon--home" aria-hidden="true" />
                    <span>
                      <strong>{one.name}</strong>
                      <span class="muted">
                        {one.organisation} · {one.address}
                      </span>
                    </span>
                    <span class="kern-icon kern-icon--arrow-forward" aria-hidden="true" />
                  </a>
                </li>
              ))}
          </ul>
        ))}
      </section>
      <section class="stack stack--tight" aria-labelledby="how">
        <h2 class="kern-heading-medium" id="how">
          {t("offices.how")}
        </h2>
        <ol class="plain columns">
          {([1, 2, 3] as const).map((number) => (
            <li class="panel stack stack--tight" key={number}>
              <span class="kern-number" aria-hidden="true">
                {number}
              </span>
              <h3 class="kern-title">{t(`offices.how_${number}`)}</h3>
              <p class="kern-body">{t(`offices.how_${number}_text`)}</p>
            </li>
          ))}
        </ol>
      </section>
      <section class="stack stack--tight narrow">
        <h2 class="kern-heading-medium">{t("offices.have_link")}</h2>
        <p class="kern-body">{t("offices.have_link_text")}</p>
      </section>
    </PageFrame>
  );
}
