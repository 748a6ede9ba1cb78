/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/unit/booking/fixture.h"

/* The agreement of installation.json: Hilfe GmbH takes marriages in German of Stadt Prüfstadt when the wait is over 5 minutes
 * or the office is closed, at most 2 a day. */

static agreement_question busy(void)
{
	return (agreement_question){ .performer = fixed.help,
		.responsible = fixed.town,
		.office = fixed.hall,
		.service_key = "marriage",
		.language = "de",
		.wait_ms = 10 * MINUTE_MS,
		.own_ready = 0,
		.own_language = TRUE };
}

static gboolean may(const booking_context *context, const agreement_question *question, int64_t now_ms)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *agreement = agreement_may_take(context->db, question, now_ms, &error);
	g_assert_no_error(error);
	return agreement != NULL;
}

static void test_rules(booking_context *context)
{
	agreement_question question = busy();
	g_assert_true(may(context, &question, NINE_MS));
	question.own_ready = 1; /* own staff first */
	g_assert_false(may(context, &question, NINE_MS));
	g_assert_true(may(context, &question, NINE_MS + 12 * HOUR_MS)); /* but not at night */
	question.own_ready = 0;
	question.wait_ms = 5 * MINUTE_MS;
	g_assert_false(may(context, &question, NINE_MS));
}

static void test_bounds(booking_context *context)
{
	agreement_question question = busy();
	question.service_key = "advice";
	g_assert_false(may(context, &question, NINE_MS));
	question = busy();
	question.language = "en";
	g_assert_false(may(context, &question, NINE_MS));
	question = busy();
	question.performer = fixed.town;
	question.responsible = fixed.help; /* the other way round */
	g_assert_false(may(context, &question, NINE_MS));
	question = busy();
	g_assert_false(may(context, &question, INT64_C(1893456000000))); /* 2030-01-01 */
}

static void test_other_rules(booking_context *context)
{
	agreement_question question = busy();
	question.own_ready = 1;
	question.own_language = FALSE;
	g_assert_false(may(context, &question, NINE_MS));
	g_autofree char *agreement = demo_id("agreement", "town/help");
	g_autoptr(GError) error = NULL;
	db_run(context->db, &error, SQL_DEMO_AGREEMENT_RULE, DB_TEXT("agreement", agreement), DB_TEXT("kind", "language"),
		DB_INT("minutes", 0));
	g_assert_no_error(error);
	g_assert_true(may(context, &question, NINE_MS));
	question.own_language = TRUE;
	g_assert_false(may(context, &question, NINE_MS));
	db_run(context->db, &error, SQL_DEMO_AGREEMENT_RULE, DB_TEXT("agreement", agreement), DB_TEXT("kind", "always"),
		DB_INT("minutes", 0));
	g_assert_true(may(context, &question, NINE_MS));
}

static void perform(const booking_context *context, int64_t start_ms, const char *agreement)
{
	g_autoptr(appointment) confirmed = confirmed_at(context, start_ms, TRUE);
	g_autoptr(GError) error = NULL;
	g_assert_true(appointment_apply(context, confirmed, APPOINTMENT_CHECK_IN, NULL, &error));
	g_assert_true(appointment_perform(context, confirmed, agreement, &error));
}

static void test_quota_is_of_a_day(booking_context *context)
{
	agreement_question question = busy();
	g_autofree char *agreement = agreement_may_take(context->db, &question, NINE_MS, NULL);
	perform(context, NINE_MS, agreement);
	g_assert_true(may(context, &question, NINE_MS));
	perform(context, NINE_MS + HOUR_MS, agreement);
	g_assert_false(may(context, &question, NINE_MS));
	g_assert_true(may(context, &question, NINE_MS + DAY_MS));

	g_autoptr(json_t) seen = agreement_list(context->db, fixed.help, context->now_ms, NULL);
	g_assert_cmpint(json_array_size(seen), ==, 1);
	g_assert_cmpint(json_int(json_array_get(seen, 0), "used_today"), ==, 2);
	g_assert_cmpint(json_array_size(json_object_get(json_array_get(seen, 0), "rules")), ==, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/agreement/rules", test_rules);
	ADD_TEST("/agreement/bounds", test_bounds);
	ADD_TEST("/agreement/other-rules", test_other_rules);
	ADD_TEST("/agreement/quota-is-of-a-day", test_quota_is_of_a_day);
	return run_tests_on_installation();
}
