/* SPDX-License-Identifier: EUPL-1.2 */
/* A KERN button. With `hotkey` it can also be pressed by that key, which then stands on it. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Store, useStore } from "../../app/store";
import "./button.css";

export type ButtonKind = "primary" | "secondary" | "tertiary";
export type Icon = "add" | "arrow-back" | "arrow-forward" | "autorenew" | "calendar-today" | "check" | "close" | "danger" | "download" | "edit" | "help" | "info" | "logout" | "mail" | "open-in-new" | "success" | "visibility" | "visibility-off" | "warning";

interface Look {
  kind?: ButtonKind;
  icon?: Icon;
  block?: boolean;
  danger?: boolean;
  small?: boolean;
  children: ComponentChildren;
}
interface Props extends Look {
  onClick?: (() => void) | undefined;
  type?: "button" | "submit";
  busy?: boolean;
  disabled?: boolean;
  pressed?: boolean;
  role?: "tab";
  selected?: boolean;
  hotkey?: string;
  testid?: string;
  label?: string;
}

/* Single keys can be turned off for people whose speech input would press them (WCAG 2.1.4). */
export const areHotkeysOn = new Store(localStorage.getItem("hotkeys") !== "off");
areHotkeysOn.subscribe((isOn) => localStorage.setItem("hotkeys", isOn ? "on" : "off"));

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || (target instanceof HTMLInputElement && !/^(radio|checkbox|button|range)$/.test(target.type)));

/* Presses the element by a key; a dialog on top takes the keys for itself. */
function useHotkey(key: string | undefined) {
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

const classes = ({ kind = "secondary", block, danger, small }: Look) =>
  ["kern-btn", `kern-btn--${kind}`, block && "kern-btn--block", danger && "button--danger", small && "button--small"].filter(Boolean).join(" ");

function Content({ icon, children, hotkey }: { icon: Icon | undefined; children: ComponentChildren; hotkey?: string | undefined }) {
  return (
    <>
      {icon && <span class={`kern-icon kern-icon--${icon}`} aria-hidden="true" />}
      <span class="kern-label">{children}</span>
      {hotkey && (
        <kbd class="button__key" aria-hidden="true">
          {hotkey === " " ? "␣" : hotkey.toUpperCase()}
        </kbd>
      )}
    </>
  );
}

export function Button({ onClick, type = "button", busy, disabled, pressed, role, selected, hotkey, testid, label, ...look }: Props) {
  const isShown = useStore(areHotkeysOn) ? hotkey : undefined;
  const element = useHotkey(hotkey);
  const isOff = busy || disabled;
  return (
    <button
      ref={element}
      type={type}
      class={classes(look)}
      aria-disabled={isOff || undefined}
      aria-busy={busy || undefined}
      aria-pressed={pressed}
      role={role}
      aria-selected={selected}
      aria-label={label}
      aria-keyshortcuts={isShown === " " ? "Space" : isShown?.toUpperCase()}
      data-testid={testid}
      onClick={(event) => {
        if (isOff) event.preventDefault();
        else onClick?.();
      }}
    >
      <Content icon={look.icon} hotkey={isShown}>
        {look.children}
      </Content>
    </button>
  );
}

interface LinkProps extends Look {
  href: string;
  download?: boolean;
  newTab?: boolean;
  testid?: string;
  label?: string;
}

/* A link that looks like a button, for going somewhere. */
export function LinkButton({ href, download, newTab, testid, label, ...look }: LinkProps) {
  return (
    <a class={classes(look)} href={href} download={download} target={newTab ? "_blank" : undefined} rel={newTab ? "noopener" : undefined} data-testid={testid} aria-label={label}>
      <Content icon={look.icon}>{look.children}</Content>
    </a>
  );
}
