/* SPDX-License-Identifier: EUPL-1.2 */
import { useTexts } from "../../i18n/catalogue";
import { legal } from "../../i18n/legal";
import { Answers, ForOffice } from "./for-office";

const questions = ["standard", "works", "gaps"] as const;

export default function Accessibility() {
  const t = useTexts(legal);
  return (
    <ForOffice title={t("accessibility.title")} lead={t("accessibility.lead")}>
      {(office) => (
        <Answers
          answers={[
            ...questions.map((question): [string, string] => [t(`accessibility.${question}`), t(`accessibility.${question}_text`)]),
            [t("accessibility.contact"), t("accessibility.contact_text", { contact: office.privacy_contact, phone: office.phone })],
          ]}
        />
      )}
    </ForOffice>
  );
}
