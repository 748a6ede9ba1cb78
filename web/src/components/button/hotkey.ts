/* SPDX-License-Identifier: EUPL-1.2 */
/* Presses an element by a single key. */
import { useEffect, useRef } from "preact/hooks";
import { Store } from "../../app/store";

/* Single keys can be turned off for people whose speech input would press them (WCAG 2.1.4). */
export const areHotkeysOn = new Store(localStorage.getItem("hotkeys") !== "off");
areHotkeysOn.subscribe((isOn) => localStorage.setItem("hotkeys", isOn ? "on" : "off"));

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target instanceof HTMLInputElement && !/^(radio|checkbox|button|range)$/.test(target.type)));

/* A dialog on top takes the keys for itself. */
export function useHotkey(key: string | undefined) {
  const element = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!key) return;
    const press = (event: KeyboardEvent) => {
      const button = element.current;
      if (!button || !areHotkeysOn.value || event.repeat || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
      if (event.key.toLowerCase() !== key.toLowerCase()) return;
      const dialog = document.querySelector("dialog[open]");
      if (dialog && !dialog.contains(button)) return;
      event.preventDefault();
      button.click();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [key]);
  return element;
}

/* How a key is written on its button, and told to a screen reader. */
export const keyText = (key: string) => (key === " " ? "␣" : key.toUpperCase());
export const keyName = (key: string | undefined) => (key === " " ? "Space" : key?.toUpperCase());
