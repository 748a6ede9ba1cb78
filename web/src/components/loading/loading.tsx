/* SPDX-License-Identifier: EUPL-1.2 */
/* Shown only when a wait lasts: quick answers do not flicker. */
import { useEffect, useState } from "preact/hooks";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import "./loading.css";

export function Loading({ text }: { text?: string }) {
  const t = useTexts(common);
  const [isShown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), 400);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="loading" role="status">
      {isShown && (
        <>
          <span class="kern-loader kern-loader--visible" aria-hidden="true" />
          <span class="kern-body">{text ?? t("loading")}</span>
        </>
      )}
    </div>
  );
}
