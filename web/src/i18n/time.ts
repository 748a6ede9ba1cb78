/* SPDX-License-Identifier: EUPL-1.2 */
/* Instants as people say them: with weekday, and with the zone where it could be mistaken. */
import { useStore } from "../app/store";
import type { Language } from "../protocol/generated";
import { language } from "./language";

export interface Clock {
  /* "10:30 Uhr", "10:30" */
  time(ms: number): string;
  /* "10:30 Uhr (MESZ)": for lists that stand for themselves */
  timeWithZone(ms: number): string;
  /* "Montag, 3. August 2026" */
  day(ms: number): string;
  /* "Montag, 3. August 2026 um 10:30 Uhr (MESZ)" */
  moment(ms: number): string;
  /* "03.08.26, 10:30:12": for lists of events */
  stamp(ms: number): string;
  /* "2026-08-03", the day as the office's calendar has it */
  date(ms: number): string;
  /* "August 2026" */
  month(ms: number): string;
  /* the same moment on the clock of this device, when it differs, else null */
  elsewhere(ms: number): string | null;
}

const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function clock(into: Language, timeZone: string = here()): Clock {
  const locale = into === "de" ? "de-DE" : "en-GB";
  const format = (options: Intl.DateTimeFormatOptions, zone = timeZone) => {
    const formatter = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    return (ms: number) => formatter.format(ms);
  };
  const hours = format({ hour: "2-digit", minute: "2-digit" });
  const say = (time: string) => (into === "de" ? `${time} Uhr` : time);
  const zoneOf = (ms: number, zone: string) =>
    new Intl.DateTimeFormat(locale, { timeZoneName: "short", timeZone: zone }).formatToParts(ms).find((part) => part.type === "timeZoneName")!.value;
  const day = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const moment = (ms: number) =>
    `${day(ms)} ${into === "de" ? "um" : "at"} ${say(hours(ms))} (${zoneOf(ms, timeZone)})`;
  return {
    time: (ms) => say(hours(ms)),
    timeWithZone: (ms) => `${say(hours(ms))} (${zoneOf(ms, timeZone)})`,
    day,
    moment,
    stamp: format({ dateStyle: "short", timeStyle: "medium" }),
    month: format({ month: "long", year: "numeric" }),
    date: (ms) => new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(ms),
    elsewhere: (ms) => {
      const there = format({ dateStyle: "short", timeStyle: "short" })(ms);
      const own = format({ dateStyle: "short", timeStyle: "short" }, here())(ms);
      if (there === own) return null;
      const isSameDay = format({ dateStyle: "short" })(ms) === format({ dateStyle: "short" }, here())(ms);
      return `${isSameDay ? format({ hour: "2-digit", minute: "2-digit" }, here())(ms) : own} (${zoneOf(ms, here())})`;
    },
  };
}

export function useClock(timeZone?: string): Clock {
  return clock(useStore(language), timeZone);
}

/* "2026-08-03" as "3. August 2026", whatever the zone. */
export function dateInWords(date: string, into: Language): string {
  return new Intl.DateTimeFormat(into === "de" ? "de-DE" : "en-GB", { dateStyle: "long", timeZone: "UTC" }).format(Date.parse(date));
}

/* 75 as "1:15" */
export function minutesAndSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function money(cent: number, into: Language): string {
  return new Intl.NumberFormat(into === "de" ? "de-DE" : "en-GB", { style: "currency", currency: "EUR" }).format(cent / 100);
}

/* 12345678 as "12,3 MB" */
export function megabytes(bytes: number, into: Language): string {
  return new Intl.NumberFormat(into === "de" ? "de-DE" : "en-GB", { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(bytes / 1e6);
}
