/* SPDX-License-Identifier: EUPL-1.2 */
import { useTexts } from "../../i18n/catalogue";
import { legal } from "../../i18n/legal";
import { Answers, ForOffice } from "./for-office";

const questions = ["what", "why", "seen", "long", "rights", "cookies"] as const;

export default function Privacy() {
  const t = useTexts(legal);
  return (
    <ForOffice title={t("privacy.title")} lead={t("privacy.lead")}>
      {(office) => (
        <Answers
          answers={[
            [t("privacy.who"), t("privacy.who_text", { organisation: office.organisation, contact: office.privacy_contact })],
            ...questions.map((question): [string, string] => [t(`privacy.${question}`), t(`privacy.${question}_text`)]),
          ]}
        />
      )}
    </ForOffice>
  );
}
