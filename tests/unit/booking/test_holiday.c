/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/holiday.h"
#include "tests/unit/booking/fixture.h"

static void test_easter(void)
{
	const int known[][3] = { { 2024, 3, 31 }, { 2025, 4, 20 }, { 2026, 4, 5 }, { 2027, 3, 28 }, { 2028, 4, 16 },
		{ 2038, 4, 25 }, { 2049, 4, 18 }, { 2076, 4, 19 }, { 1981, 4, 19 }, { 1954, 4, 18 } };
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		g_assert_cmpint(holiday_easter(known[i][0]), ==, zone_day_new(known[i][0], known[i][1], known[i][2]));
}

static void test_known_dates(void)
{
	const struct {
		const char *land;
		const char *date;
		const char *key; /* NULL: a working day */
	} known[] = {
		{ "NW", "2026-01-01", "new_year" },
		{ "BY", "2026-01-06", "epiphany" },
		{ "NW", "2026-01-06", NULL },
		{ "BE", "2026-03-08", "womens_day" },
		{ "MV", "2027-03-08", "womens_day" },
		{ "HH", "2027-03-08", NULL },
		{ "HE", "2026-04-03", "good_friday" },
		{ "BB", "2026-04-05", "easter_sunday" },
		{ "SH", "2026-04-06", "easter_monday" },
		{ "SN", "2026-05-14", "ascension" },
		{ "HB", "2026-05-25", "whit_monday" },
		{ "NW", "2026-06-04", "corpus_christi" },
		{ "SN", "2026-06-04", NULL },
		{ "SL", "2026-08-15", "assumption" },
		{ "BY", "2026-08-15", NULL },
		{ "TH", "2026-09-20", "childrens_day" },
		{ "NI", "2026-10-03", "german_unity" },
		{ "NI", "2026-10-31", "reformation" },
		{ "BE", "2026-10-31", NULL },
		{ "RP", "2026-11-01", "all_saints" },
		{ "SN", "2026-11-18", "repentance" },
		{ "SN", "2027-11-17", "repentance" },
		{ "SN", "2028-11-22", "repentance" },
		{ "ST", "2026-11-18", NULL },
		{ "NW", "2027-03-26", "good_friday" },
		{ "NW", "2027-03-29", "easter_monday" },
		{ "NW", "2027-05-06", "ascension" },
		{ "BW", "2027-05-17", "whit_monday" },
		{ "BW", "2027-05-27", "corpus_christi" },
		{ "BW", "2027-12-26", "boxing_day" },
		{ "BW", "2027-12-24", NULL },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		zone_day day = 0;
		g_assert_true(zone_day_parse(known[i].date, &day));
		const char *key = NULL;
		g_assert_true((holiday_name(known[i].land, day, &key) != NULL) == (known[i].key != NULL));
		g_assert_cmpstr(key, ==, known[i].key);
	}
}

/* Holidays by law of the Land, those on Sundays too. */
static void test_counts_of_2027(void)
{
	const struct {
		const char *land;
		int count;
	} known[] = { { "BW", 12 }, { "BY", 12 }, { "BE", 10 }, { "BB", 12 }, { "HB", 10 }, { "HH", 10 }, { "HE", 10 },
		{ "MV", 11 }, { "NI", 10 }, { "NW", 11 }, { "RP", 11 }, { "SL", 12 }, { "SN", 11 }, { "ST", 11 }, { "SH", 10 },
		{ "TH", 11 } };
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		int count = 0;
		for (zone_day day = zone_day_new(2027, 1, 1); day <= zone_day_new(2027, 12, 31); day++)
			count += holiday_name(known[i].land, day, NULL) != NULL;
		g_assert_cmpint(count, ==, known[i].count);
	}
}

static gboolean is_holiday(const booking_context *context, const char *municipality_key, const char *date)
{
	zone_day day = 0;
	g_assert_true(zone_day_parse(date, &day));
	g_autoptr(GError) error = NULL;
	gboolean is_holiday = holiday_is(context->db, "BY", municipality_key, day, &error);
	g_assert_no_error(error);
	return is_holiday;
}

static void test_municipality_wins(booking_context *context)
{
	/* installation.json gives this one two more, one day of its own, and takes one away */
	g_assert_true(is_holiday(context, "09999002", "2027-08-15"));
	g_assert_true(is_holiday(context, "09999002", "2027-08-08"));
	g_assert_true(is_holiday(context, "09999002", "2027-03-10"));
	g_assert_false(is_holiday(context, "09999002", "2028-03-10"));
	g_assert_false(is_holiday(context, "09999002", "2027-03-26"));
	g_assert_true(is_holiday(context, "09999002", "2027-01-06"));
	g_assert_false(is_holiday(context, "09000000", "2027-08-15"));
	g_assert_true(is_holiday(context, "09000000", "2027-03-26"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/holiday/easter", test_easter);
	g_test_add_func("/holiday/known-dates", test_known_dates);
	g_test_add_func("/holiday/counts-of-2027", test_counts_of_2027);
	ADD_TEST("/holiday/municipality-wins", test_municipality_wins);
	return run_tests_on_installation();
}
