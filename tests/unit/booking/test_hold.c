/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/unit/booking/fixture.h"

static void test_repeat_gives_the_first_answer(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(appointment) first = hold_new(context, "a", NULL, fixed.hall, "marriage", NINE_MS, "key", &error);
	g_assert_no_error(error);
	g_assert_cmpint(first->end_ms, ==, NINE_MS + 30 * MINUTE_MS);
	g_assert_cmpint(first->expires_ms, ==, context->now_ms + HOLD_MS);
	g_autoptr(appointment) again = hold_new(context, "a", NULL, fixed.hall, "marriage", NINE_MS, "key", &error);
	g_assert_no_error(error);
	g_assert_cmpstr(again->id, ==, first->id);
	g_autoptr(appointment) other = hold_new(context, "b", NULL, fixed.hall, "marriage", NINE_MS, "key", &error);
	g_assert_cmpstr(other->id, !=, first->id);
}

static void test_one_hold_for_a_visitor(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(appointment) first = hold_new(context, "a", NULL, fixed.hall, "marriage", NINE_MS, "key-1", &error);
	g_autoptr(appointment) second = hold_new(context, "a", NULL, fixed.hall, "marriage", NINE_MS + HOUR_MS, "key-2", &error);
	g_assert_no_error(error);
	g_assert_null(hold_load(context, "a", first->id, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_EXPIRED);
	g_assert_cmpint(second->state, ==, APPOINTMENT_HELD);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(DISTINCT appointment) AS count FROM claim"), ==, 1);
}

static void test_taken(booking_context *context)
{
	g_autoptr(appointment) first = held_at(context, "a", NINE_MS);
	take_seat(context, "b", NINE_MS);
	g_autoptr(GError) error = NULL;
	/* The buffers count: 9:30 begins inside the first two's. */
	g_assert_null(hold_new(context, "c", NULL, fixed.hall, "marriage", NINE_MS + 30 * MINUTE_MS, "c", &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_TAKEN);
	g_clear_error(&error);
	g_assert_true(hold_release(context, first, &error));
	take_seat(context, "c", NINE_MS + 30 * MINUTE_MS);
}

static void test_expired_hold_is_free_without_any_sweep(booking_context *context)
{
	g_autoptr(appointment) first = held_at(context, "a", NINE_MS);
	take_seat(context, "b", NINE_MS);
	context->now_ms += HOLD_MS;
	take_seat(context, "c", NINE_MS);
	g_autoptr(GError) error = NULL;
	g_assert_null(hold_load(context, "a", first->id, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_EXPIRED);
	g_clear_error(&error);
	const person_intake couple[] = { erika, john };
	g_assert_false(appointment_book(context, first, TRUE, couple, 2, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_EXPIRED);
}

static void test_extended_once(booking_context *context)
{
	g_autoptr(appointment) hold = held_at(context, "a", NINE_MS);
	context->now_ms += HOLD_MS - 1;
	g_autoptr(GError) error = NULL;
	g_assert_true(hold_can_extend(hold));
	g_assert_true(hold_extend(context, hold, &error));
	g_assert_cmpint(hold->expires_ms, ==, context->now_ms + HOLD_MS);
	g_assert_false(hold_can_extend(hold));
	g_assert_false(hold_extend(context, hold, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_LIMIT);
	context->now_ms += HOLD_MS - 1;
	g_autoptr(appointment) still = hold_load(context, "a", hold->id, NULL);
	g_assert_nonnull(still);
}

static void test_of_somebody_else_is_not_found(booking_context *context)
{
	g_autoptr(appointment) hold = held_at(context, "a", NINE_MS);
	g_autoptr(GError) error = NULL;
	g_assert_null(hold_load(context, "b", hold->id, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_assert_null(hold_new(context, "b", NULL, fixed.hall, "unknown", NINE_MS, "k", &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_assert_null(hold_new(context, "b", NULL, "office_unknown", "marriage", NINE_MS, "k", &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND);
}

static char *hold_from(booking_context *context, const char *address_hash, int number, GError **error)
{
	g_autofree char *visitor = g_strdup_printf("visitor-%d", number);
	g_autoptr(appointment) hold =
		hold_new(context, visitor, address_hash, fixed.large, "marriage", MONDAY_MS + 3 * HOUR_MS, visitor, error);
	return hold != NULL ? g_strdup(hold->id) : NULL;
}

static void test_many_visitors_of_one_address(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *first = hold_from(context, "here", 0, &error);
	for (int i = 1; i < HOLDS_PER_ADDRESS; i++)
		g_free(hold_from(context, "here", i, &error));
	g_assert_no_error(error);
	g_assert_null(hold_from(context, "here", 100, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_LIMIT);
	g_clear_error(&error);
	g_free(hold_from(context, "elsewhere", 101, &error));
	g_assert_no_error(error);

	/* Booking alone is no way around it. */
	g_autoptr(appointment) held = appointment_load(context->db, first, &error);
	const person_intake couple[] = { erika, john };
	g_assert_true(appointment_book(context, held, TRUE, couple, 2, &error));
	g_assert_null(hold_from(context, "here", 102, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_LIMIT);
	g_clear_error(&error);

	g_autofree char *token = token_in_mail(context, first, "confirm_request", erika.email, "confirm");
	appointment_free(appointment_confirm(context, token, &error));
	g_assert_no_error(error);
	g_free(hold_from(context, "here", 103, &error));
	g_assert_no_error(error);
	context->now_ms += HOLD_MS;
	g_free(hold_from(context, "here", 104, &error));
	g_assert_no_error(error);
}

static void test_address_is_erased(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	for (int i = 0; i < 3; i++) {
		g_autofree char *id = hold_from(context, "here", i, &error);
		g_autoptr(appointment) hold = appointment_load(context->db, id, &error);
		const char *kept = "SELECT COUNT(*) AS count FROM appointment WHERE address_hash IS NOT NULL";
		g_assert_cmpint(count_rows(context, kept), ==, 1);
		g_assert_true(i > 0 || hold_release(context, hold, &error));
		g_assert_true(i != 1 || appointment_apply(context, hold, APPOINTMENT_EXPIRE, NULL, &error));
		const person_intake couple[] = { erika, john };
		g_assert_true(i != 2 || appointment_book(context, hold, TRUE, couple, 2, &error));
		g_autofree char *token = i == 2 ? token_in_mail(context, id, "confirm_request", erika.email, "confirm") : NULL;
		if (i == 2)
			appointment_free(appointment_confirm(context, token, &error));
		g_assert_no_error(error);
		g_assert_cmpint(count_rows(context, kept), ==, 0);
	}
}

/* --- the race: 64 threads at one time of an office with 50 seats, each trying until it is told "taken" --- */

#define RACERS 64
#define TRIES 4
#define SEATS 50
#define RACE_MS (MONDAY_MS + 3 * HOUR_MS)

typedef struct {
	int number, attempt;
	gboolean is_held;
} racer;

static gboolean race_job(db *db, gpointer data, GError **error)
{
	racer *racer = data;
	booking_context context = { db, MONDAY_MS, "visitor:test", &test_settings };
	g_autofree char *visitor = g_strdup_printf("racer-%d-%d", racer->number, racer->attempt);
	g_autoptr(appointment) hold = hold_new(&context, visitor, NULL, fixed.large, "marriage", RACE_MS, visitor, error);
	return hold != NULL;
}

static gpointer race(gpointer data)
{
	int held = 0;
	for (int attempt = 0; attempt < TRIES; attempt++) {
		racer racer = { GPOINTER_TO_INT(data), attempt, FALSE };
		g_autoptr(GError) error = NULL;
		if (store_write_wait(fixed.store, race_job, &racer, &error))
			held++;
		else
			g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_TAKEN);
	}
	return GINT_TO_POINTER(held);
}

static gboolean count_after_race(db *db, G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED GError **error)
{
	booking_context context = { db, MONDAY_MS, "system", &test_settings };
	g_assert_cmpint(count_rows(&context, "SELECT COUNT(*) AS count FROM appointment WHERE state = 'held'"), ==, SEATS);
	g_assert_cmpint(count_rows(&context, "SELECT COUNT(DISTINCT resource) AS count FROM claim"), ==, SEATS);
	g_assert_cmpint(count_rows(&context, "SELECT COUNT(*) AS count FROM claim"), ==, SEATS * 9); /* 45 minutes with buffers */
	return TRUE;
}

static void test_race(void)
{
	GThread *threads[RACERS];
	for (int i = 0; i < RACERS; i++)
		threads[i] = g_thread_new("racer", race, GINT_TO_POINTER(i));
	int held = 0;
	for (int i = 0; i < RACERS; i++)
		held += GPOINTER_TO_INT(g_thread_join(threads[i]));
	g_assert_cmpint(held, ==, SEATS);
	g_assert_true(store_read(fixed.store, count_after_race, NULL, NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/hold/repeat-gives-the-first-answer", test_repeat_gives_the_first_answer);
	ADD_TEST("/hold/one-for-a-visitor", test_one_hold_for_a_visitor);
	ADD_TEST("/hold/taken", test_taken);
	ADD_TEST("/hold/expired-is-free-without-any-sweep", test_expired_hold_is_free_without_any_sweep);
	ADD_TEST("/hold/extended-once", test_extended_once);
	ADD_TEST("/hold/of-somebody-else-is-not-found", test_of_somebody_else_is_not_found);
	ADD_TEST("/hold/many-visitors-of-one-address", test_many_visitors_of_one_address);
	ADD_TEST("/hold/address-is-erased", test_address_is_erased);
	g_test_add_func("/hold/race", test_race);
	return run_tests_on_installation();
}
