/* SPDX-License-Identifier: EUPL-1.2 */
/* The frame of a page's content: its title, and the focus on it after a change of page. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useTexts } from "../i18n/catalogue";
import { common } from "../i18n/common";

let isFirst = true;

interface Props {
  title: string;
  preline?: string;
  lead?: string;
  width?: "narrow" | "wide";
  /* A page that is a tool rather than a text: it fills the screen, and its title is only heard. */
  isTool?: boolean;
  children?: ComponentChildren;
}

export function PageFrame({ title, preline, lead, width = "wide", isTool, children }: Props) {
  const t = useTexts(common);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – ${t("product")}`;
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, [title]);
  return (
    <main id="main" class={`page page--${width} ${isTool ? "page--tool" : ""} stack`}>
      <header class={isTool ? "kern-sr-only" : "stack stack--tight"}>
        {preline && <p class="kern-preline">{preline}</p>}
        <h1 class="kern-heading-x-large" tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {lead && <p class="kern-body kern-body--large">{lead}</p>}
      </header>
      {children}
    </main>
  );
}
