/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/zone.h"
#include "core/clock.h"

static GTimeZone *berlin;

static void at(int year, int month, int day, int minute, const char *expected)
{
	g_autofree char *text = clock_text(zone_instant_ms(berlin, zone_day_new(year, month, day), minute));
	g_assert_cmpstr(text, ==, expected);
}

static void test_offsets(void)
{
	at(2027, 1, 15, 9 * 60, "2027-01-15T08:00:00.000Z");
	at(2027, 7, 15, 9 * 60, "2027-07-15T07:00:00.000Z");
	at(2027, 12, 31, 1440, "2027-12-31T23:00:00.000Z");
}

static void test_gap_moves_forward(void)
{
	at(2027, 3, 28, 1 * 60 + 59, "2027-03-28T00:59:00.000Z");
	at(2027, 3, 28, 2 * 60, "2027-03-28T01:00:00.000Z");
	at(2027, 3, 28, 2 * 60 + 30, "2027-03-28T01:30:00.000Z"); /* 3:30 in summer time */
	at(2027, 3, 28, 3 * 60, "2027-03-28T01:00:00.000Z");
	at(2027, 3, 28, 0, "2027-03-27T23:00:00.000Z");
	at(2027, 3, 28, 1440, "2027-03-28T22:00:00.000Z");
}

static void test_overlap_is_the_first(void)
{
	at(2027, 10, 31, 1 * 60 + 59, "2027-10-30T23:59:00.000Z");
	at(2027, 10, 31, 2 * 60 + 30, "2027-10-31T00:30:00.000Z"); /* still summer time */
	at(2027, 10, 31, 3 * 60, "2027-10-31T02:00:00.000Z");
	at(2027, 10, 31, 1440, "2027-10-31T23:00:00.000Z");
}

static void test_every_hour_of_ten_years_leads_back(void)
{
	zone_day first = zone_day_new(2026, 1, 1), last = zone_day_new(2035, 12, 31);
	int64_t before_ms = 0;
	for (zone_day day = first; day <= last; day++) {
		for (int hour = 4; hour < 24; hour++) {
			int64_t instant_ms = zone_instant_ms(berlin, day, hour * 60);
			g_assert_cmpint(instant_ms, >, before_ms);
			g_assert_cmpint(zone_day_of(berlin, instant_ms), ==, day);
			before_ms = instant_ms;
		}
	}
}

static void test_days(void)
{
	zone_day day = 0;
	g_assert_true(zone_day_parse("1970-01-01", &day));
	g_assert_cmpint(day, ==, 0);
	g_assert_cmpint(zone_weekday(day), ==, 4);
	g_assert_true(zone_day_parse("2028-02-29", &day));
	g_autofree char *text = zone_day_text(day);
	g_assert_cmpstr(text, ==, "2028-02-29");
	const char *const wrong[] = { "", "2027-02-29", "2027-13-01", "2027-00-10", "2027-1-01", "27-01-01", "2027-01-01x",
		"0000-01-01", "2027/01/01", "2027-04-31" };
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_assert_false(zone_day_parse(wrong[i], &day));
}

static void test_texts(void)
{
	int64_t instant_ms = zone_instant_ms(berlin, zone_day_new(2027, 3, 9), 8 * 60 + 5);
	g_autofree char *german = zone_instant_text(berlin, instant_ms, "de");
	g_assert_cmpstr(german, ==, "Dienstag, 9. März 2027, 08:05 Uhr");
	g_autofree char *english = zone_instant_text(berlin, instant_ms, "en");
	g_assert_cmpstr(english, ==, "Tuesday, 9 March 2027, 08:05");
}

static void test_unknown_zone(void)
{
	g_assert_null(zone_new("Europe/Nowhere"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	berlin = zone_new("Europe/Berlin");
	g_test_add_func("/zone/offsets", test_offsets);
	g_test_add_func("/zone/gap-moves-forward", test_gap_moves_forward);
	g_test_add_func("/zone/overlap-is-the-first", test_overlap_is_the_first);
	g_test_add_func("/zone/every-hour-of-ten-years", test_every_hour_of_ten_years_leads_back);
	g_test_add_func("/zone/days", test_days);
	g_test_add_func("/zone/texts", test_texts);
	g_test_add_func("/zone/unknown", test_unknown_zone);
	int status = g_test_run();
	g_time_zone_unref(berlin);
	return status;
}
