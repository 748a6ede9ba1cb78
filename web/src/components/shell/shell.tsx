/* SPDX-License-Identifier: EUPL-1.2 */
/* What stands around every page: the strip, the name, the language, the legal links. */
import type { ComponentChildren } from "preact";
import { office } from "../../app/office";
import { useStore } from "../../app/store";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { language, languages } from "../../i18n/language";
import type { Language } from "../../protocol/generated";
import "./shell.css";

export function Rings({ size = 40 }: { size?: number }) {
  return (
    <svg class="rings" viewBox="0 0 48 32" width={size} height={(size * 2) / 3} aria-hidden="true">
      <circle cx="18" cy="16" r="12" class="rings__one" />
      <circle cx="30" cy="16" r="12" class="rings__two" />
      <path d="M24 5.6A12 12 0 0 1 28.6 10.5" class="rings__one" />
    </svg>
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  const t = useTexts(common);
  const current = useStore(language);
  const here = useStore(office);
  const legal = (page: string) => (here ? `/${page}?office=${here.id}` : `/${page}`);
  return (
    <>
      <a class="skip" href="#main">
        {t("header.skip")}
      </a>
      <header class="shell__header">
        <div class="shell__strip">
          <span class="shell__width">{here ? `${here.organisation} · ${here.name}` : t("header.claim")}</span>
        </div>
        <div class="shell__width shell__bar">
          <a class="shell__name" href="/" aria-label={t("header.home")}>
            <Rings />
            <span>{t("product")}</span>
          </a>
          {here && (
            <span class="shell__office" aria-hidden="true">
              {here.organisation} · {here.name}
            </span>
          )}
          <nav aria-label={t("header.language")} class="shell__languages">
            {(Object.keys(languages) as Language[]).map((one) => (
              <button type="button" key={one} lang={one} aria-pressed={one === current} onClick={() => language.set(one)}>
                {languages[one]}
              </button>
            ))}
          </nav>
        </div>
      </header>
      {children}
      <footer class="shell__footer">
        <nav class="shell__width row" aria-label={t("footer.label")}>
          <a class="kern-link" href={legal("imprint")}>
            {t("footer.imprint")}
          </a>
          <a class="kern-link" href={legal("privacy")}>
            {t("footer.privacy")}
          </a>
          <a class="kern-link" href={legal("accessibility")}>
            {t("footer.accessibility")}
          </a>
        </nav>
      </footer>
    </>
  );
}
