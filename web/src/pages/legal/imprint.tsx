/* SPDX-License-Identifier: EUPL-1.2 */
import { Facts } from "../../components/facts/facts";
import { useTexts } from "../../i18n/catalogue";
import { legal } from "../../i18n/legal";
import { ForOffice } from "./for-office";

export default function Imprint() {
  const t = useTexts(legal);
  return (
    <ForOffice title={t("imprint.title")}>
      {(office) => (
        <Facts
          facts={[
            [t("imprint.responsible"), office.imprint],
            [t("imprint.office"), office.name],
            [t("imprint.address"), office.address],
            [t("imprint.phone"), office.phone],
            [t("imprint.software"), t("imprint.software_text")],
          ]}
        />
      )}
    </ForOffice>
  );
}
