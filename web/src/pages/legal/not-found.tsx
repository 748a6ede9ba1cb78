/* SPDX-License-Identifier: EUPL-1.2 */
import { PageFrame } from "../../app/page";
import { LinkButton } from "../../components/button/button";
import { useTexts } from "../../i18n/catalogue";
import { legal } from "../../i18n/legal";

export default function NotFound() {
  const t = useTexts(legal);
  return (
    <PageFrame title={t("not_found.title")} lead={t("not_found.text")}>
      <div class="actions">
        <LinkButton href="/">{t("not_found.home")}</LinkButton>
      </div>
    </PageFrame>
  );
}
