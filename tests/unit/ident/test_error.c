/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/error.h"
#include <string.h>

/* Each refusal has a key of its own, a whole sentence, and a code. */
static void test_refusals(void)
{
	g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < IDENT_REFUSAL_COUNT; i++) {
		const char *key = ident_refusal_key(i), *text = ident_refusal_text(i);
		g_assert_nonnull(key);
		g_assert_cmpuint(strspn(key, "abcdefghijklmnopqrstuvwxyz_"), ==, strlen(key));
		g_assert_true(g_hash_table_add(keys, (gpointer)key));
		g_assert_true(g_ascii_isupper(*text) && g_str_has_suffix(text, "."));
		g_autoptr(GError) error = NULL;
		g_assert_false(ident_refuse(&error, i, NULL, NULL));
		g_assert_true(error->domain == IDENT_ERROR && error->code != IDENT_ERROR_NOT_FOUND);
		g_assert_cmpstr(error->message, ==, text);
		g_assert_cmpstr(ident_error_key(error), ==, key);
		g_assert_null(ident_error_rule(error));
	}
}

static void test_rule(void)
{
	g_autoptr(GError) error = NULL;
	g_assert_false(ident_refuse(&error, IDENT_REFUSAL_STEP_FIRST, "V-26", "document_front"));
	g_autoptr(GError) copy = g_error_copy(error);
	g_assert_error(copy, IDENT_ERROR, IDENT_ERROR_RULE);
	g_assert_cmpstr(copy->message, ==, "V-26: Another step comes first. (document_front)");
	g_assert_cmpstr(ident_error_rule(copy), ==, "V-26");
	g_assert_cmpstr(ident_error_key(copy), ==, "step_first");
	g_assert_false(ident_refuse(NULL, IDENT_REFUSAL_STEP_FIRST, "V-26", NULL));
}

static void test_others(void)
{
	g_autoptr(GError) error = NULL;
	g_assert_false(ident_fail(&error, IDENT_ERROR_INVALID, "V-26: not a refusal"));
	g_assert_null(ident_error_rule(error));
	g_assert_null(ident_error_key(error));
	g_autoptr(GError) foreign = g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_NOENT, "V-26: x");
	g_assert_null(ident_error_rule(foreign));
	g_assert_null(ident_error_key(foreign));
	g_assert_null(ident_error_key(NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ident/error/refusals", test_refusals);
	g_test_add_func("/ident/error/rule", test_rule);
	g_test_add_func("/ident/error/others", test_others);
	return g_test_run();
}
