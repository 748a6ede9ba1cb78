/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/unit/booking/fixture.h"

#define NONCE_1 "00112233445566778899aabbccddeeff"
#define NONCE_2 "ffeeddccbbaa99887766554433221100"

static char *person_id(const booking_context *context, const appointment *appointment, guint number)
{
	g_autoptr(GPtrArray) persons = person_list(context->db, appointment->case_id, NULL);
	return g_strdup(((person *)g_ptr_array_index(persons, number))->id);
}

static void enter(const booking_context *context, const appointment *appointment, guint number, const char *nonce)
{
	g_autofree char *id = person_id(context, appointment, number);
	g_autoptr(GError) error = NULL;
	waiting_enter(context, id, nonce, &error);
	g_assert_no_error(error);
}

static appointment_state state_of(const booking_context *context, const appointment *known)
{
	g_autoptr(appointment) stored = appointment_load(context->db, known->id, NULL);
	return stored->state;
}

static void test_together_one_is_enough(booking_context *context)
{
	g_autoptr(appointment) couple = confirmed_at(context, NINE_MS, TRUE);
	context->now_ms = NINE_MS - 10 * MINUTE_MS;
	enter(context, couple, 0, NONCE_1);
	g_assert_cmpint(state_of(context, couple), ==, APPOINTMENT_CHECKED_IN);
}

static void test_apart_both_are_needed(booking_context *context)
{
	g_autoptr(appointment) couple = confirmed_at(context, NINE_MS, FALSE);
	context->now_ms = NINE_MS - 10 * MINUTE_MS;
	enter(context, couple, 1, NONCE_2);
	g_assert_cmpint(state_of(context, couple), ==, APPOINTMENT_CONFIRMED);
	g_assert_cmpint(waiting_place(context->db, couple->id, NULL, NULL), ==, 0);
	enter(context, couple, 0, NONCE_1);
	g_assert_cmpint(state_of(context, couple), ==, APPOINTMENT_CHECKED_IN);
	g_autoptr(GPtrArray) waiting = waiting_list(context->db, fixed.town, NULL);
	g_assert_cmpint(waiting->len, ==, 1);
	const waiting_entry *entry = g_ptr_array_index(waiting, 0);
	g_assert_cmpstr(entry->nonces, ==, NONCE_1 "," NONCE_2);
	g_assert_cmpstr(entry->language, ==, "de");
	g_assert_cmpint(entry->duration_min, ==, 30);
	g_autoptr(GPtrArray) of_others = waiting_list(context->db, fixed.help, NULL);
	g_assert_cmpint(of_others->len, ==, 0);
}

static void test_place_is_kept(booking_context *context)
{
	g_autoptr(appointment) early = confirmed_at(context, NINE_MS, TRUE);
	g_autoptr(appointment) late = confirmed_at(context, NINE_MS + 15 * MINUTE_MS, TRUE);
	context->now_ms = NINE_MS - 20 * MINUTE_MS;
	enter(context, late, 0, NONCE_2);
	g_assert_cmpint(waiting_place(context->db, late->id, NULL, NULL), ==, 1);
	context->now_ms += MINUTE_MS;
	enter(context, early, 0, NONCE_1);
	int64_t work_ms = 0;
	g_assert_cmpint(waiting_place(context->db, early->id, &work_ms, NULL), ==, 1);
	g_assert_cmpint(work_ms, ==, 0);
	g_assert_cmpint(waiting_place(context->db, late->id, &work_ms, NULL), ==, 2);
	g_assert_cmpint(work_ms, ==, 30 * MINUTE_MS);

	/* A session that broke gives the old place back, leaving and coming again keeps it. */
	g_autofree char *person = person_id(context, early, 0);
	g_autoptr(appointment) called = appointment_load(context->db, early->id, NULL);
	g_assert_true(appointment_apply(context, called, APPOINTMENT_START, NULL, NULL));
	g_assert_cmpint(waiting_place(context->db, late->id, NULL, NULL), ==, 1);
	g_assert_true(appointment_apply(context, called, APPOINTMENT_REQUEUE, NULL, NULL));
	context->now_ms += MINUTE_MS;
	g_assert_true(waiting_leave(context, person, NULL));
	g_assert_false(waiting_is_present(context->db, person, NULL));
	enter(context, early, 0, NONCE_2);
	g_assert_true(waiting_is_present(context->db, person, NULL));
	g_assert_cmpint(waiting_place(context->db, early->id, NULL, NULL), ==, 1);
}

static void test_opens_an_hour_before(booking_context *context)
{
	g_autoptr(appointment) couple = confirmed_at(context, NINE_MS, TRUE);
	g_autofree char *person = person_id(context, couple, 0);
	g_autoptr(GError) error = NULL;
	const int64_t closed_ms[] = { NINE_MS - CHECK_IN_BEFORE_MS - 1, couple->end_ms + CHECK_IN_AFTER_MS + 1 };
	for (size_t i = 0; i < G_N_ELEMENTS(closed_ms); i++) {
		context->now_ms = closed_ms[i];
		g_assert_false(waiting_enter(context, person, NONCE_1, &error));
		g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_CLOSED);
		g_clear_error(&error);
	}
	context->now_ms = NINE_MS - CHECK_IN_BEFORE_MS;
	enter(context, couple, 0, NONCE_1);
}

static void test_not_after_the_end(booking_context *context)
{
	g_autoptr(appointment) couple = confirmed_at(context, NINE_MS, TRUE);
	g_assert_true(appointment_cancel(context, couple, TRUE, NULL));
	g_autofree char *person = person_id(context, couple, 0);
	g_autoptr(GError) error = NULL;
	context->now_ms = NINE_MS;
	g_assert_false(waiting_enter(context, person, NONCE_1, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_STATE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/waiting/together-one-is-enough", test_together_one_is_enough);
	ADD_TEST("/waiting/apart-both-are-needed", test_apart_both_are_needed);
	ADD_TEST("/waiting/place-is-kept", test_place_is_kept);
	ADD_TEST("/waiting/opens-an-hour-before", test_opens_an_hour_before);
	ADD_TEST("/waiting/not-after-the-end", test_not_after_the_end);
	return run_tests_on_installation();
}
