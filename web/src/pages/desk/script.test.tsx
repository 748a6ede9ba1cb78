/* SPDX-License-Identifier: EUPL-1.2 */
import { act } from "preact/test-utils";
import { beforeEach, expect, test, vi } from "vitest";
import { press, show, type, violations } from "../../components/testing";
import { ProtocolError } from "../../protocol/error";
import type { Attempt, Check } from "../../protocol/generated";
import type { DeskSession } from "./card";
import type { DeskConference } from "./desk";
import { Script } from "./script";

const check = (step: string, kind: Check["kind"], state: Check["state"], more: Partial<Check> = {}): Check => ({
  step,
  kind,
  state,
  rule: "V-26",
  result: null,
  answer: null,
  parameters: { title: { de: "Vorderseite", en: "Front" }, say: { de: "Bitte zeigen", en: "Please show" }, look: { de: "Lesbar?", en: "Readable?" } },
  still: null,
  tries: 0,
  ...more,
});
const person = { id: "p1", role: "partner_1", name: "Erika", is_present: true, has_confirmed: true, peer: "x", audio: true, video: true, consent: "given" };
const attempt = (checks: Check[]): Attempt => ({ id: "a1", person: "p1", number: 1, state: "running", procedure: "p", checks, mrz: [], comparisons: [], verdict: null, reasons: [], report: null });
const session = (attempts: Attempt[], more = {}) =>
  ({ id: "s1", service: { is_identifying: true }, people: [person], intake: [{ person: "p1", language: "en" }], recording: { state: "on" }, attempts, ...more }) as unknown as DeskSession;

const request = vi.fn();
const conference = { socket: { request } } as unknown as DeskConference;
const script = (of: DeskSession, onStill = vi.fn()) => show(<Script session={of} conference={conference} onStill={onStill} />);
const key = async (name: string) => {
  await act(async () => {
    dispatchEvent(new KeyboardEvent("keydown", { key: name }));
  });
};

beforeEach(() => {
  request.mockReset().mockResolvedValue({});
});

test("shows the due step in the officer's language and the person's, and is accessible", async () => {
  const root = script(session([attempt([check("consent", "consent", "done"), check("document_front", "capture", "now")])]));
  expect(root.textContent).toContain("Schritt 2 von 2");
  expect(root.textContent).toContain("Bitte zeigen");
  expect(root.querySelector("[lang=en]")!.textContent).toBe("Please show");
  expect(await violations()).toEqual([]);
});

test("space captures, 1 2 3 decide", async () => {
  const onStill = vi.fn();
  request.mockResolvedValueOnce({ still: "still_1" });
  script(session([attempt([check("document_front", "capture", "now")])]), onStill);
  await key(" ");
  expect(request).toHaveBeenLastCalledWith("check.capture", { attempt: "a1", step: "document_front" });
  expect(onStill).toHaveBeenCalledWith({ still: "still_1" });
  await key("1");
  expect(request).toHaveBeenLastCalledWith("check.capture", { attempt: "a1", step: "document_front" }); // nothing to approve yet

  script(session([attempt([check("document_front", "capture", "now", { still: "still_1" })])]));
  for (const [name, result] of [
    ["1", "pass"],
    ["2", "fail"],
    ["3", "repeat"],
  ] as const) {
    await key(name);
    expect(request).toHaveBeenLastCalledWith("check.record", { attempt: "a1", step: "document_front", result });
  }
});

test("keys do nothing while an answer is typed, and a needed answer is asked for", async () => {
  const root = script(session([attempt([check("number", "ask", "now", { parameters: { answer: "document_number" } })])]));
  await key("1");
  expect(request).not.toHaveBeenCalled();
  expect(root.textContent).toContain("Bitte tragen Sie die Antwort ein");
  const input = root.querySelector("input")!;
  type(input, "T220001293");
  act(() => void input.dispatchEvent(new KeyboardEvent("keydown", { key: "2", bubbles: true })));
  expect(request).not.toHaveBeenCalled();
  await key("1");
  expect(request).toHaveBeenLastCalledWith("check.record", { attempt: "a1", step: "number", result: "pass", answer: "T220001293" });
});

test("the engine's refusal is shown in the page's language with its rule", async () => {
  request.mockRejectedValueOnce(new ProtocolError("rule", "V-26: The step needs a still.", null, "V-26", "still_missing"));
  const root = script(session([attempt([check("document_front", "capture", "now", { still: "still_1" })])]));
  await key("1");
  expect(root.querySelector("[data-testid=refusal]")!.textContent).toContain("Für diesen Schritt fehlt noch ein Bild. (Regel V-26)");
  request.mockRejectedValueOnce(new ProtocolError("rule", "V-99: A refusal of tomorrow.", null, "V-99", "of_tomorrow"));
  await key("1");
  expect(root.querySelector("[data-testid=refusal]")!.textContent).toContain("V-99: A refusal of tomorrow.");
});

test("an identification begins only with consent and a running recording", async () => {
  const off = script(session([], { recording: { state: "off" } }));
  press(off.querySelector("button")!);
  expect(request).not.toHaveBeenCalled();
  press(script(session([])).querySelector("button")!);
  expect(request).toHaveBeenLastCalledWith("attempt.start", { session: "s1", person: "p1" });
});

test("when all is done the verdict is the officer's; not identified needs a reason", async () => {
  const root = script(session([attempt([check("consent", "consent", "done")])]));
  await key("2");
  press([...root.querySelectorAll("button")].find((one) => one.textContent!.includes("So festhalten"))!);
  expect(request).not.toHaveBeenCalled();
  expect(root.textContent).toContain("Bitte nennen Sie einen Grund");
  script(session([attempt([check("consent", "consent", "done")])]));
  await key("1");
  expect(request).toHaveBeenLastCalledWith("attempt.verdict", { attempt: "a1", verdict: "identified", reasons: [] });
});
