/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/person.h"
#include "tests/unit/booking/fixture.h"

/* --- the state table: every state with every event --- */

static void test_all_states_and_events(void)
{
	/* rows: states in order; columns: BOOK RELEASE EXPIRE CONFIRM MOVE CHECK_IN START REQUEUE COMPLETE ABORT
	 * CANCEL_BY_PERSON CANCEL_BY_OFFICE MISS EXTEND PERFORM; "." is refused */
	static const char *const expected[APPOINTMENT_STATES][APPOINTMENT_EVENTS] = {
		{ "awaiting_mail", "expired", "expired", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "held", "." },
		{ ".", ".", "expired", "confirmed", ".", ".", ".", ".", ".", ".", ".", "cancelled_by_office", ".", ".", "." },
		{ ".", ".", ".", ".", "confirmed", "checked_in", ".", ".", ".", ".", "cancelled_by_person", "cancelled_by_office",
			"no_show", ".", "." },
		{ ".", ".", ".", ".", ".", ".", "in_session", ".", ".", "aborted", "cancelled_by_person", "cancelled_by_office",
			".", ".", "checked_in" },
		{ ".", ".", ".", ".", ".", ".", ".", "checked_in", "completed", "aborted", ".", ".", ".", ".", "." },
	};
	for (int state = 0; state < APPOINTMENT_STATES; state++) {
		for (int event = 0; event < APPOINTMENT_EVENTS; event++) {
			const char *wanted = expected[state][event] != NULL ? expected[state][event] : ".";
			appointment_state next;
			gboolean is_legal = appointment_next((appointment_state)state, (appointment_event)event, &next);
			g_assert_cmpstr(is_legal ? appointment_state_name(next) : ".", ==, wanted);
		}
	}
}

static void test_swap_needs_the_revision(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(appointment) mine = confirmed_at(context, NINE_MS, TRUE);
	g_autoptr(appointment) theirs = appointment_load(context->db, mine->id, &error);
	g_assert_true(appointment_apply(context, mine, APPOINTMENT_MOVE, NULL, &error));
	g_assert_false(appointment_apply(context, theirs, APPOINTMENT_MOVE, NULL, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_STATE);
}

/* --- the way of an appointment --- */

static void test_book_and_confirm(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(appointment) booked = booked_at(context, NINE_MS, FALSE);
	g_assert_cmpint(booked->state, ==, APPOINTMENT_AWAITING_MAIL);
	g_assert_cmpint(booked->expires_ms, ==, context->now_ms + CONFIRM_MS);
	g_autofree char *no_mail = queued_mail(context, booked->id, "confirm_request", john.email);
	g_assert_null(no_mail);
	g_autofree char *token = token_in_mail(context, booked->id, "confirm_request", erika.email, "confirm");

	g_autoptr(appointment) confirmed = appointment_confirm(context, token, &error);
	g_assert_no_error(error);
	g_assert_cmpint(confirmed->state, ==, APPOINTMENT_CONFIRMED);
	g_autoptr(GPtrArray) persons = person_list(context->db, confirmed->case_id, &error);
	g_assert_cmpint(persons->len, ==, 2);
	g_assert_cmpstr(((person *)persons->pdata[0])->family_name, ==, "Dvořák-Groß");
	g_assert_true(((person *)persons->pdata[0])->has_confirmed);
	g_assert_false(((person *)persons->pdata[1])->has_confirmed);
	g_autofree char *link_1 = token_in_mail(context, booked->id, "confirmed", erika.email, "visit");
	g_autofree char *link_2 = token_in_mail(context, booked->id, "confirmed", john.email, "visit");
	g_assert_cmpstr(link_1, !=, link_2);

	/* Followed again: the same answer, no second mail. */
	g_autoptr(appointment) again = appointment_confirm(context, token, &error);
	g_assert_cmpint(again->revision, ==, confirmed->revision);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM notice"), ==, 3);
}

static void test_secrets_are_not_stored(booking_context *context)
{
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, FALSE);
	g_autofree char *link = token_in_mail(context, confirmed->id, "confirmed", erika.email, "visit");
	g_assert_cmpint(strlen(link), >=, 22);
	g_autoptr(GError) error = NULL;
	g_autoptr(db_rows) rows = db_select(
		context->db, &error, "SELECT COUNT(*) AS count FROM person WHERE link_hash = $link", DB_TEXT("link", link));
	g_assert_true(db_next(rows));
	g_assert_cmpint(db_int(rows, "count"), ==, 0);
}

static void test_confirm_in_time(booking_context *context)
{
	g_autoptr(appointment) booked = booked_at(context, NINE_MS, TRUE);
	g_autofree char *token = token_in_mail(context, booked->id, "confirm_request", erika.email, "confirm");
	context->now_ms += CONFIRM_MS;
	g_autoptr(GError) error = NULL;
	g_assert_null(appointment_confirm(context, token, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_EXPIRED);
	g_clear_error(&error);
	g_assert_null(appointment_confirm(context, "0123456789012345678901234567890123456789012", &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_WRONG);
}

static void test_intake_is_checked(booking_context *context)
{
	g_autoptr(appointment) hold = held_at(context, "a", NINE_MS);
	g_autoptr(GError) error = NULL;
	g_assert_false(appointment_book(context, hold, TRUE, &erika, 1, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_INVALID);
	g_clear_error(&error);
	const person_intake twice[] = { erika, erika };
	g_assert_false(appointment_book(context, hold, TRUE, twice, 2, &error));
	g_assert_true(g_str_has_prefix(error->message, "persons[1].given_names: "));
	g_clear_error(&error);
	person_intake couple[] = { erika, john };
	couple[1].birth_date = "2015-01-01";
	g_assert_false(appointment_book(context, hold, TRUE, couple, 2, &error));
	g_assert_true(g_str_has_prefix(error->message, "persons[1].birth_date: "));
	g_clear_error(&error);
	couple[1] = john;
	g_assert_true(appointment_book(context, hold, TRUE, couple, 2, &error)); /* the hold is still good */
}

static void test_book_repeated(booking_context *context)
{
	g_autoptr(appointment) booked = booked_at(context, NINE_MS, TRUE);
	const person_intake couple[] = { erika, john };
	g_autoptr(appointment) again = hold_load(context, booked->visitor, booked->id, NULL);
	g_assert_true(appointment_book(context, again, TRUE, couple, 2, NULL));
	g_assert_cmpint(again->revision, ==, booked->revision);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM notice"), ==, 1);
	g_assert_false(hold_release(context, again, NULL));
}

/* The address may be somebody else's. */
static void test_mails_to_one_address_are_few(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	person_intake couple[] = { erika, john };
	for (guint i = 0; i <= UNCONFIRMED_MAX; i++) {
		g_autofree char *visitor = g_strdup_printf("visitor %u", i);
		g_autoptr(appointment) hold = held_at(context, visitor, NINE_MS + i / 2 * HOUR_MS);
		g_assert_cmpint(appointment_book(context, hold, TRUE, couple, 2, &error), ==, i < UNCONFIRMED_MAX);
	}
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_LIMIT);
	g_clear_error(&error);
	/* what nobody confirmed does not stand in the way for ever */
	context->now_ms += CONFIRM_MS;
	g_autoptr(appointment) later = held_at(context, "later", NINE_MS + 2 * HOUR_MS);
	g_assert_true(appointment_book(context, later, TRUE, couple, 2, &error));
}

static void test_names_are_composed(booking_context *context)
{
	g_autoptr(appointment) hold = held_at(context, "a", NINE_MS);
	person_intake couple[] = { erika, john };
	couple[0].given_names = "Zoe\314\210";
	g_autoptr(GError) error = NULL;
	g_assert_true(appointment_book(context, hold, TRUE, couple, 2, &error));
	g_autoptr(GPtrArray) persons = person_list(context->db, hold->case_id, &error);
	g_assert_cmpstr(((person *)persons->pdata[0])->given_names, ==, "Zoë");
}

static void test_cancel(booking_context *context)
{
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, TRUE);
	g_autoptr(GError) error = NULL;
	g_assert_true(appointment_cancel(context, confirmed, FALSE, &error));
	g_assert_cmpint(confirmed->state, ==, APPOINTMENT_CANCELLED_BY_PERSON);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM claim"), ==, 0);
	g_autofree char *mail = queued_mail(context, confirmed->id, "cancelled", john.email);
	g_assert_nonnull(strstr(mail, "METHOD:CANCEL"));
	g_assert_nonnull(strstr(mail, "SEQUENCE:1"));
	g_autofree char *uid = g_strdup_printf("UID:%s", confirmed->id);
	g_assert_nonnull(strstr(mail, uid));
	g_assert_false(appointment_cancel(context, confirmed, FALSE, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_STATE);
}

static void test_move(booking_context *context)
{
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, TRUE);
	g_autofree char *old_link = token_in_mail(context, confirmed->id, "confirmed", erika.email, "visit");
	g_autoptr(GError) error = NULL;
	int64_t ten_ms = NINE_MS + HOUR_MS;
	g_assert_true(appointment_move(context, confirmed, ten_ms, &error));
	g_assert_cmpint(confirmed->state, ==, APPOINTMENT_CONFIRMED);
	g_assert_cmpint(confirmed->sequence, ==, 1);
	g_assert_cmpint(confirmed->end_ms, ==, ten_ms + 30 * MINUTE_MS);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM claim"), ==, 9);

	g_autofree char *mail = queued_mail(context, confirmed->id, "moved", erika.email);
	g_autofree char *uid = g_strdup_printf("UID:%s", confirmed->id);
	g_assert_nonnull(strstr(mail, uid));
	g_assert_nonnull(strstr(mail, "SEQUENCE:1"));
	g_assert_nonnull(strstr(mail, "METHOD:REQUEST"));
	g_autofree char *new_link = token_in_mail(context, confirmed->id, "moved", erika.email, "visit");
	g_autofree char *person = NULL;
	link_result result;
	g_assert_true(link_open(context, old_link, erika.birth_date, &result, &person, &error));
	g_assert_cmpint(result, ==, LINK_WRONG);
	g_assert_true(link_open(context, new_link, erika.birth_date, &result, &person, &error));
	g_assert_cmpint(result, ==, LINK_OPENED);
}

static void test_move_by_a_quarter_of_an_hour(booking_context *context)
{
	/* Both seats are busy, and the new time overlaps the own old one. */
	take_seat(context, "other", NINE_MS);
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, TRUE);
	g_autoptr(GError) error = NULL;
	g_assert_true(appointment_move(context, confirmed, NINE_MS + 15 * MINUTE_MS, &error));
}

static void test_move_to_a_taken_time_keeps_the_old(booking_context *context)
{
	take_seat(context, "a", NINE_MS + HOUR_MS);
	take_seat(context, "b", NINE_MS + HOUR_MS);
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, TRUE);
	g_autoptr(GError) error = NULL;
	g_assert_false(appointment_move(context, confirmed, NINE_MS + HOUR_MS, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_TAKEN);
	g_clear_error(&error);
	g_assert_false(appointment_move(context, confirmed, NINE_MS + MINUTE_MS, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_CLOSED);
	g_autoptr(appointment) stored = appointment_load(context->db, confirmed->id, NULL);
	g_assert_cmpint(stored->start_ms, ==, NINE_MS);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM claim"), ==, 27);
}

static void test_each_change_is_logged(booking_context *context)
{
	int64_t before = count_rows(context, "SELECT COUNT(*) AS count FROM entry");
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, TRUE);
	g_assert_true(appointment_move(context, confirmed, NINE_MS + HOUR_MS, NULL));
	g_assert_true(appointment_cancel(context, confirmed, TRUE, NULL));
	/* held, booked, confirmed, moved, cancelled */
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM entry"), ==, before + 5);
}

static void test_performed_by_another(booking_context *context)
{
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, TRUE);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) persons = person_list(context->db, confirmed->case_id, &error);
	context->now_ms = NINE_MS;
	g_assert_true(waiting_enter(context, ((person *)persons->pdata[0])->id, "00112233445566778899aabbccddeeff", &error));
	g_autoptr(appointment) waiting = appointment_load(context->db, confirmed->id, &error);
	g_autofree char *agreement = demo_id("agreement", "town/help");
	g_assert_true(appointment_perform(context, waiting, agreement, &error));
	g_assert_cmpstr(waiting->performing, ==, fixed.help);
	g_assert_cmpstr(waiting->responsible, ==, fixed.town);
	g_assert_true(appointment_perform(context, waiting, NULL, &error));
	g_assert_cmpstr(waiting->performing, ==, fixed.town);
	g_assert_false(appointment_perform(context, waiting, "agreement_unknown", &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/appointment/all-states-and-events", test_all_states_and_events);
	ADD_TEST("/appointment/swap-needs-the-revision", test_swap_needs_the_revision);
	ADD_TEST("/appointment/book-and-confirm", test_book_and_confirm);
	ADD_TEST("/appointment/secrets-are-not-stored", test_secrets_are_not_stored);
	ADD_TEST("/appointment/confirm-in-time", test_confirm_in_time);
	ADD_TEST("/appointment/intake-is-checked", test_intake_is_checked);
	ADD_TEST("/appointment/book-repeated", test_book_repeated);
	ADD_TEST("/appointment/mails-to-one-address-are-few", test_mails_to_one_address_are_few);
	ADD_TEST("/appointment/names-are-composed", test_names_are_composed);
	ADD_TEST("/appointment/cancel", test_cancel);
	ADD_TEST("/appointment/move", test_move);
	ADD_TEST("/appointment/move-by-a-quarter-of-an-hour", test_move_by_a_quarter_of_an_hour);
	ADD_TEST("/appointment/move-to-a-taken-time-keeps-the-old", test_move_to_a_taken_time_keeps_the_old);
	ADD_TEST("/appointment/each-change-is-logged", test_each_change_is_logged);
	ADD_TEST("/appointment/performed-by-another", test_performed_by_another);
	return run_tests_on_installation();
}
