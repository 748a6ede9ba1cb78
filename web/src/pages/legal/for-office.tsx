/* SPDX-License-Identifier: EUPL-1.2 */
/* Legal pages belong to a municipality: the one in the address, the one of this tab, or the one that is chosen now. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useCall } from "../../app/load";
import { office as current } from "../../app/office";
import { PageFrame } from "../../app/page";
import { useStore } from "../../app/store";
import { Problem } from "../../components/alert/problem";
import { SelectField } from "../../components/field/field";
import { Loading } from "../../components/loading/loading";
import { useTexts } from "../../i18n/catalogue";
import { legal } from "../../i18n/legal";
import type { Office } from "../../protocol/generated";

interface Props {
  title: string;
  lead?: string;
  children: (office: Office) => ComponentChildren;
}

export function ForOffice({ title, lead, children }: Props) {
  const t = useTexts(legal);
  const [chosen, choose] = useState(new URLSearchParams(location.search).get("office") ?? useStore(current)?.id ?? "");
  const { value, error, again } = useCall("office.list", {});
  const office = value?.offices.find((one) => one.id === chosen) ?? (value?.offices.length === 1 ? value.offices[0] : undefined);
  return (
    <PageFrame title={title} {...(lead && { lead })} width="narrow" {...(office && { preline: office.organisation })}>
      <Problem error={error} again={again} />
      {!value && !error && <Loading />}
      {value && !office && (
        <>
          <p class="kern-body">{t("choose.text")}</p>
          <SelectField
            id="office"
            label={t("choose.title")}
            value={chosen}
            onChange={choose}
            options={[{ value: "", label: "–" }, ...value.offices.map((one) => ({ value: one.id, label: `${one.name}, ${one.organisation}` }))]}
          />
        </>
      )}
      {office && children(office)}
    </PageFrame>
  );
}

/* Questions with their answers below each other. */
export function Answers({ answers }: { answers: [question: string, answer: string][] }) {
  return (
    <>
      {answers.map(([question, answer]) => (
        <section class="stack stack--tight" key={question}>
          <h2 class="kern-heading-medium">{question}</h2>
          <p class="kern-body">{answer}</p>
        </section>
      ))}
    </>
  );
}
