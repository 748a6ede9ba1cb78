/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/sweep.h"
#include "tests/unit/booking/fixture.h"

static void sweep_at(booking_context *context, int64_t now_ms)
{
	context->now_ms = now_ms;
	g_autoptr(GError) error = NULL;
	sweep_run(context, &error);
	g_assert_no_error(error);
}

static appointment_state state_of(const booking_context *context, const appointment *known)
{
	g_autoptr(appointment) stored = appointment_load(context->db, known->id, NULL);
	return stored->state;
}

static int64_t reminders(const booking_context *context)
{
	return count_rows(context, "SELECT COUNT(*) AS count FROM notice WHERE kind IN ('reminder_day', 'reminder_hour')");
}

static void test_expires(booking_context *context)
{
	g_autoptr(appointment) hold = held_at(context, "a", NINE_MS);
	g_autoptr(appointment) booked = booked_at(context, NINE_MS + HOUR_MS, TRUE);
	sweep_at(context, MONDAY_MS + HOLD_MS - 1);
	g_assert_cmpint(state_of(context, hold), ==, APPOINTMENT_HELD);
	sweep_at(context, MONDAY_MS + HOLD_MS);
	g_assert_cmpint(state_of(context, hold), ==, APPOINTMENT_EXPIRED);
	g_assert_cmpint(state_of(context, booked), ==, APPOINTMENT_AWAITING_MAIL);
	sweep_at(context, MONDAY_MS + CONFIRM_MS);
	g_assert_cmpint(state_of(context, booked), ==, APPOINTMENT_EXPIRED);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM claim"), ==, 0);
}

static void test_forgets_the_unconfirmed(booking_context *context)
{
	take_seat(context, "a", NINE_MS);
	appointment_free(booked_at(context, NINE_MS + HOUR_MS, TRUE));
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS + 2 * DAY_MS, TRUE);
	sweep_at(context, MONDAY_MS + CONFIRM_MS);
	sweep_at(context, MONDAY_MS + CONFIRM_MS + FORGET_AFTER_MS - 1);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM person"), ==, 4);
	sweep_at(context, MONDAY_MS + CONFIRM_MS + FORGET_AFTER_MS);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM appointment"), ==, 1);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM person"), ==, 2);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM case_file"), ==, 1);
	g_assert_cmpint(state_of(context, confirmed), ==, APPOINTMENT_CONFIRMED);
}

static void test_reminds_once(booking_context *context)
{
	int64_t start_ms = NINE_MS + 3 * DAY_MS;
	g_autoptr(appointment) confirmed = confirmed_at(context, start_ms, TRUE);
	sweep_at(context, start_ms - REMINDER_DAY_MS - 1);
	g_assert_cmpint(reminders(context), ==, 0);
	for (int i = 0; i < 3; i++)
		sweep_at(context, start_ms - REMINDER_DAY_MS + i);
	g_assert_cmpint(reminders(context), ==, 2); /* one for each partner */
	for (int i = 0; i < 3; i++)
		sweep_at(context, start_ms - REMINDER_HOUR_MS + i);
	g_assert_cmpint(reminders(context), ==, 4);
	g_autofree char *mail = queued_mail(context, confirmed->id, "reminder_hour", john.email);
	g_assert_nonnull(strstr(mail, "Dear John O=E2=80=99Neill"));
}

static void test_reminds_again_after_a_move(booking_context *context)
{
	int64_t start_ms = NINE_MS + 3 * DAY_MS;
	g_autoptr(appointment) confirmed = confirmed_at(context, start_ms, TRUE);
	sweep_at(context, start_ms - REMINDER_DAY_MS);
	g_assert_true(appointment_move(context, confirmed, start_ms + HOUR_MS, NULL));
	sweep_at(context, start_ms + HOUR_MS - REMINDER_DAY_MS);
	g_assert_cmpint(reminders(context), ==, 4);
}

static void test_short_notice_needs_no_reminder(booking_context *context)
{
	appointment_free(confirmed_at(context, NINE_MS, TRUE));
	sweep_at(context, NINE_MS - MINUTE_MS);
	g_assert_cmpint(reminders(context), ==, 0);
}

static void test_who_came_is_not_missing(booking_context *context)
{
	g_autoptr(appointment) missed = confirmed_at(context, NINE_MS, TRUE);
	g_autoptr(appointment) came = confirmed_at(context, NINE_MS + HOUR_MS, TRUE);
	g_assert_true(appointment_apply(context, came, APPOINTMENT_CHECK_IN, NULL, NULL));
	sweep_at(context, came->end_ms + NO_SHOW_AFTER_MS);
	g_assert_cmpint(state_of(context, missed), ==, APPOINTMENT_NO_SHOW);
	g_assert_cmpint(state_of(context, came), ==, APPOINTMENT_ABORTED);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/sweep/expires", test_expires);
	ADD_TEST("/sweep/forgets-the-unconfirmed", test_forgets_the_unconfirmed);
	ADD_TEST("/sweep/reminds-once", test_reminds_once);
	ADD_TEST("/sweep/reminds-again-after-a-move", test_reminds_again_after_a_move);
	ADD_TEST("/sweep/short-notice-needs-no-reminder", test_short_notice_needs_no_reminder);
	ADD_TEST("/sweep/who-came-is-not-missing", test_who_came_is_not_missing);
	return run_tests_on_installation();
}
