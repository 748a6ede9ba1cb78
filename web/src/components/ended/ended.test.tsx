/* SPDX-License-Identifier: EUPL-1.2 */
import { act } from "preact/test-utils";
import { beforeEach, expect, test, vi } from "vitest";
import type { Conference } from "../../media/conference";
import { press, show } from "../testing";
import { Ended, endOf } from "./ended";

const conference = { socket: { again: vi.fn() }, devices: { openIfAllowed: vi.fn() } };
const ended = (end: "elsewhere" | "wrong") => show(<Ended end={end} conference={conference as unknown as Conference<"visit">} />);

beforeEach(() => {
  vi.stubGlobal("fetch", vi.fn(async () => new Response(JSON.stringify({ csrf: "c" }), { status: 200 })));
});

test.each([
  ["elsewhere", "elsewhere"],
  ["wrong", "wrong"],
  ["refused", null],
  ["open", null],
] as const)("a connection that is %s ends the page: %s", (state, end) => {
  expect(endOf({ state })).toBe(end);
});

test("who is at another device goes on here by a button, not before", async () => {
  const root = ended("elsewhere");
  expect(root.querySelector("h1")!.textContent).toBe("Sie sind jetzt auf einem anderen Gerät verbunden");
  expect(conference.socket.again).not.toHaveBeenCalled();
  await act(async () => press(root.querySelector("button")!));
  await vi.waitFor(() => expect(conference.socket.again).toHaveBeenCalledOnce());
  expect(fetch).toHaveBeenCalledWith("/api/v1/page/take-over", expect.objectContaining({ method: "POST" }));
});

test("a page that the server no longer understands asks to be loaded anew", () => {
  expect(ended("wrong").textContent).toContain("Seite neu laden");
});
