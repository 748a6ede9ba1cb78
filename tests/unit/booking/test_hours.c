/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/hours.h"
#include "tests/unit/booking/fixture.h"

static zone_day day_of(const char *date)
{
	zone_day day = 0;
	g_assert_true(zone_day_parse(date, &day));
	return day;
}

/* Minutes that `office` is open on a day. */
static int64_t open_minutes(const booking_context *context, const char *office, const char *date)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) open = hours_list(context->db, office, day_of(date), day_of(date), &error);
	g_assert_no_error(error);
	int64_t minutes = 0;
	for (guint i = 0; i < open->len; i++) {
		hours_interval interval = g_array_index(open, hours_interval, i);
		minutes += (interval.end_ms - interval.start_ms) / MINUTE_MS;
	}
	return minutes;
}

static void exception(const booking_context *context, const char *date, int from_minute, int to_minute)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *id = g_strdup_printf("exception-%s-%d", date, from_minute);
	db_run(context->db, &error, SQL_DEMO_OPENING_EXCEPTION, DB_TEXT("id", id), DB_TEXT("office", fixed.hall),
		DB_INT("day", day_of(date)), DB_INT("from_minute", from_minute), DB_INT("to_minute", to_minute));
	g_assert_no_error(error);
}

static void test_series(booking_context *context)
{
	g_assert_cmpint(open_minutes(context, fixed.hall, "2027-03-01"), ==, 240);
	g_assert_cmpint(open_minutes(context, fixed.hall, "2027-03-06"), ==, 0);
}

static void test_holiday_beats_series(booking_context *context)
{
	g_assert_cmpint(open_minutes(context, fixed.hall, "2027-03-26"), ==, 0); /* Good Friday */
	g_assert_cmpint(open_minutes(context, fixed.hall, "2027-03-25"), ==, 240);
}

static void test_exception_beats_holiday_and_series(booking_context *context)
{
	exception(context, "2027-03-26", 600, 660);
	g_assert_cmpint(open_minutes(context, fixed.hall, "2027-03-26"), ==, 60);
	exception(context, "2027-03-02", 600, 630);
	exception(context, "2027-03-02", 900, 930);
	g_assert_cmpint(open_minutes(context, fixed.hall, "2027-03-02"), ==, 60);
}

static void test_closure_beats_all(booking_context *context)
{
	g_assert_cmpint(open_minutes(context, fixed.hall, "2027-03-05"), ==, 0); /* a Friday */
	exception(context, "2027-03-05", 600, 660);
	g_assert_cmpint(open_minutes(context, fixed.hall, "2027-03-05"), ==, 0);
}

static void test_versions(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	db_run(context->db, &error, "UPDATE opening_rule SET valid_until = $day WHERE office = $office AND weekday = 1",
		DB_INT("day", day_of("2027-03-15")), DB_TEXT("office", fixed.hall));
	db_run(context->db, &error,
		"INSERT INTO opening_rule (id, office, weekday, from_minute, to_minute, valid_from) VALUES ('new', $office, 1, "
		"480, 540, $day)",
		DB_INT("day", day_of("2027-03-15")), DB_TEXT("office", fixed.hall));
	g_assert_no_error(error);
	g_assert_cmpint(open_minutes(context, fixed.hall, "2027-03-08"), ==, 240);
	g_assert_cmpint(open_minutes(context, fixed.hall, "2027-03-15"), ==, 60);
}

static void test_switch_days(booking_context *context)
{
	g_assert_cmpint(open_minutes(context, fixed.large, "2027-03-27"), ==, 24 * 60);
	g_assert_cmpint(open_minutes(context, fixed.large, "2027-03-28"), ==, 23 * 60);
	g_assert_cmpint(open_minutes(context, fixed.large, "2027-10-31"), ==, 25 * 60);
}

static void test_is_open(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	g_assert_false(hours_is_open(context->db, fixed.hall, MONDAY_MS, &error));
	g_assert_true(hours_is_open(context->db, fixed.hall, MONDAY_MS + HOUR_MS, &error));
	g_assert_true(hours_is_open(context->db, fixed.hall, MONDAY_MS + 5 * HOUR_MS - 1, &error));
	g_assert_false(hours_is_open(context->db, fixed.hall, MONDAY_MS + 5 * HOUR_MS, &error));
	g_assert_no_error(error);
	g_assert_false(hours_is_open(context->db, "office_unknown", MONDAY_MS, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/hours/series", test_series);
	ADD_TEST("/hours/holiday-beats-series", test_holiday_beats_series);
	ADD_TEST("/hours/exception-beats-holiday-and-series", test_exception_beats_holiday_and_series);
	ADD_TEST("/hours/closure-beats-all", test_closure_beats_all);
	ADD_TEST("/hours/versions", test_versions);
	ADD_TEST("/hours/switch-days", test_switch_days);
	ADD_TEST("/hours/is-open", test_is_open);
	return run_tests_on_installation();
}
