/* SPDX-License-Identifier: EUPL-1.2 */
import { act } from "preact/test-utils";
import { expect, test, vi } from "vitest";
import { press, show, violations } from "../testing";
import { Control, Controls, More } from "./controls";

const bar = (onMicrophone = vi.fn(), onHelp = vi.fn()) =>
  show(
    <Controls label="Bedienung">
      <Control glyph="microphone" text="Mikrofon" hint="ausschalten" hotkey="m" onClick={onMicrophone} />
      <Control glyph="chat" text="Chat" count={2} onClick={vi.fn()} />
      <More text="Mehr">
        <Control glyph="help" text="Hilfe" hotkey="h" onClick={onHelp} />
      </More>
    </Controls>,
  );
const named = (root: Element, name: string) => [...root.querySelectorAll("button")].find((one) => one.textContent!.includes(name))!;
const key = async (name: string) => act(async () => void dispatchEvent(new KeyboardEvent("keydown", { key: name })));

test("a control says what it does and is pressed by its key; all is accessible", async () => {
  const onMicrophone = vi.fn();
  const root = bar(onMicrophone);
  expect(named(root, "Mikrofon").textContent).toContain("Mikrofon ausschalten");
  await key("m");
  expect(onMicrophone).toHaveBeenCalledOnce();
  expect(await violations()).toEqual([]);
});

test("the menu opens, closes by Escape with the focus back on it, and after a choice", async () => {
  const root = bar();
  const more = named(root, "Mehr");
  const menu = root.querySelector("#more")!;
  expect(menu.hasAttribute("hidden")).toBe(true);
  press(more);
  expect(menu.hasAttribute("hidden")).toBe(false);
  await key("Escape");
  expect(menu.hasAttribute("hidden")).toBe(true);
  expect(document.activeElement).toBe(more);
  press(more);
  press(named(root, "Hilfe"));
  expect(menu.hasAttribute("hidden")).toBe(true);
});

test("keys of what is in the menu work while it is closed", async () => {
  const onHelp = vi.fn();
  bar(vi.fn(), onHelp);
  await key("h");
  expect(onHelp).toHaveBeenCalledOnce();
});
