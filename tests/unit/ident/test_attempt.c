/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/log.h"
#include "fixture.h"
#include "ident/draw.h"
#include "ident/view.h"

static void test_states(void)
{
	for (guint state = 0; state < IDENT_ATTEMPT_STATES; state++) {
		for (guint event = 0; event < IDENT_ATTEMPT_EVENTS; event++) {
			static const ident_attempt_state ends[] = { IDENT_ATTEMPT_INTERRUPTED, IDENT_ATTEMPT_ABORTED,
				IDENT_ATTEMPT_CLOSED };
			ident_attempt_state next;
			gboolean is_legal = ident_attempt_next(state, event, &next);
			g_assert_cmpint(is_legal, ==, state == IDENT_ATTEMPT_RUNNING);
			if (is_legal)
				g_assert_cmpint(next, ==, ends[event]);
		}
	}
}

static void test_start_refusals(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autoptr(GError) error = NULL;
	g_assert_null(try_start(&meeting, meeting.erika, TRUE, &error));
	assert_rule(error, "V-22"); /* no consent */
	consent(&meeting, meeting.erika);
	g_assert_null(try_start(&meeting, meeting.erika, FALSE, &error));
	assert_rule(error, "V-22"); /* no recording */
	g_assert_null(try_start(&meeting, "person_nobody", TRUE, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND);
	g_clear_error(&error);

	db_run(context->db, &error, "UPDATE person SET document_type = 'driving_licence' WHERE id = $id",
		DB_TEXT("id", meeting.erika));
	g_assert_no_error(error);
	g_assert_null(try_start(&meeting, meeting.erika, TRUE, &error));
	assert_rule(error, "V-07");
	db_run(context->db, &error, "UPDATE person SET document_type = 'id_card' WHERE id = $id", DB_TEXT("id", meeting.erika));
	db_run(context->db, &error, "UPDATE appointment SET procedure = 'talk' WHERE id = $id",
		DB_TEXT("id", meeting.appointment->id));
	g_assert_null(try_start(&meeting, meeting.erika, TRUE, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_STATE);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM attempt"), ==, 0);
}

static void test_one_at_a_time(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_free(started(&meeting));
	const char *partner = ((person *)meeting.persons->pdata[1])->id;
	consent(&meeting, partner);
	g_autoptr(GError) error = NULL;
	g_assert_null(try_start(&meeting, partner, TRUE, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_STATE);
}

/* V-20: an interruption ends the attempt, the next begins anew with other draws. */
static void test_interruption(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *first = started(&meeting);
	play_until(&meeting, first, "intake");
	g_autoptr(GError) error = NULL;
	g_assert_true(ident_attempt_interrupt(&meeting.officer, SESSION, NULL, "connection_lost", &error));
	g_assert_false(ident_check_record(&meeting.officer, first, "intake", "fail", NULL, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_STATE);
	g_clear_error(&error);

	g_autofree char *second = try_start(&meeting, meeting.erika, TRUE, &error);
	g_assert_no_error(error);
	g_autoptr(ident_attempt) attempt = ident_attempt_load(context->db, second, &error);
	g_assert_cmpuint(attempt->number, ==, 2);
	g_assert_null(attempt->mrz);
	g_autofree char *due = due_step(&meeting, second);
	g_assert_cmpstr(due, ==, "consent");
	/* nothing runs any more in a session that is interrupted twice */
	g_assert_true(ident_attempt_interrupt(&meeting.officer, SESSION, meeting.erika, "session_ended", &error));
	g_assert_true(ident_attempt_interrupt(&meeting.officer, SESSION, meeting.erika, "session_ended", &error));
	g_autoptr(json_t) entries = audit_entries_about(context->db, fixed.town, second, 100, &error);
	const json_t *last = json_array_get(entries, json_array_size(entries) - 1);
	g_assert_cmpstr(json_text(last, "action"), ==, "attempt.interrupted");
}

static void test_abort(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	g_assert_false(ident_attempt_abort(&meeting.officer, id, "because", &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_true(ident_attempt_abort(&meeting.officer, id, "suspected_fraud", &error));
	g_assert_false(ident_attempt_abort(&meeting.officer, id, "technical", &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_STATE);
	g_clear_error(&error);
	g_autoptr(ident_attempt) attempt = ident_attempt_load(context->db, id, &error);
	g_assert_cmpstr(attempt->verdict, ==, "aborted");
	g_assert_cmpstr(json_string_value(json_array_get(attempt->reasons, 0)), ==, "suspected_fraud");
}

/* The shares of the browsers go into every draw, and every draw of the attempt can be recomputed. */
static void test_draws(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autofree char *prefix = g_strconcat(meeting.erika, "/1/", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) draws = draw_list(context->db, fixed.town, prefix, &error);
	g_assert_cmpuint(json_array_size(draws), ==, 5);
	for (gsize i = 0; i < json_array_size(draws); i++) {
		const char *reason;
		const json_t *draw = json_array_get(draws, i);
		g_assert_true(draw_verify(draw, &reason));
		g_assert_cmpstr(json_string_value(json_array_get(json_object_get(draw, "nonces"), 0)), ==,
			"00112233445566778899aabbccddeeff");
	}
}

static void test_views(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) nothing = ident_now_view(context->db, SESSION, &error);
	g_assert_true(json_is_null(nothing));
	g_autofree char *id = started(&meeting);
	play_until(&meeting, id, "intake");

	g_autoptr(json_t) attempts = ident_attempts_view(context->db, SESSION, context->now_ms, &error);
	g_assert_no_error(error);
	const json_t *attempt = json_array_get(attempts, 0), *checks = json_object_get(attempt, "checks");
	g_assert_cmpstr(json_text(attempt, "state"), ==, "running");
	g_assert_cmpuint(json_array_size(json_object_get(attempt, "mrz")), ==, 3);
	g_assert_cmpuint(json_array_size(json_object_get(attempt, "comparisons")), ==, 4);
	guint states[3] = { 0 };
	for (gsize i = 0; i < json_array_size(checks); i++) {
		const char *state = json_text(json_array_get(checks, i), "state");
		states[*state == 'd' ? 0 : *state == 'n' ? 1 : 2]++;
	}
	g_assert_cmpuint(states[0], ==, 7);
	g_assert_cmpuint(states[1], ==, 1);
	const json_t *parameters = json_object_get(json_array_get(checks, 7), "parameters");
	g_assert_cmpstr(json_text(parameters, "answer"), ==, "difference");
	g_assert_nonnull(json_text(json_object_get(parameters, "look"), "de"));

	/* the person's page is told what to do, not what to look at */
	g_autoptr(json_t) now = ident_now_view(context->db, SESSION, &error);
	g_assert_cmpstr(json_text(now, "step"), ==, "intake");
	g_assert_cmpint(json_int(now, "number"), ==, 8);
	g_assert_nonnull(json_text(json_object_get(json_object_get(now, "parameters"), "banner"), "de"));
	g_assert_null(json_object_get(json_object_get(now, "parameters"), "look"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ident/attempt/states", test_states);
	ADD_TEST("/ident/attempt/start_refusals", test_start_refusals);
	ADD_TEST("/ident/attempt/one_at_a_time", test_one_at_a_time);
	ADD_TEST("/ident/attempt/interruption", test_interruption);
	ADD_TEST("/ident/attempt/abort", test_abort);
	ADD_TEST("/ident/attempt/draws", test_draws);
	ADD_TEST("/ident/attempt/views", test_views);
	return run_ident_tests();
}
