/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "core/error.h"
#include <string.h>

static void assert_refused(const char *text, size_t length, core_error code)
{
	g_autoptr(GError) error = NULL;
	g_assert_null(json_read(text, length, 1000, 4, &error));
	g_assert_error(error, CORE_ERROR, (gint)code);
}

static void test_strict(void)
{
	static const char *const wrong[] = { "", "7", "{} x", "{\"a\":1,\"a\":2}", "{\"a\":\"\xff\"}", "{\"a\":\"\\u0000\"}",
		"{\"a\":'x'}", "{\"a\":1,}", "[NaN]", "{\"a\":\"\\ud800\"}", "// x\n{}" };
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
		assert_refused(wrong[i], strlen(wrong[i]), CORE_ERROR_FORMAT);
	assert_refused("{\"a\":\"\0\"}", 9, CORE_ERROR_FORMAT);
}

static void test_limits(void)
{
	g_autofree char *large = g_strnfill(998, ' ');
	memcpy(large, "[]", 2);
	g_autofree char *larger = g_strconcat(large, "   ", NULL);
	json_decref(json_read(large, 998, 1000, 4, NULL));
	assert_refused(larger, 1001, CORE_ERROR_LIMIT);

	g_autoptr(json_t) deep = json_read("[[[[]]]]", 8, 1000, 4, NULL);
	g_assert_nonnull(deep);
	assert_refused("[[[[[]]]]]", 10, CORE_ERROR_LIMIT);
	assert_refused("[[[[[", 5, CORE_ERROR_LIMIT);
	/* Brackets within strings are no depth, and an escaped quote ends no string. */
	g_autoptr(json_t) brackets = json_read("{\"a\\\"[[[[[\":\"[[[[[\"}", 20, 1000, 4, NULL);
	g_assert_nonnull(brackets);
	/* A million of them must be refused without recursion. */
	g_autofree char *bomb = g_strnfill(1000000, '[');
	g_autoptr(GError) error = NULL;
	g_assert_null(json_read(bomb, 1000000, 1000000, 8, &error));
	g_assert_error(error, CORE_ERROR, CORE_ERROR_LIMIT);
}

static void test_canonical(void)
{
	/* RFC 8785, 3.2.3: the order of its example, which UTF-8 order would not give. */
	g_autoptr(json_t) value = json_loads(
		"{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}", 0, NULL);
	g_autofree char *text = json_canonical(value, NULL);
	g_assert_cmpstr(text, ==, "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\xef\xac\xb3\":3}");

	g_autoptr(json_t) escapes = json_loads(
		"[\"\\u0000x\\u0001\\u001f\\b\\t\\n\\f\\r\\\"\\\\\\/\\u007fä\",true,false,null,-5,{},[]]", JSON_ALLOW_NUL, NULL);
	json_array_set_new(escapes, 0, json_string("\x01\x1f\b\t\n\f\r\"\\/\x7fä"));
	g_autofree char *escaped = json_canonical(escapes, NULL);
	g_assert_cmpstr(escaped, ==, "[\"\\u0001\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\x7fä\",true,false,null,-5,{},[]]");

	static const char *const without_form[] = { "[1.5]", "[9007199254740992]", "{\"a\":[{\"b\":-9007199254740992}]}" };
	for (guint i = 0; i < G_N_ELEMENTS(without_form); i++) {
		g_autoptr(json_t) refused = json_loads(without_form[i], 0, NULL);
		g_autoptr(GError) error = NULL;
		g_assert_null(json_canonical(refused, &error));
		g_assert_error(error, CORE_ERROR, CORE_ERROR_FORMAT);
	}
}

static void test_members(void)
{
	g_autoptr(json_t) object = json_loads("{\"text\":\"x\",\"number\":7,\"truth\":true}", 0, NULL);
	g_assert_cmpstr(json_text(object, "text"), ==, "x");
	g_assert_null(json_text(object, "number"));
	g_assert_null(json_text(NULL, "text"));
	g_assert_cmpint(json_int(object, "number"), ==, 7);
	g_assert_cmpint(json_int(object, "text"), ==, 0);
	g_assert_true(json_bool(object, "truth"));
	g_assert_false(json_bool(object, "missing"));
}

static void test_file(void)
{
	g_autoptr(GError) error = NULL;
	g_assert_null(json_read_file("/nonexistent.json", 10, 2, &error));
	g_assert_error(error, CORE_ERROR, CORE_ERROR_FILE);
	g_assert_nonnull(strstr(error->message, "/nonexistent.json"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/json/strict", test_strict);
	g_test_add_func("/json/limits", test_limits);
	g_test_add_func("/json/canonical", test_canonical);
	g_test_add_func("/json/members", test_members);
	g_test_add_func("/json/file", test_file);
	return g_test_run();
}
