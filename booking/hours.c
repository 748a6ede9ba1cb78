/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/hours.h"
#include "booking/holiday.h"
#include "booking/office.h"
#include "booking/sql.h"

static gboolean append_day(
	db *db, const char *office, const db_rows *calendar, GTimeZone *zone, zone_day day, GArray *intervals, GError **error)
{
	GError *failure = NULL;
	gboolean is_holiday = holiday_is(db, db_text(calendar, "land"), db_text(calendar, "municipality_key"), day, &failure);
	if (failure != NULL) {
		g_propagate_error(error, failure);
		return FALSE;
	}
	g_autoptr(db_rows) rows = db_select(db, error, SQL_HOURS_OF_DAY, DB_TEXT("office", office), DB_INT("day", day),
		DB_INT("weekday", zone_weekday(day)), DB_INT("is_holiday", is_holiday));
	if (rows == NULL)
		return FALSE;
	while (db_next(rows)) {
		hours_interval open = { zone_instant_ms(zone, day, (int)db_int(rows, "from_minute")),
			zone_instant_ms(zone, day, (int)db_int(rows, "to_minute")) };
		/* A gap in spring can swallow an interval whole. */
		if (open.start_ms < open.end_ms)
			g_array_append_val(intervals, open);
	}
	return TRUE;
}

GArray *hours_list(db *db, const char *office, zone_day first, zone_day last, GError **error)
{
	g_autoptr(GTimeZone) zone = office_zone(db, office, error);
	g_autoptr(db_rows) calendar = zone == NULL ? NULL : db_select(db, error, SQL_OFFICE_CALENDAR, DB_TEXT("office", office));
	if (calendar == NULL)
		return NULL;
	db_next(calendar);
	g_autoptr(GArray) intervals = g_array_new(FALSE, FALSE, sizeof(hours_interval));
	for (zone_day day = first; day <= last; day++) {
		if (!append_day(db, office, calendar, zone, day, intervals, error))
			return NULL;
	}
	return g_steal_pointer(&intervals);
}

gboolean hours_is_open(db *db, const char *office, int64_t now_ms, GError **error)
{
	g_autoptr(GTimeZone) zone = office_zone(db, office, error);
	if (zone == NULL)
		return FALSE;
	zone_day today = zone_day_of(zone, now_ms);
	g_autoptr(GArray) intervals = hours_list(db, office, today, today, error);
	for (guint i = 0; intervals != NULL && i < intervals->len; i++) {
		const hours_interval *open = &g_array_index(intervals, hours_interval, i);
		if (open->start_ms <= now_ms && now_ms < open->end_ms)
			return TRUE;
	}
	return FALSE;
}
