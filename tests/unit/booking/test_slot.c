/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/unit/booking/fixture.h"

static GArray *slots(const booking_context *context, const char *office, const char *key, const char *from, int days)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(service) service = service_load(context->db, office, key, "de", &error);
	g_assert_no_error(error);
	zone_day day = 0;
	if (from != NULL)
		g_assert_true(zone_day_parse(from, &day));
	GArray *slots = slot_list(context->db, office, service, day, days, context->now_ms, &error);
	g_assert_no_error(error);
	return slots;
}

static const slot *find(const GArray *slots, int64_t start_ms)
{
	for (guint i = 0; i < slots->len; i++) {
		const slot *slot = &g_array_index(slots, struct slot, i);
		if (slot->start_ms == start_ms)
			return slot;
	}
	return NULL;
}

static void test_a_morning(booking_context *context)
{
	/* open 8 to 12, half an hour each quarter of an hour, an hour's notice from 7:30 */
	context->now_ms += 30 * MINUTE_MS;
	g_autoptr(GArray) today = slots(context, fixed.hall, "marriage", NULL, 1);
	g_assert_cmpint(today->len, ==, 13);
	g_assert_cmpint(g_array_index(today, slot, 0).start_ms, ==, MONDAY_MS + 90 * MINUTE_MS);
	g_assert_cmpint(g_array_index(today, slot, 12).end_ms, ==, MONDAY_MS + 5 * HOUR_MS);
	g_assert_cmpint(g_array_index(today, slot, 0).free, ==, 2);
	g_autoptr(GArray) week = slots(context, fixed.hall, "marriage", "2027-03-01", 7);
	g_assert_cmpint(week->len, ==, 13 + 3 * 15); /* closed from Friday on */
}

static void test_hold_takes_its_buffers_too(booking_context *context)
{
	take_seat(context, "a", NINE_MS);
	g_autoptr(GArray) one_left = slots(context, fixed.hall, "marriage", NULL, 1);
	g_assert_cmpint(find(one_left, NINE_MS)->free, ==, 1);
	/* 9:00 to 9:30 takes 8:55 to 9:40 */
	g_assert_cmpint(find(one_left, NINE_MS - 45 * MINUTE_MS)->free, ==, 2);
	g_assert_cmpint(find(one_left, NINE_MS - 30 * MINUTE_MS)->free, ==, 1);
	g_assert_cmpint(find(one_left, NINE_MS + 30 * MINUTE_MS)->free, ==, 1);
	g_assert_cmpint(find(one_left, NINE_MS + 45 * MINUTE_MS)->free, ==, 2);
	take_seat(context, "b", NINE_MS);
	g_autoptr(GArray) none_left = slots(context, fixed.hall, "marriage", NULL, 1);
	g_assert_null(find(none_left, NINE_MS));
}

static void test_expired_hold_is_free(booking_context *context)
{
	take_seat(context, "a", NINE_MS);
	context->now_ms += HOLD_MS;
	g_autoptr(GArray) again = slots(context, fixed.hall, "marriage", NULL, 1);
	g_assert_cmpint(find(again, NINE_MS)->free, ==, 2);
}

static void test_services_share_seats(booking_context *context)
{
	take_seat(context, "a", NINE_MS);
	g_autoptr(GArray) advice = slots(context, fixed.hall, "advice", NULL, 1);
	g_assert_cmpint(find(advice, NINE_MS + 15 * MINUTE_MS)->free, ==, 1);
}

static void test_horizon(booking_context *context)
{
	g_autoptr(GArray) last = slots(context, fixed.large, "advice", "2028-02-29", 1);
	g_assert_cmpint(last->len, ==, 96);
	g_autoptr(GArray) beyond = slots(context, fixed.large, "advice", "2028-03-01", 2);
	g_assert_cmpint(beyond->len, ==, 0);
}

static void test_past_midnight(booking_context *context)
{
	g_autoptr(GArray) day = slots(context, fixed.large, "marriage", "2027-03-03", 1);
	g_assert_cmpint(day->len, ==, 96); /* 23:45 to 0:15 too */
}

static void test_switch_days(booking_context *context)
{
	g_autoptr(GArray) spring = slots(context, fixed.large, "advice", "2027-03-28", 1);
	g_assert_cmpint(spring->len, ==, 92);
	g_autoptr(GArray) autumn = slots(context, fixed.large, "advice", "2027-10-31", 1);
	g_assert_cmpint(autumn->len, ==, 100);
	for (guint i = 1; i < autumn->len; i++)
		g_assert_cmpint(g_array_index(autumn, slot, i).start_ms, ==, g_array_index(autumn, slot, i - 1).end_ms);
}

static void test_offered(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(service) service = service_load(context->db, fixed.hall, "marriage", "de", &error);
	g_assert_true(slot_check_offered(context->db, fixed.hall, service, NINE_MS, context->now_ms, &error));
	const int64_t wrong_ms[] = { NINE_MS + MINUTE_MS, MONDAY_MS, NINE_MS - DAY_MS, NINE_MS + 4 * DAY_MS,
		NINE_MS + 4 * HOUR_MS, 0 };
	for (size_t i = 0; i < G_N_ELEMENTS(wrong_ms); i++) {
		g_assert_false(slot_check_offered(context->db, fixed.hall, service, wrong_ms[i], context->now_ms, &error));
		g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_CLOSED);
		g_clear_error(&error);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/slot/a-morning", test_a_morning);
	ADD_TEST("/slot/hold-takes-its-buffers-too", test_hold_takes_its_buffers_too);
	ADD_TEST("/slot/expired-hold-is-free", test_expired_hold_is_free);
	ADD_TEST("/slot/services-share-seats", test_services_share_seats);
	ADD_TEST("/slot/horizon", test_horizon);
	ADD_TEST("/slot/past-midnight", test_past_midnight);
	ADD_TEST("/slot/switch-days", test_switch_days);
	ADD_TEST("/slot/offered", test_offered);
	return run_tests_on_installation();
}
