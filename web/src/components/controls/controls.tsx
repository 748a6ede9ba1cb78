/* SPDX-License-Identifier: EUPL-1.2 */
/* The bar of a meeting: a few controls, each a sign with its word, and a menu for what is rarely needed. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useStore } from "../../app/store";
import { areHotkeysOn, keyName, keyText, useHotkey } from "../button/hotkey";
import { Glyph, type GlyphName } from "../glyph/glyph";
import "./controls.css";

export function Controls({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="controls" role="toolbar" aria-label={label}>
      {children}
    </div>
  );
}

interface ControlProps {
  glyph: GlyphName;
  text: string;
  /* What it does, when the word alone does not say it: heard after the word. */
  hint?: string;
  pressed?: boolean;
  /* Off, and that matters: the others do not see or hear. */
  isOff?: boolean;
  count?: number;
  danger?: boolean;
  hotkey?: string;
  testid?: string;
  onClick: () => void;
}

export function Control({ glyph, text, hint, pressed, isOff, count = 0, danger, hotkey, testid, onClick }: ControlProps) {
  const key = useStore(areHotkeysOn) ? hotkey : undefined;
  const element = useHotkey(hotkey);
  const classes = ["control", isOff && "control--off", danger && "control--danger"].filter(Boolean).join(" ");
  return (
    <button type="button" ref={element} class={classes} aria-pressed={pressed} aria-keyshortcuts={keyName(key)} data-testid={testid} onClick={onClick}>
      <span class="control__glyph">
        <Glyph of={glyph} />
        {count > 0 && (
          <span class="control__count" aria-hidden="true">
            {count}
          </span>
        )}
      </span>
      <span class="control__text">
        {text}
        {hint && <span class="kern-sr-only"> {hint}</span>}
      </span>
      {key && (
        <kbd class="button__key" aria-hidden="true">
          {keyText(key)}
        </kbd>
      )}
    </button>
  );
}

/* The menu's controls work by their keys while it is closed, too. */
export function More({ text, isDown, children }: { text: string; isDown?: boolean; children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const leave = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      opener.current?.focus();
    };
    addEventListener("pointerdown", leave);
    addEventListener("focusin", leave);
    addEventListener("keydown", escape);
    return () => {
      removeEventListener("pointerdown", leave);
      removeEventListener("focusin", leave);
      removeEventListener("keydown", escape);
    };
  }, [isOpen]);
  return (
    <div class={`more ${isDown ? "more--down" : ""}`} ref={box}>
      <button type="button" ref={opener} class="control" aria-expanded={isOpen} aria-controls="more" onClick={() => setOpen(!isOpen)}>
        <span class="control__glyph">
          <Glyph of="more" />
        </span>
        <span class="control__text">{text}</span>
      </button>
      <div class="more__menu" id="more" hidden={!isOpen} onClick={() => setOpen(false)}>
        {children}
      </div>
    </div>
  );
}
