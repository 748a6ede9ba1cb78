/* SPDX-License-Identifier: EUPL-1.2 */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OFFLINE } from "./error";
import { address, call, forgetCsrf } from "./http";

const asked: { url: string; init: RequestInit }[] = [];
let answer: () => Response;
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

beforeEach(() => {
  asked.length = 0;
  forgetCsrf();
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    return url === "/api/v1/me" ? json({ csrf: "secret" }) : answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

test("path and query come from the input", async () => {
  answer = () => json({ times: [] });
  await call("time.list", { office: "office_1", service: "marriage", from: "2026-08-03" });
  expect(asked[0]!.url).toBe("/api/v1/offices/office_1/times?service=marriage&from=2026-08-03");
  expect(asked[0]!.init.body).toBeUndefined();
  expect(address("report.pdf", { report: "report_1" })).toBe("/api/v1/reports/report_1/pdf");
});

test("what changes something carries the token of this sign-in, asked for once", async () => {
  answer = () => json({ expires_ms: 1, can_extend: false });
  await call("hold.extend", { appointment: "appointment_1" });
  await call("hold.extend", { appointment: "appointment_1" });
  expect(asked.map(({ url }) => url)).toEqual(["/api/v1/me", "/api/v1/holds/appointment_1/extend", "/api/v1/holds/appointment_1/extend"]);
  expect(asked[1]!.init.headers).toMatchObject({ "X-CSRF-Token": "secret" });
  expect(asked[1]!.init.body).toBe("{}");
});

test("the server's words of refusal arrive", async () => {
  answer = () => json({ error: { code: "taken", key: "taken", text: "somebody has it", field: "start_ms" } }, 409);
  await expect(call("office.list", {})).rejects.toMatchObject({ code: "taken", key: "taken", text: "somebody has it", field: "start_ms" });
});

test.each([
  [404, "not_found"],
  [502, OFFLINE],
  [500, "internal"],
])("an answer %i without words is %s", async (status, code) => {
  answer = () => new Response("<html>", { status });
  await expect(call("office.list", {})).rejects.toMatchObject({ code });
});

test("no network is a code of its own", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
  await expect(call("office.list", {})).rejects.toMatchObject({ code: OFFLINE });
});
