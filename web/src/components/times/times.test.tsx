/* SPDX-License-Identifier: EUPL-1.2 */
import { expect, test, vi } from "vitest";
import { clock } from "../../i18n/time";
import { press, show, violations } from "../testing";
import { shiftMonth, weeks } from "./calendar";
import { byDay, Times } from "./times";

const at = (iso: string) => ({ start_ms: Date.parse(iso), end_ms: Date.parse(iso) + 1_800_000, free: 1 });
const berlin = clock("de", "Europe/Berlin");

test("times are grouped by the day of the office, not of the device", () => {
  const days = byDay([at("2026-08-03T22:30:00Z"), at("2026-08-03T08:00:00Z")], berlin.date);
  expect(days.map(({ date, times }) => [date, times.length])).toEqual([
    ["2026-08-03", 1],
    ["2026-08-04", 1],
  ]);
});

test("on both days of the clock change the times are right", () => {
  expect(["2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z"].map((iso) => berlin.timeWithZone(Date.parse(iso)))).toEqual(["01:30 Uhr (MEZ)", "03:30 Uhr (MESZ)"]);
  expect(["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"].map((iso) => berlin.timeWithZone(Date.parse(iso)))).toEqual(["02:30 Uhr (MESZ)", "02:30 Uhr (MEZ)"]);
});

test("a month has its weeks from Monday on", () => {
  expect(weeks("2026-08")[0]).toEqual([null, null, null, null, null, "2026-08-01", "2026-08-02"]);
  expect(weeks("2027-02")).toHaveLength(4);
  expect(shiftMonth("2026-12", 1)).toBe("2027-01");
  expect(shiftMonth("2027-01", -1)).toBe("2026-12");
});

const many = Array.from({ length: 7 }, (_, day) => Array.from({ length: 12 }, (_, i) => at(new Date(Date.UTC(2026, 7, 3 + day, 6, i * 30)).toISOString()))).flat();
const page = (onChoose = vi.fn(), isBusy = false) => show(<Times times={many} timeZone="Europe/Berlin" isBusy={isBusy} onChoose={onChoose} onCalendar={vi.fn()} />);
const button = (root: Element, text: string) => [...root.querySelectorAll("button")].find((one) => one.textContent!.includes(text))!;

test("shows the next days first, more on demand, and hands over the chosen time", () => {
  const onChoose = vi.fn();
  const root = page(onChoose);
  expect(root.querySelectorAll(".times__day")).toHaveLength(4);
  expect(root.querySelectorAll("[data-testid=time]")).toHaveLength(4 * 8);
  press(button(root, "Alle 12 Zeiten"));
  expect(root.querySelectorAll("[data-testid=time]")).toHaveLength(12 + 3 * 8);
  press(button(root, "Weitere Tage"));
  expect(root.querySelectorAll(".times__day")).toHaveLength(7);
  press(root.querySelector("[data-testid=time]")!);
  expect(onChoose).toHaveBeenCalledWith(many[0]);
});

test("while a time is being held no second one can be chosen", () => {
  const onChoose = vi.fn();
  press(page(onChoose, true).querySelector("[data-testid=time]")!);
  expect(onChoose).not.toHaveBeenCalled();
});

test("the calendar leads to a day's times", () => {
  const root = page();
  press(button(root, "Als Kalender"));
  expect(root.querySelectorAll("[data-testid=time]")).toHaveLength(0);
  press(root.querySelector("[aria-label='Mittwoch, 5. August 2026: 12 freie Zeiten']")!);
  expect(root.querySelectorAll("[data-testid=time]")).toHaveLength(12);
});

test("list and calendar are accessible", async () => {
  const root = page();
  expect(await violations()).toEqual([]);
  press(button(root, "Als Kalender"));
  expect(await violations()).toEqual([]);
});
