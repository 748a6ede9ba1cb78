/* SPDX-License-Identifier: EUPL-1.2 */
import { expect, test, vi } from "vitest";
import { show, type, violations } from "../testing";
import { digits, TanInput } from "./tan";

const input = (root: Element) => root.querySelector("input")!;

test("takes what people paste", () => {
  expect(digits(" 123 456 ")).toBe("123456");
  expect(digits("TAN: 12-34-56-78")).toBe("123456");
});

test("the sixth digit sends, once", () => {
  const onEnter = vi.fn();
  const root = show(<TanInput isBusy={false} onEnter={onEnter} />);
  type(input(root), "12345");
  expect(onEnter).not.toHaveBeenCalled();
  type(input(root), "123 456");
  type(input(root), "123456 ");
  expect(onEnter).toHaveBeenCalledOnce();
  expect(onEnter).toHaveBeenCalledWith("123456");
});

test("nothing is sent while an answer is awaited", () => {
  const onEnter = vi.fn();
  type(input(show(<TanInput isBusy onEnter={onEnter} />)), "123456");
  expect(onEnter).not.toHaveBeenCalled();
});

test("an error belongs to the field", async () => {
  const root = show(<TanInput isBusy={false} error="Noch zwei Versuche" onEnter={vi.fn()} />);
  expect(input(root).getAttribute("aria-invalid")).toBe("true");
  expect(document.getElementById(input(root).getAttribute("aria-describedby")!.split(" ").at(-1)!)!.textContent).toContain("Noch zwei Versuche");
  expect(await violations()).toEqual([]);
});
