/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/log.h"
#include "fixture.h"

static gboolean declare(meeting *meeting, ident_consent_state state, GError **error)
{
	return ident_consent_declare(&meeting->person, fixed.town, SESSION, meeting->erika, state, "recording-1", "de", error);
}

static void test_states(void)
{
	static const gboolean right[4][4] = {
		/*                          open   given refused withdrawn */
		[IDENT_CONSENT_OPEN] = { FALSE, TRUE, TRUE, FALSE },
		[IDENT_CONSENT_GIVEN] = { FALSE, FALSE, FALSE, TRUE },
		[IDENT_CONSENT_REFUSED] = { FALSE, TRUE, FALSE, FALSE },
		[IDENT_CONSENT_WITHDRAWN] = { FALSE, FALSE, FALSE, FALSE },
	};
	for (guint from = 0; from < 4; from++) {
		for (guint to = 0; to < 4; to++)
			g_assert_cmpint(ident_consent_next(from, to), ==, right[from][to]);
	}
}

static void test_declarations(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autoptr(GError) error = NULL;
	g_assert_cmpint(ident_consent_get(context->db, SESSION, meeting.erika, &error), ==, IDENT_CONSENT_OPEN);
	g_assert_true(declare(&meeting, IDENT_CONSENT_REFUSED, &error));
	g_assert_cmpint(ident_consent_get(context->db, SESSION, meeting.erika, &error), ==, IDENT_CONSENT_REFUSED);
	g_assert_true(declare(&meeting, IDENT_CONSENT_GIVEN, &error));
	g_assert_cmpint(ident_consent_get(context->db, SESSION, meeting.erika, &error), ==, IDENT_CONSENT_GIVEN);
	g_assert_cmpint(ident_consent_get(context->db, "session_other", meeting.erika, &error), ==, IDENT_CONSENT_OPEN);
	g_assert_false(declare(&meeting, IDENT_CONSENT_GIVEN, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_STATE);
	g_clear_error(&error);

	/* what was declared stays in the log */
	g_autoptr(json_t) entries = audit_entries_about(context->db, fixed.town, meeting.erika, 100, &error);
	gsize count = json_array_size(entries);
	g_assert_cmpstr(json_text(json_array_get(entries, count - 2), "action"), ==, "consent.refused");
	g_assert_cmpstr(json_text(json_array_get(entries, count - 1), "action"), ==, "consent.given");
	g_assert_cmpstr(json_text(json_array_get(entries, count - 1), "actor"), ==, meeting.erika);
}

static void test_old_text(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autoptr(GError) error = NULL;
	g_assert_false(ident_consent_declare(
		&meeting.person, fixed.town, SESSION, meeting.erika, IDENT_CONSENT_GIVEN, "recording-0", "de", &error));
	assert_rule(error, "V-22");
}

static void test_withdrawal(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	g_assert_true(declare(&meeting, IDENT_CONSENT_WITHDRAWN, &error));
	g_autoptr(ident_attempt) attempt = ident_attempt_load(context->db, id, &error);
	g_assert_cmpint(attempt->state, ==, IDENT_ATTEMPT_INTERRUPTED);
	g_assert_null(try_start(&meeting, meeting.erika, TRUE, &error));
	assert_rule(error, "V-22");
	g_assert_false(declare(&meeting, IDENT_CONSENT_GIVEN, &error)); /* final for this session */
}

/* Nothing that was read or said stays of an attempt without a report, neither in its rows nor in the log's details. */
static void test_withdrawal_erases(booking_context *context)
{
	static const char *const found[] = {
		"SELECT COUNT(*) AS count FROM attempt WHERE mrz IS NOT NULL",
		"SELECT COUNT(*) AS count FROM attempt_check WHERE answer IS NOT NULL",
		"SELECT COUNT(*) AS count FROM tan",
		"SELECT COUNT(*) AS count FROM entry_details WHERE details LIKE '%<<%' OR details LIKE '%LZ 6311 T47%'",
	};
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	play_until(&meeting, id, "tan");
	g_autoptr(GError) error = NULL;
	g_assert_true(ident_tan_send(&meeting.officer, id, &error));
	for (size_t i = 0; i < G_N_ELEMENTS(found); i++)
		g_assert_cmpint(count_rows(context, found[i]), >, 0);
	g_assert_true(declare(&meeting, IDENT_CONSENT_WITHDRAWN, &error));
	for (size_t i = 0; i < G_N_ELEMENTS(found); i++)
		g_assert_cmpint(count_rows(context, found[i]), ==, 0);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM entry WHERE action = 'details.erased'"), ==, 1);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM entry WHERE action = 'zone.read'"), >, 0);
}

/* The recording that proves the other one's identification goes too. */
static void test_withdrawal_of_the_other(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	const char *other = ((person *)meeting.persons->pdata[1])->id;
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	g_assert_true(ident_consent_declare(
		&meeting.person, fixed.town, SESSION, other, IDENT_CONSENT_GIVEN, "recording-1", "de", &error));
	g_assert_true(
		ident_consent_declare(&meeting.person, fixed.town, SESSION, other, IDENT_CONSENT_WITHDRAWN, NULL, "de", &error));
	g_autoptr(ident_attempt) attempt = ident_attempt_load(context->db, id, &error);
	g_assert_cmpint(attempt->state, ==, IDENT_ATTEMPT_INTERRUPTED);
}

static void test_text(void)
{
	g_autoptr(json_t) german = ident_consent_text("de");
	g_autoptr(json_t) english = ident_consent_text("en");
	g_autoptr(json_t) other = ident_consent_text("fr");
	g_assert_cmpstr(json_text(german, "version"), ==, json_text(english, "version"));
	g_assert_cmpstr(json_text(german, "title"), !=, json_text(english, "title"));
	g_assert_true(json_equal(english, other));
	g_assert_cmpuint(json_array_size(json_object_get(german, "paragraphs")), ==, 4);
	g_assert_nonnull(json_text(german, "spoken"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ident/consent/states", test_states);
	g_test_add_func("/ident/consent/text", test_text);
	ADD_TEST("/ident/consent/declarations", test_declarations);
	ADD_TEST("/ident/consent/old_text", test_old_text);
	ADD_TEST("/ident/consent/withdrawal", test_withdrawal);
	ADD_TEST("/ident/consent/withdrawal_erases", test_withdrawal_erases);
	ADD_TEST("/ident/consent/withdrawal_of_the_other", test_withdrawal_of_the_other);
	return run_ident_tests();
}
