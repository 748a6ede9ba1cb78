/* SPDX-License-Identifier: EUPL-1.2 */
/* Local wall time of an office, and back. Our own rule where the libraries disagree:
 * a wall time that does not exist (spring) moves forward by the gap, one that exists twice (autumn) is the first.
 * Thread: any. */
#pragma once
#include <glib.h>
#include <stdint.h>

/* Days since 1970-01-01 in the proleptic Gregorian calendar: what "a day" is everywhere in booking. */
typedef int32_t zone_day;

/* `name` is an IANA zone ("Europe/Berlin"). (transfer full), NULL when unknown here. */
GTimeZone *zone_new(const char *name);
/* The instant of `minute` (0 to 1440) of `day`. */
int64_t zone_instant_ms(GTimeZone *zone, zone_day day, int minute);
/* The day that an instant falls on. */
zone_day zone_day_of(GTimeZone *zone, int64_t instant_ms);

zone_day zone_day_new(int year, int month, int day);
/* "2027-03-28"; FALSE if this is no date. */
gboolean zone_day_parse(const char *text, zone_day *day);
/* (transfer full) "2027-03-28". */
char *zone_day_text(zone_day day);
/* 1 Monday to 7 Sunday (ISO 8601). */
int zone_weekday(zone_day day);
/* "Dienstag, 28. September 2027, 10:30 Uhr" or "Tuesday, 28 September 2027, 10:30"; (transfer full). */
char *zone_instant_text(GTimeZone *zone, int64_t instant_ms, const char *language);
