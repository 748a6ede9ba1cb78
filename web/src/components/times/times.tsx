/* SPDX-License-Identifier: EUPL-1.2 */
/* Free times: the next ones as a list by day, or a month's calendar. The list comes first because it is the quickest way. */
import { useState } from "preact/hooks";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import { useClock } from "../../i18n/time";
import type { Time } from "../../protocol/generated";
import { Button } from "../button/button";
import { Calendar } from "./calendar";
import "./times.css";

const FIRST_DAYS = 4;
const FIRST_TIMES = 8;

export interface Day {
  date: string;
  times: Time[];
}

/* The times by the day of the office's calendar, in order. */
export function byDay(times: Time[], date: (ms: number) => string): Day[] {
  const days = new Map<string, Time[]>();
  for (const time of [...times].sort((a, b) => a.start_ms - b.start_ms)) {
    const day = date(time.start_ms);
    days.set(day, [...(days.get(day) ?? []), time]);
  }
  return [...days].map(([day, ofDay]) => ({ date: day, times: ofDay }));
}

interface Props {
  times: Time[];
  timeZone: string;
  isBusy: boolean;
  onChoose: (time: Time) => void;
  /* The calendar was asked for: it wants times further ahead. */
  onCalendar: () => void;
}

export function Times({ times, timeZone, isBusy, onChoose, onCalendar }: Props) {
  const t = useTexts(booking);
  const clock = useClock(timeZone);
  const [view, setView] = useState<"list" | "calendar">("list");
  const [count, setCount] = useState(FIRST_DAYS);
  const [chosen, choose] = useState<string | null>(null);
  const days = byDay(times, clock.date);
  const show = (one: "list" | "calendar") => {
    setView(one);
    if (one === "calendar") onCalendar();
  };
  const isElsewhere = days.some((day) => clock.elsewhere(day.times[0]!.start_ms));
  const shown = view === "list" ? days.slice(0, count) : days.filter((day) => day.date === chosen);
  return (
    <div class="stack">
      <div class="row" role="group" aria-label={t("times.view")}>
        {(["list", "calendar"] as const).map((one) => (
          <Button key={one} kind={view === one ? "primary" : "secondary"} small pressed={view === one} onClick={() => show(one)}>
            {t(`times.${one}`)}
          </Button>
        ))}
      </div>
      {isElsewhere && <p class="kern-body">{t("times.zone")}</p>}
      {view === "calendar" && <Calendar days={days} timeZone={timeZone} chosen={chosen} onChoose={choose} />}
      <div class="stack" aria-live={view === "calendar" ? "polite" : undefined}>
        {view === "calendar" && !chosen && <p class="kern-body muted">{t("calendar.choose")}</p>}
        {shown.map((day) => (
          <DayTimes key={day.date + view} day={day} first={view === "list" ? FIRST_TIMES : Infinity} timeZone={timeZone} isBusy={isBusy} onChoose={onChoose} />
        ))}
      </div>
      {view === "list" && days.length > count && (
        <div class="actions">
          <Button icon="add" onClick={() => setCount(count + 7)}>
            {t("times.more")}
          </Button>
        </div>
      )}
    </div>
  );
}

interface DayProps {
  day: Day;
  first: number;
  timeZone: string;
  isBusy: boolean;
  onChoose: (time: Time) => void;
}

function DayTimes({ day, first, timeZone, isBusy, onChoose }: DayProps) {
  const t = useTexts(booking);
  const clock = useClock(timeZone);
  const [areAll, showAll] = useState(false);
  const shown = areAll ? day.times : day.times.slice(0, first);
  const heading = clock.day(day.times[0]!.start_ms);
  return (
    <section class="times__day" aria-label={t("times.on", { day: heading })}>
      <h2 class="kern-title" aria-hidden="true">
        {heading}
      </h2>
      <ul class="plain times__list">
        {shown.map((time) => {
          const here = clock.elsewhere(time.start_ms);
          return (
            <li key={time.start_ms}>
              <button
                type="button"
                class="times__time"
                data-testid="time"
                data-start-ms={time.start_ms}
                aria-disabled={isBusy || undefined}
                onClick={() => !isBusy && onChoose(time)}
              >
                <span class="kern-sr-only">{heading}, </span>
                {clock.time(time.start_ms)}
                {here && <small>{t("times.here", { time: here })}</small>}
              </button>
            </li>
          );
        })}
      </ul>
      {shown.length < day.times.length && (
        <div>
          <Button kind="tertiary" label={`${t("times.all", { count: day.times.length })}: ${heading}`} onClick={() => showAll(true)}>
            {t("times.all", { count: day.times.length })}
          </Button>
        </div>
      )}
    </section>
  );
}
