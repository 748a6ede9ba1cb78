/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/error.h"
#include "signaling/http/policy.h"

#include "booking/error.h"
#include "core/db/db.h"
#include "core/json.h"
#include "ident/error.h"

#include <string.h>

static void test_origins(void)
{
	static const struct {
		const char *origin, *host;
		gboolean is_allowed;
	} cases[] = {
		{ "https://heirat.example.org", "heirat.example.org", TRUE },
		{ "https://heirat.example.org", "127.0.0.1:8080", TRUE }, /* behind a proxy */
		{ "http://localhost:8080", "localhost:8080", TRUE },
		{ "https://192.168.1.5:8080", "192.168.1.5:8080", TRUE },
		{ "http://[::1]:8080", "[::1]:8080", TRUE },
		{ NULL, "localhost:8080", FALSE },
		{ "null", "localhost:8080", FALSE },
		{ "https://heirat.example.or", "heirat.example.org", FALSE },
		{ "https://heirat.example.org.evil.example", "heirat.example.org", FALSE },
		{ "https://evil.example", "heirat.example.org", FALSE },
		{ "http://evil.example:8080", "evil.example:8080", FALSE }, /* a name that resolves to us */
		{ "http://localhost:8081", "localhost:8080", FALSE },
		{ "http://localhost:8080/", "localhost:8080", FALSE },
		{ "file://localhost:8080", "localhost:8080", FALSE },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpint(policy_allows_origin("https://heirat.example.org", cases[i].origin, cases[i].host), ==,
			cases[i].is_allowed);
}

static void test_errors(void)
{
	g_autoptr(GError) input =
		g_error_new_literal(SIGNALING_ERROR, SIGNALING_ERROR_INPUT, "persons[0].email: must be a mail address");
	g_autoptr(json_t) told = error_to_json(input);
	g_assert_cmpstr(json_text(told, "field"), ==, "persons[0].email");
	g_assert_cmpstr(json_text(told, "text"), ==, "must be a mail address");
	g_autoptr(GError) rule = NULL;
	ident_refuse(&rule, IDENT_REFUSAL_STEP_FIRST, "V-26", NULL);
	g_autoptr(json_t) refusal = error_to_json(rule);
	g_assert_cmpstr(json_text(refusal, "rule"), ==, "V-26");
	g_assert_cmpstr(json_text(refusal, "key"), ==, "step_first");
	g_autoptr(GError) dark = g_error_new_literal(SIGNALING_ERROR, SIGNALING_ERROR_NO_PICTURE, "x");
	g_autoptr(json_t) still = error_to_json(dark);
	g_assert_cmpstr(json_text(still, "code"), ==, "state");
	g_assert_cmpstr(json_text(still, "key"), ==, "no_picture");
	/* What is our own fault is not explained to strangers. */
	g_autoptr(GError) bug = g_error_new_literal(DB_ERROR, DB_ERROR_BUG, "no such column: secret");
	g_autoptr(json_t) hidden = error_to_json(bug);
	g_assert_cmpstr(json_text(hidden, "code"), ==, "internal");
	g_assert_cmpstr(json_text(hidden, "key"), ==, "internal"); /* without one of its own it is the code */
	g_assert_null(strstr(json_text(hidden, "text"), "secret"));
	/* Whose it is and whether it exists look the same. */
	g_autoptr(GError) foreign = g_error_new_literal(SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND, "x");
	g_autoptr(GError) missing = g_error_new_literal(BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND, "x");
	g_assert_cmpstr(error_kind_of(foreign)->code, ==, error_kind_of(missing)->code);
	g_assert_cmpuint(error_kind_of(foreign)->http_status, ==, error_kind_of(missing)->http_status);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/policy/origins", test_origins);
	g_test_add_func("/policy/errors", test_errors);
	return g_test_run();
}
