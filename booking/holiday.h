/* SPDX-License-Identifier: EUPL-1.2 */
/* Public holidays: rules of the Länder as data, and what a municipality has otherwise.
 *
 * Catholic communes of Bavaria have Mariä Himmelfahrt, some of Saxony and Thuringia Fronleichnam, Augsburg its Friedensfest,
 * and a parliament can declare a single day: such differences are rows of `holiday_override`, by municipality key
 * (Amtlicher Gemeindeschlüssel), and win over the Land. */
#pragma once
#include "booking/zone.h"
#include "core/db/db.h"

/* The name of the holiday of `land` ("BW", "BY" … "TH") on `day` in the state's own rules, or NULL. Static.
 * `key`, if not NULL, receives the rule's stable key ("easter_monday"). */
const char *holiday_name(const char *land, zone_day day, const char **key);
/* Is `day` a holiday for this municipality? FALSE with `error` set when the database failed. */
gboolean holiday_is(db *db, const char *land, const char *municipality_key, zone_day day, GError **error);
/* Easter Sunday of a year (Gauss, Lichtenberg). */
zone_day holiday_easter(int year);
