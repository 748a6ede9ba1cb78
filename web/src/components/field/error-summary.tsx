/* SPDX-License-Identifier: EUPL-1.2 */
/* All errors of a form with links to their fields; takes the focus when a try to go on has failed. */
import { useEffect, useRef } from "preact/hooks";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";

export type Errors = { [field: string]: string };

export function ErrorSummary({ errors, turn }: { errors: Errors; turn: number }) {
  const t = useTexts(common);
  const box = useRef<HTMLDivElement>(null);
  const fields = Object.keys(errors);
  useEffect(() => {
    if (turn > 0) box.current?.focus();
  }, [turn]);
  if (fields.length === 0) return null;
  const show = (event: Event, field: string) => {
    event.preventDefault();
    const element = document.getElementById(field);
    (element?.querySelector<HTMLElement>("input") ?? element)?.focus();
  };
  return (
    <div class="kern-alert kern-alert--danger" ref={box} tabIndex={-1} role="group" aria-labelledby="errors-title">
      <div class="kern-alert__header">
        <span class="kern-icon kern-icon--danger" aria-hidden="true" />
        <span class="kern-title" id="errors-title">
          {t("error.summary")}
        </span>
      </div>
      <div class="kern-alert__body">
        <ul class="plain">
          {fields.map((field) => (
            <li key={field}>
              <a class="kern-link" href={`#${field}`} onClick={(event) => show(event, field)}>
                {errors[field]}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
