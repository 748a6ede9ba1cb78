/* SPDX-License-Identifier: EUPL-1.2 */
/* An office: its services, and the three equal ways to each. */
import { useEffect } from "preact/hooks";
import { useCall } from "../../app/load";
import { office } from "../../app/office";
import { PageFrame } from "../../app/page";
import type { PageProps } from "../../app/router";
import { useStore } from "../../app/store";
import { Problem } from "../../components/alert/problem";
import { LinkButton } from "../../components/button/button";
import { Loading } from "../../components/loading/loading";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import { language } from "../../i18n/language";
import { money } from "../../i18n/time";
import type { Office as OfficeType, Service } from "../../protocol/generated";
import "./office.css";

export default function Office({ parameters }: PageProps) {
  const t = useTexts(booking);
  const { value, error, again } = useCall("office.get", { office: parameters.office!, language: useStore(language) });
  useEffect(() => {
    if (value) office.set(value.office);
  }, [value]);
  return (
    <PageFrame title={t("office.title")} preline={value?.office.name}>
      <Problem error={error} again={again} />
      {!value && !error && <Loading />}
      {value && (
        <>
          <section class="office__services" aria-label={t("office.services")}>
            {value.services.map((service) => (
              <ServiceCard key={service.key} office={value.office} service={service} />
            ))}
          </section>
          <Ways office={value.office} />
        </>
      )}
    </PageFrame>
  );
}

function ServiceCard({ office, service }: { office: OfficeType; service: Service }) {
  const t = useTexts(booking);
  const spoken = useStore(language);
  const facts = [
    t("office.duration", { minutes: service.duration_min }),
    t(service.person_count > 1 ? "office.for_two" : "office.for_one"),
    service.fee_cent ? money(service.fee_cent, spoken) : t("office.free"),
  ];
  return (
    <article class="panel stack stack--tight office__service">
      <h2 class="kern-heading-medium">{service.name}</h2>
      <p class="kern-body">{service.about}</p>
      <p class="kern-body muted">{facts.join(" · ")}</p>
      <div class="actions">
        <LinkButton kind="primary" icon="arrow-forward" href={`/book/${office.id}/${service.key}`} label={`${t("office.way_video_button")}: ${service.name}`}>
          {t("office.way_video_button")}
        </LinkButton>
      </div>
    </article>
  );
}

export function Ways({ office }: { office: OfficeType }) {
  const t = useTexts(booking);
  const call = (
    <a class="kern-link" href={`tel:${office.phone.replace(/[^+\d]/g, "")}`}>
      {t("office.call", { phone: office.phone })}
    </a>
  );
  return (
    <section class="stack stack--tight" aria-labelledby="ways">
      <h2 class="kern-heading-medium" id="ways">
        {t("office.ways")}
      </h2>
      <p class="kern-body">{t("office.ways_text")}</p>
      <div class="columns">
        {(["video", "eid", "person"] as const).map((way) => (
          <article class="panel stack stack--tight" key={way}>
            <h3 class="kern-title">{t(`office.way_${way}`)}</h3>
            <p class="kern-body">{t(`office.way_${way}_text`)}</p>
            {way === "person" && <p class="kern-body">{office.address}</p>}
            {way !== "video" && call}
          </article>
        ))}
      </div>
    </section>
  );
}
