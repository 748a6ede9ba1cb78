/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/zone.h"
#include "core/clock.h"

/* GDate's day 1 is 0001-01-01. */
#define EPOCH_JULIAN 719163

/* GLib forgets a zone with its last reference and then reads the file anew: half of a booking's time. There are few. */
GTimeZone *zone_new(const char *name)
{
	static GMutex mutex;
	static GHashTable *known;
	g_mutex_lock(&mutex);
	if (known == NULL)
		known = g_hash_table_new(g_str_hash, g_str_equal);
	GTimeZone *zone = g_hash_table_lookup(known, name);
	if (zone == NULL) {
		zone = g_time_zone_new_identifier(name);
		if (zone != NULL)
			g_hash_table_insert(known, (gpointer)g_time_zone_get_identifier(zone), zone);
	}
	g_mutex_unlock(&mutex);
	return zone == NULL ? NULL : g_time_zone_ref(zone);
}

static int64_t offset_ms(GTimeZone *zone, int64_t instant_ms)
{
	int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, instant_ms / CLOCK_SECOND_MS);
	return (int64_t)g_time_zone_get_offset(zone, interval) * CLOCK_SECOND_MS;
}

int64_t zone_instant_ms(GTimeZone *zone, zone_day day, int minute)
{
	int64_t wall_ms = (int64_t)day * CLOCK_DAY_MS + (int64_t)minute * CLOCK_MINUTE_MS;
	int64_t before = wall_ms - offset_ms(zone, wall_ms - CLOCK_DAY_MS);
	int64_t after = wall_ms - offset_ms(zone, wall_ms + CLOCK_DAY_MS);
	/* With the offset of before the switch an overlap gives the first and a gap moves forward by itself;
	 * the offset of after it is right only where that one alone leads back to the wall time. */
	gboolean before_holds = before + offset_ms(zone, before) == wall_ms;
	gboolean after_holds = after + offset_ms(zone, after) == wall_ms;
	return after_holds && !before_holds ? after : before;
}

zone_day zone_day_of(GTimeZone *zone, int64_t instant_ms)
{
	int64_t wall_ms = instant_ms + offset_ms(zone, instant_ms);
	return (zone_day)((wall_ms - (wall_ms < 0 ? CLOCK_DAY_MS - 1 : 0)) / CLOCK_DAY_MS);
}

zone_day zone_day_new(int year, int month, int day)
{
	GDate date;
	g_date_clear(&date, 1);
	g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
	return (zone_day)((int64_t)g_date_get_julian(&date) - EPOCH_JULIAN);
}

static GDate date_of(zone_day day)
{
	GDate date;
	g_date_clear(&date, 1);
	g_date_set_julian(&date, (guint32)(day + EPOCH_JULIAN));
	return date;
}

gboolean zone_day_parse(const char *text, zone_day *day)
{
	static const char shape[] = "dddd-dd-dd";
	for (size_t i = 0; i < sizeof shape; i++) {
		if (shape[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != shape[i])
			return FALSE;
	}
	int year = atoi(text), month = atoi(text + 5), of_month = atoi(text + 8);
	if (!g_date_valid_dmy((GDateDay)of_month, (GDateMonth)month, (GDateYear)year))
		return FALSE;
	*day = zone_day_new(year, month, of_month);
	return TRUE;
}

char *zone_day_text(zone_day day)
{
	GDate date = date_of(day);
	return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&date), g_date_get_month(&date), g_date_get_day(&date));
}

int zone_weekday(zone_day day)
{
	GDate date = date_of(day);
	return (int)g_date_get_weekday(&date);
}

char *zone_instant_text(GTimeZone *zone, int64_t instant_ms, const char *language)
{
	static const char *const weekdays[2][7] = {
		{ "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag" },
		{ "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
	};
	static const char *const months[2][12] = {
		{ "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
			"Dezember" },
		{ "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
			"December" },
	};
	int text = g_strcmp0(language, "en") == 0;
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(instant_ms / CLOCK_SECOND_MS);
	g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
	return g_strdup_printf("%s, %d%s %s %d, %02d:%02d%s", weekdays[text][g_date_time_get_day_of_week(local) - 1],
		g_date_time_get_day_of_month(local), text == 0 ? "." : "", months[text][g_date_time_get_month(local) - 1],
		g_date_time_get_year(local), g_date_time_get_hour(local), g_date_time_get_minute(local), text == 0 ? " Uhr" : "");
}
