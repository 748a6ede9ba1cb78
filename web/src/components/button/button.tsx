/* SPDX-License-Identifier: EUPL-1.2 */
/* A KERN button. With `hotkey` it can also be pressed by that key, which then stands on it. */
import type { ComponentChildren } from "preact";
import { useStore } from "../../app/store";
import { areHotkeysOn, keyName, keyText, useHotkey } from "./hotkey";
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

const classes = ({ kind = "secondary", block, danger, small }: Look) =>
  ["kern-btn", `kern-btn--${kind}`, block && "kern-btn--block", danger && "button--danger", small && "button--small"].filter(Boolean).join(" ");

function Content({ icon, children, hotkey }: { icon: Icon | undefined; children: ComponentChildren; hotkey?: string | undefined }) {
  return (
    <>
      {icon && <span class={`kern-icon kern-icon--${icon}`} aria-hidden="true" />}
      <span class="kern-label">{children}</span>
      {hotkey && (
        <kbd class="button__key" aria-hidden="true">
          {keyText(hotkey)}
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
      aria-keyshortcuts={keyName(isShown)}
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
