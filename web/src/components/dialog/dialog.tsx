/* SPDX-License-Identifier: EUPL-1.2 */
/* A modal dialog on the browser's own <dialog>, which keeps the focus and hides the rest of the page. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import "./dialog.css";

interface Props {
  title: string;
  /* Absent: the dialog wants an answer and cannot be closed. */
  onClose?: () => void;
  footer: ComponentChildren;
  testid?: string;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, footer, testid, children }: Props) {
  const t = useTexts(common);
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    heading.current?.focus(); /* neither answer is suggested by the focus */
    return () => (before as HTMLElement | null)?.focus?.();
  }, []);
  return (
    <dialog
      class="kern-dialog dialog"
      ref={dialog}
      aria-labelledby="dialog-title"
      data-testid={testid}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <header class="kern-dialog__header">
        <h2 class="kern-title kern-title--large" id="dialog-title" tabIndex={-1} ref={heading}>
          {title}
        </h2>
        {onClose && (
          <button type="button" class="kern-btn kern-btn--tertiary" onClick={onClose}>
            <span class="kern-icon kern-icon--close" aria-hidden="true" />
            <span class="kern-label kern-sr-only">{t("close")}</span>
          </button>
        )}
      </header>
      <section class="kern-dialog__body" tabIndex={0}>{children}</section>
      <footer class="kern-dialog__footer">{footer}</footer>
    </dialog>
  );
}
