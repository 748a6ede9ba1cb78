/* SPDX-License-Identifier: EUPL-1.2 */
/* For tests only: draws a component into a page, and asks axe about it. */
import axe from "axe-core";
import { type ComponentChild, render } from "preact";
import { act } from "preact/test-utils";
import { language } from "../i18n/language";

let shown: HTMLElement | null = null;

export function show(component: ComponentChild): HTMLElement {
  language.set("de");
  if (shown) render(null, shown);
  document.body.innerHTML = "<main></main>";
  const main = document.querySelector("main")!;
  act(() => render(component, main));
  shown = main;
  return main;
}

export const press = (element: Element) => act(() => (element as HTMLElement).click());

export function type(input: HTMLInputElement, text: string): void {
  act(() => {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/* The ids of the rules that are violated. Contrast needs a real browser: npm run look. */
export async function violations(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  return violations.map(({ id }) => id);
}
