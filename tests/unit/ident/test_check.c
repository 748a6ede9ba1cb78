/* SPDX-License-Identifier: EUPL-1.2 */
#include "fixture.h"
#include "ident/evidence.h"

static gboolean record(
	meeting *meeting, const char *attempt, const char *step, const char *result, const char *answer, GError **error)
{
	return ident_check_record(&meeting->officer, attempt, step, result, answer, error);
}

/* Nothing is skipped, repeated or done out of order: at each step of the whole script every other step is refused, with a rule. */
static void test_order(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) checks = ident_checks_load(context->db, id, ident_procedure_get("bafin-3-2017", 0), &error);
	for (guint steps = 0;; steps++) {
		g_autofree char *due = due_step(&meeting, id);
		for (guint i = 0; i < checks->len; i++) {
			const ident_check *check = checks->pdata[i];
			if (g_strcmp0(check->step, due) == 0)
				continue;
			g_assert_false(record(&meeting, id, check->step, "pass", NULL, &error));
			g_assert_error(error, IDENT_ERROR, IDENT_ERROR_RULE);
			g_assert_nonnull(ident_error_rule(error));
			g_clear_error(&error);
			g_assert_false(take_still(&meeting, id, check->step, &error));
			g_assert_error(error, IDENT_ERROR, IDENT_ERROR_RULE);
			g_clear_error(&error);
		}
		if (due == NULL) {
			g_assert_cmpuint(steps, ==, 22); /* all but the one that is automatic */
			return;
		}
		do_step(&meeting, id, due);
	}
}

static void test_input(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting), *long_answer = g_strnfill(501, 'x');
	g_autoptr(GError) error = NULL;
	g_assert_false(record(&meeting, id, "consent", "maybe", NULL, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_false(record(&meeting, id, "consent", "pass", long_answer, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_false(record(&meeting, id, "nothing", "pass", NULL, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_assert_false(record(&meeting, "attempt_nothing", "consent", "pass", NULL, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_NOT_FOUND);
}

static void test_stills(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	gboolean wants_mrz;
	g_assert_null(ident_check_capture_subject(context->db, id, "consent", &wants_mrz, &error));
	assert_rule(error, "V-22"); /* no still at this step */
	play_until(&meeting, id, "person");
	g_assert_false(record(&meeting, id, "person", "pass", NULL, &error));
	assert_rule(error, "V-25"); /* not without a still */
	g_assert_cmpstr(ident_check_capture_subject(context->db, id, "person", &wants_mrz, &error), ==, "person");
	g_assert_false(wants_mrz);
	for (guint i = 0; i < 5; i++) {
		g_assert_true(take_still(&meeting, id, "person", &error));
		g_assert_no_error(error);
	}
	g_assert_false(take_still(&meeting, id, "person", &error));
	assert_rule(error, "V-41"); /* five are enough */
	g_assert_true(record(&meeting, id, "person", "pass", NULL, &error));

	g_autoptr(json_t) evidence = ident_evidence_list(context->db, SESSION, id, &error);
	g_assert_cmpuint(json_array_size(evidence), ==, 5);
	g_assert_cmpstr(json_text(json_array_get(evidence, 0), "kind"), ==, "still");
	g_assert_cmpint(json_int(json_object_get(json_array_get(evidence, 0), "details"), "width"), ==, 1280);
	g_assert_true(ident_evidence_destroyed(&meeting.officer, fixed.town, SESSION, "consent_withdrawn", &error));
	g_autoptr(json_t) gone = ident_evidence_list(context->db, SESSION, id, &error);
	g_assert_cmpint(json_int(json_array_get(gone, 0), "destroyed_ms"), ==, meeting.officer.now_ms);
}

static void test_repeat(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	for (guint i = 0; i < 5; i++)
		g_assert_true(record(&meeting, id, "consent", "repeat", NULL, &error));
	g_assert_false(record(&meeting, id, "consent", "pass", NULL, &error)); /* V-41: five tries, then it has failed */
	assert_rule(error, "V-22");
	g_assert_false(record(&meeting, id, "purpose", "pass", NULL, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_RULE);
}

/* The zone is read from the side that bears it, and decides its own step. */
static void test_zone(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	play_until(&meeting, id, "document_back");
	g_assert_true(take_still(&meeting, id, "document_back", &error));
	g_assert_true(record(&meeting, id, "document_back", "pass", NULL, &error));
	g_autofree char *due = due_step(&meeting, id);
	g_assert_cmpstr(due, ==, "intake"); /* that of the zone passed by itself */
	g_autoptr(ident_attempt) attempt = ident_attempt_load(context->db, id, &error);
	g_autofree char *lines = g_strjoin("\n", meeting.mrz[0], meeting.mrz[1], meeting.mrz[2], NULL);
	g_assert_cmpstr(attempt->mrz, ==, lines);
}

static void test_unreadable_zone(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting), *line = g_strdup(meeting.mrz[1]);
	g_autoptr(GError) error = NULL;
	play_until(&meeting, id, "document_back");
	meeting.mrz[1][0] ^= 1; /* the date's check digit no longer fits */
	g_assert_true(take_still(&meeting, id, "document_back", &error));
	g_assert_true(record(&meeting, id, "document_back", "pass", NULL, &error));
	g_assert_false(record(&meeting, id, "mrz", "pass", NULL, &error));
	assert_rule(error, "V-35");
	g_autofree char *wrong = g_strjoin("\n", meeting.mrz[0], meeting.mrz[1], meeting.mrz[2], NULL);
	g_assert_false(record(&meeting, id, "mrz", "pass", wrong, &error));
	assert_rule(error, "V-35");
	g_autofree char *right = g_strjoin("\n", meeting.mrz[0], line, meeting.mrz[2], NULL);
	g_assert_true(record(&meeting, id, "mrz", "pass", right, &error));
	g_assert_no_error(error);
}

static void test_new_still_of_the_zone(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	gboolean wants_mrz = FALSE;
	play_until(&meeting, id, "document_back");
	char first = meeting.mrz[1][0];
	meeting.mrz[1][0] = '?';
	g_assert_true(take_still(&meeting, id, "document_back", &error));
	g_assert_true(record(&meeting, id, "document_back", "pass", NULL, &error));
	meeting.mrz[1][0] = first;
	g_assert_cmpstr(ident_check_capture_subject(context->db, id, "mrz", &wants_mrz, &error), ==, "document_back");
	g_assert_true(wants_mrz);
	g_assert_true(take_still(&meeting, id, "mrz", &error));
	g_autofree char *due = due_step(&meeting, id);
	g_assert_cmpstr(due, ==, "intake"); /* passed by itself */
}

static void test_differences(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	play_until(&meeting, id, "intake");
	db_run(context->db, &error, "UPDATE person SET birth_date = '1983-08-13' WHERE id = $id", DB_TEXT("id", meeting.erika));
	g_assert_false(record(&meeting, id, "intake", "pass", "typed wrong", &error));
	assert_rule(error, "V-39"); /* a birth date is never explained away */
	db_run(context->db, &error, "UPDATE person SET birth_date = '1983-08-12', given_names = 'Erika' WHERE id = $id",
		DB_TEXT("id", meeting.erika));
	g_assert_false(record(&meeting, id, "intake", "pass", NULL, &error));
	assert_rule(error, "V-39");
	g_assert_false(record(&meeting, id, "intake", "pass", "", &error));
	assert_rule(error, "V-39");
	g_assert_true(record(&meeting, id, "intake", "pass", "gave only her first name when booking", &error));
	g_assert_no_error(error);

	g_assert_false(record(&meeting, id, "validity", "pass", NULL, &error));
	assert_rule(error, "V-34");
	g_assert_false(record(&meeting, id, "validity", "pass", "2021-08-01", &error));
	assert_rule(error, "V-34");
	g_assert_true(record(&meeting, id, "validity", "pass", "2021-11-01", &error));

	play_until(&meeting, id, "number");
	g_assert_false(record(&meeting, id, "number", "pass", NULL, &error));
	assert_rule(error, "V-36");
	g_assert_false(record(&meeting, id, "number", "pass", "LZ6311T48", &error));
	assert_rule(error, "V-36");
	g_assert_true(record(&meeting, id, "number", "pass", "lz 6311 t47", &error));
	g_assert_no_error(error);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/ident/check/order", test_order);
	ADD_TEST("/ident/check/input", test_input);
	ADD_TEST("/ident/check/stills", test_stills);
	ADD_TEST("/ident/check/repeat", test_repeat);
	ADD_TEST("/ident/check/zone", test_zone);
	ADD_TEST("/ident/check/unreadable_zone", test_unreadable_zone);
	ADD_TEST("/ident/check/new_still_of_the_zone", test_new_still_of_the_zone);
	ADD_TEST("/ident/check/differences", test_differences);
	return run_ident_tests();
}
