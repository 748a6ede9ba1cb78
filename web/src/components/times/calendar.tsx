/* SPDX-License-Identifier: EUPL-1.2 */
/* One month; days with free times are buttons that say how many. */
import { useState } from "preact/hooks";
import { useStore } from "../../app/store";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import { language } from "../../i18n/language";
import { clock } from "../../i18n/time";
import { Button } from "../button/button";
import type { Day } from "./times";

/* The weeks of "2026-08", Monday first; null for days of other months. */
export function weeks(month: string): (string | null)[][] {
  const first = new Date(`${month}-01T00:00:00Z`);
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const cells: (string | null)[] = Array.from({ length: (first.getUTCDay() + 6) % 7 }, () => null);
  for (let day = 1; day <= length; day++) cells.push(`${month}-${String(day).padStart(2, "0")}`);
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

export function shiftMonth(month: string, by: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + by);
  return date.toISOString().slice(0, 7);
}

interface Props {
  days: Day[];
  timeZone: string;
  chosen: string | null;
  onChoose: (date: string) => void;
}

export function Calendar({ days, timeZone, chosen, onChoose }: Props) {
  const t = useTexts(booking);
  const spoken = useStore(language);
  const utc = clock(spoken, "UTC");
  const today = clock(spoken, timeZone).date(Date.now());
  const firstMonth = (days[0]?.date ?? today).slice(0, 7);
  const lastMonth = (days.at(-1)?.date ?? today).slice(0, 7);
  const [month, setMonth] = useState(firstMonth);
  const free = new Map(days.map((day) => [day.date, day.times.length]));
  const weekday = (form: "short" | "long") => (date: string) => new Intl.DateTimeFormat(spoken, { weekday: form, timeZone: "UTC" }).format(Date.parse(date));
  const monday = ["05", "06", "07", "08", "09", "10", "11"].map((day) => `2026-01-${day}`);
  return (
    <div class="calendar">
      <div class="row row--between">
        <Button kind="tertiary" icon="arrow-back" disabled={month <= firstMonth} onClick={() => setMonth(shiftMonth(month, -1))}>
          {t("calendar.previous")}
        </Button>
        <Button kind="tertiary" icon="arrow-forward" disabled={month >= lastMonth} onClick={() => setMonth(shiftMonth(month, 1))}>
          {t("calendar.next")}
        </Button>
      </div>
      <table>
        <caption class="kern-title" aria-live="polite">
          {utc.month(Date.parse(`${month}-15`))}
        </caption>
        <thead>
          <tr>
            {monday.map((date) => (
              <th scope="col" key={date}>
                <abbr title={weekday("long")(date)}>{weekday("short")(date)}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks(month).map((week, index) => (
            <tr key={index}>
              {week.map((date, column) => (
                <td key={column}>
                  {date &&
                    (free.has(date) ? (
                      <button
                        type="button"
                        class="calendar__day"
                        aria-pressed={date === chosen}
                        aria-label={`${utc.day(Date.parse(date))}: ${t("times.free", { count: free.get(date)! })}`}
                        onClick={() => onChoose(date)}
                      >
                        {Number(date.slice(8))}
                      </button>
                    ) : (
                      <span class="calendar__none">{Number(date.slice(8))}</span>
                    ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
