/* SPDX-License-Identifier: EUPL-1.2 */
/* The question for consent: plain text, "no" as large as "yes". Nothing is recorded before it is answered. */
import { useAction, useCall } from "../../app/load";
import { useStore } from "../../app/store";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { Dialog } from "../../components/dialog/dialog";
import { Loading } from "../../components/loading/loading";
import { useTexts } from "../../i18n/catalogue";
import { language } from "../../i18n/language";
import { visit } from "../../i18n/visit";
import type { Conference } from "../../media/conference";
import type { PersonCard } from "../../protocol/generated";

export function Consent({ person, isAlone, conference }: { person: PersonCard; isAlone: boolean; conference: Conference<"visit"> }) {
  const t = useTexts(visit);
  const text = useCall("consent.text", { language: useStore(language) });
  const decide = useAction((is_given: boolean) => conference.socket.request("consent.give", { person: person.id, text_version: text.value!.version, is_given }));
  return (
    <Dialog
      title={t("consent.title")}
      testid="consent"
      footer={
        <>
          <Button busy={decide.isBusy} disabled={!text.value} onClick={() => void decide.run(true)}>
            {t("consent.yes")}
          </Button>
          <Button busy={decide.isBusy} disabled={!text.value} onClick={() => void decide.run(false)}>
            {t("consent.no")}
          </Button>
        </>
      }
    >
      <Problem error={text.error} again={text.again} />
      {!text.value && !text.error && <Loading />}
      {!isAlone && <p class="kern-title">{t("consent.person", { name: person.name })}</p>}
      {text.value?.paragraphs.map((paragraph) => (
        <p class="kern-body" key={paragraph}>
          {paragraph}
        </p>
      ))}
      {text.value && <p class="kern-body">{t("consent.spoken", { sentence: text.value.spoken })}</p>}
      <p class="kern-body">{t("consent.no_text")}</p>
      <Problem error={decide.error} />
    </Dialog>
  );
}
