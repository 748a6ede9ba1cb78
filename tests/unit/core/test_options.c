/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/options.h"
#include <glib/gstdio.h>
#include <string.h>

static const option table[] = {
	{ "port", OPTION_INTEGER, "8080", 1, 65535, NULL, NULL, FALSE, "Where to listen." },
	{ "wait", OPTION_INTEGER, "500", 0, 60000, NULL, "ms", FALSE, "How long to wait." },
	{ "format", OPTION_CHOICE, "text", 0, 0, "text|json", NULL, FALSE, "How to write." },
	{ "quiet", OPTION_FLAG, "false", 0, 0, NULL, NULL, FALSE, "Say less." },
	{ "relay", OPTION_LIST, NULL, 0, 0, NULL, NULL, FALSE, "Whom to ask." },
	{ "password", OPTION_TEXT, NULL, 0, 0, NULL, NULL, TRUE, "Whom to trust." },
	{ 0 },
};

static options *load(const char *line, GError **error)
{
	g_auto(GStrv) argv = g_strsplit(line, " ", -1);
	return options_load(table, (int)g_strv_length(argv), argv, error);
}

static void test_defaults(void)
{
	g_autoptr(options) options = load("serve", NULL);
	g_assert_cmpint(options_int(options, "port"), ==, 8080);
	g_assert_cmpstr(options_text(options, "format"), ==, "text");
	g_assert_false(options_flag(options, "quiet"));
	g_assert_null(options_text(options, "password"));
	g_assert_null(options_arguments(options)[0]);
}

static void test_order_of_sources(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("jawort-options-XXXXXX", &path, NULL);
	g_assert_true(g_close(fd, NULL));
	g_assert_true(g_file_set_contents(path, "# comment\n\n port = 9000\nformat=json\npassword = a = b # c\n", -1, NULL));
	g_autofree char *line = g_strdup_printf("serve --port=9001 FILE --config=%s --quiet", path);
	g_autoptr(options) options = load(line, &error);
	g_assert_no_error(error);
	g_assert_cmpint(options_int(options, "port"), ==, 9001);
	g_assert_cmpstr(options_text(options, "format"), ==, "json");
	g_assert_cmpstr(options_text(options, "password"), ==, "a = b # c");
	g_assert_true(options_flag(options, "quiet"));
	g_assert_cmpstr(options_arguments(options)[0], ==, "FILE");

	/* What is printed can be read again, but for secrets. */
	g_autofree char *printed = options_print(options);
	g_assert_null(strstr(printed, "a = b"));
	g_assert_true(g_file_set_contents(path, printed, -1, NULL));
	g_autofree char *again_line = g_strdup_printf("serve --config=%s", path);
	g_autoptr(options) again = load(again_line, &error);
	g_assert_no_error(error);
	g_assert_cmpint(options_int(again, "port"), ==, 9001);

	g_assert_true(g_file_set_contents(path, "port = 1\nprot = 2\n", -1, NULL));
	g_assert_null(load(again_line, &error));
	g_assert_nonnull(strstr(error->message, "line 2: There is no option \"prot\""));
	g_unlink(path);
}

static void test_lists(void)
{
	g_autoptr(options) none = load("serve", NULL);
	g_auto(GStrv) empty = options_list(none, "relay");
	g_assert_null(empty[0]);
	g_autoptr(options) options = load("serve --relay=one --port=9 --relay=two", NULL);
	g_auto(GStrv) relays = options_list(options, "relay");
	g_assert_cmpstr(relays[0], ==, "one");
	g_assert_cmpstr(relays[1], ==, "two");
	g_assert_null(relays[2]);
	g_autofree char *printed = options_print(options);
	g_assert_nonnull(strstr(printed, "relay = one\nrelay = two\n"));
}

static void test_refusals(void)
{
	static const struct {
		const char *line, *sentence;
	} wrong[] = {
		{ "serve --prot=1", "There is no option \"prot\"" },
		{ "serve --port=0", "port must be a whole number from 1 to 65535." },
		{ "serve --port=65536", "from 1 to 65535" },
		{ "serve --port=80x", "whole number" },
		{ "serve --wait=-1", "from 0 to 60000 ms" },
		{ "serve --port", "--port needs a value" },
		{ "serve --format=xml", "format must be one of text|json" },
		{ "serve --quiet=maybe", "quiet must be true or false" },
		{ "serve --config=/nonexistent", "/nonexistent" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_null(load(wrong[i].line, &error));
		g_assert_nonnull(strstr(error->message, wrong[i].sentence));
	}
}

static void test_reference(void)
{
	g_autofree char *text = options_reference(table);
	g_assert_nonnull(strstr(text, "--wait=… (0 to 60000 ms; default 500)"));
	g_assert_nonnull(strstr(text, "How long to wait."));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/options/defaults", test_defaults);
	g_test_add_func("/options/sources", test_order_of_sources);
	g_test_add_func("/options/lists", test_lists);
	g_test_add_func("/options/refusals", test_refusals);
	g_test_add_func("/options/reference", test_reference);
	return g_test_run();
}
