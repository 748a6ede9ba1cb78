/* SPDX-License-Identifier: EUPL-1.2 */
#include "fixture.h"
#include "ident/limits.h"
#include "ident/view.h"

static char *at_tan(meeting *meeting, const booking_context *context)
{
	meet(meeting, context);
	char *attempt = started(meeting);
	play_until(meeting, attempt, "tan");
	return attempt;
}

static gboolean enter(meeting *meeting, const char *attempt, const char *tan, guint *tries_left, GError **error)
{
	gboolean is_right = FALSE;
	return ident_tan_enter(&meeting->person, attempt, tan, &is_right, tries_left, error) && is_right;
}

/* A number that is not the right one. */
static char *other_than(const char *tan)
{
	char *other = g_strdup(tan);
	other[0] = other[0] == '9' ? '0' : other[0] + 1;
	return other;
}

static void test_too_early(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	meet(&meeting, context);
	g_autofree char *id = started(&meeting);
	g_autoptr(GError) error = NULL;
	guint left;
	g_assert_false(ident_tan_send(&meeting.officer, id, &error));
	assert_rule(error, "V-22"); /* the consent comes first */
	g_assert_false(enter(&meeting, id, "123456", &left, &error));
	assert_rule(error, "V-22");
}

static void test_right(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	g_autofree char *id = at_tan(&meeting, context);
	g_autoptr(GError) error = NULL;
	guint left;
	g_assert_false(ident_check_record(&meeting.officer, id, "tan", "pass", NULL, &error));
	assert_rule(error, "V-40"); /* the officer cannot do it for the person */
	g_assert_false(enter(&meeting, id, "123456", &left, &error));
	assert_rule(error, "V-40"); /* none was sent */
	g_autoptr(json_t) none = ident_session_tan_view(context->db, SESSION, &error);
	g_assert_true(json_is_null(none));

	g_assert_true(ident_tan_send(&meeting.officer, id, &error));
	g_autofree char *tan = mailed_tan(&meeting), *wrong = other_than(tan);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM tan WHERE length(hash) = 64"), ==, 1);
	g_assert_false(enter(&meeting, id, wrong, &left, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(left, ==, 2);
	g_autoptr(json_t) view = ident_session_tan_view(context->db, SESSION, &error);
	g_assert_cmpint(json_int(view, "tries_left"), ==, 2);
	g_assert_cmpint(json_int(view, "expires_ms"), ==, meeting.officer.now_ms + 10 * MINUTE_MS);

	g_assert_true(enter(&meeting, id, tan, &left, &error));
	g_assert_false(enter(&meeting, id, tan, &left, &error)); /* single use */
	assert_rule(error, "V-40");
}

static void test_three_tries(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	g_autofree char *id = at_tan(&meeting, context);
	g_autoptr(GError) error = NULL;
	guint left = 9;
	g_assert_true(ident_tan_send(&meeting.officer, id, &error));
	g_autofree char *tan = mailed_tan(&meeting), *wrong = other_than(tan);
	for (guint i = 0; i < 2; i++) {
		g_assert_false(enter(&meeting, id, wrong, &left, &error));
		g_assert_no_error(error);
	}
	/* a new number gives no new tries */
	pass_time(&meeting, 30 * 1000);
	g_assert_true(ident_tan_send(&meeting.officer, id, &error));
	g_autofree char *second = mailed_tan(&meeting), *wrong_again = other_than(second);
	g_assert_false(enter(&meeting, id, wrong_again, &left, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(left, ==, 0);
	g_assert_false(enter(&meeting, id, second, &left, &error));
	assert_rule(error, "V-40");
	g_autofree char *due = due_step(&meeting, id);
	g_assert_null(due);
}

static void test_time(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	g_autofree char *id = at_tan(&meeting, context);
	g_autoptr(GError) error = NULL;
	guint left;
	g_assert_true(ident_tan_send(&meeting.officer, id, &error));
	g_autofree char *first = mailed_tan(&meeting);
	pass_time(&meeting, 29999);
	g_assert_false(ident_tan_send(&meeting.officer, id, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_LIMIT);
	g_clear_error(&error);
	pass_time(&meeting, 10 * MINUTE_MS - 29999);
	g_assert_false(enter(&meeting, id, first, &left, &error));
	assert_rule(error, "V-40"); /* ten minutes are over */
	g_assert_true(ident_tan_send(&meeting.officer, id, &error));
	g_autofree char *second = mailed_tan(&meeting);
	pass_time(&meeting, 10 * MINUTE_MS - 1);
	g_assert_true(enter(&meeting, id, second, &left, &error));
	g_assert_no_error(error);
}

static void test_old_number(booking_context *context)
{
	g_auto(meeting) meeting = { 0 };
	g_autofree char *id = at_tan(&meeting, context);
	g_autoptr(GError) error = NULL;
	guint left;
	g_assert_true(ident_tan_send(&meeting.officer, id, &error));
	g_autofree char *first = mailed_tan(&meeting);
	for (guint i = 1; i < IDENT_TAN_SENT_MAX; i++) {
		pass_time(&meeting, 30 * 1000);
		g_assert_true(ident_tan_send(&meeting.officer, id, &error));
	}
	g_autofree char *last = mailed_tan(&meeting);
	if (strcmp(first, last) != 0)
		g_assert_false(enter(&meeting, id, first, &left, &error));
	pass_time(&meeting, 30 * 1000);
	g_assert_false(ident_tan_send(&meeting.officer, id, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_LIMIT);
	g_clear_error(&error);
	g_assert_true(enter(&meeting, id, last, &left, &error));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/ident/tan/too_early", test_too_early);
	ADD_TEST("/ident/tan/right", test_right);
	ADD_TEST("/ident/tan/three_tries", test_three_tries);
	ADD_TEST("/ident/tan/time", test_time);
	ADD_TEST("/ident/tan/old_number", test_old_number);
	return run_ident_tests();
}
