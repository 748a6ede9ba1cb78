/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/options.h"
#include "core/file.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX_BYTES = 65536 };

struct options {
	const option *table;
	GHashTable *values;   /* name -> char*, of a list one a line; missing: the default */
	GPtrArray *arguments; /* of char*, NULL at the end */
};

static const option *row_of(const option *table, const char *name)
{
	for (; table->name != NULL; table++)
		if (g_str_equal(table->name, name))
			return table;
	return NULL;
}

static gboolean is_choice(const option *row, const char *value)
{
	g_auto(GStrv) choices = g_strsplit(row->choices, "|", -1);
	return g_strv_contains((const char *const *)choices, value);
}

static gboolean check_value(const option *row, const char *value, GError **error)
{
	int64_t number;
	const char *unit = row->unit != NULL ? row->unit : "";
	switch (row->type) {
	case OPTION_INTEGER:
		if (g_ascii_string_to_signed(value, 10, row->min, row->max, &number, NULL))
			return TRUE;
		g_set_error(error, CORE_ERROR, CORE_ERROR_OPTION,
			"%s must be a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "%s%s.", row->name, row->min,
			row->max, *unit != '\0' ? " " : "", unit);
		return FALSE;
	case OPTION_FLAG:
		if (g_str_equal(value, "true") || g_str_equal(value, "false"))
			return TRUE;
		g_set_error(error, CORE_ERROR, CORE_ERROR_OPTION, "%s must be true or false.", row->name);
		return FALSE;
	case OPTION_CHOICE:
		if (is_choice(row, value))
			return TRUE;
		g_set_error(error, CORE_ERROR, CORE_ERROR_OPTION, "%s must be one of %s.", row->name, row->choices);
		return FALSE;
	case OPTION_TEXT:
	case OPTION_LIST:
		return TRUE;
	}
	g_assert_not_reached();
}

static gboolean set_value(options *self, const char *name, const char *value, GError **error)
{
	const option *row = row_of(self->table, name);
	if (row == NULL) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_OPTION,
			"There is no option \"%s\". Remove it, or see --help for those that there are.", name);
		return FALSE;
	}
	if (!check_value(row, value, error))
		return FALSE;
	const char *before = row->type == OPTION_LIST ? g_hash_table_lookup(self->values, name) : NULL;
	g_hash_table_insert(
		self->values, g_strdup(name), before != NULL ? g_strdup_printf("%s\n%s", before, value) : g_strdup(value));
	return TRUE;
}

static gboolean load_line(options *self, char *line, GError **error)
{
	g_strstrip(line);
	if (*line == '\0' || *line == '#')
		return TRUE;
	char *equals = strchr(line, '=');
	if (equals == NULL) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_OPTION, "\"%s\" is not of the form: name = value.", line);
		return FALSE;
	}
	*equals = '\0';
	return set_value(self, g_strchomp(line), g_strchug(equals + 1), error);
}

static gboolean load_file(options *self, const char *path, GError **error)
{
	g_autofree char *text = file_read(path, FILE_MAX_BYTES, NULL, error);
	if (text == NULL)
		return FALSE;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		if (!load_line(self, lines[i], error)) {
			g_prefix_error(error, "%s, line %u: ", path, i + 1);
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean load_argument(options *self, const char *argument, GError **error)
{
	const char *equals = strchr(argument, '=');
	g_autofree char *name = equals != NULL ? g_strndup(argument, (gsize)(equals - argument)) : g_strdup(argument);
	const option *row = row_of(self->table, name);
	if (equals == NULL && row != NULL && row->type != OPTION_FLAG) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_OPTION, "--%s needs a value: --%s=VALUE.", name, name);
		return FALSE;
	}
	if (!set_value(self, name, equals != NULL ? equals + 1 : "true", error)) {
		g_prefix_error(error, "Command line: ");
		return FALSE;
	}
	return TRUE;
}

static void print_help(const option *table, const char *command)
{
	g_autofree char *reference = options_reference(table);
	printf("usage: %s [--option=value …]\n\n%s", command, reference);
}

options *options_load(const option *table, int argc, char **argv, GError **error)
{
	if (argc > 1 && g_str_equal(argv[1], "--help")) {
		print_help(table, argv[0]);
		exit(EXIT_SUCCESS);
	}
	g_autoptr(options) self = g_new0(options, 1);
	self->table = table;
	self->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	self->arguments = g_ptr_array_new_with_free_func(g_free);
	/* The file first, wherever it is named: the command line wins. */
	for (int i = 1; i < argc; i++)
		if (g_str_has_prefix(argv[i], "--config=") && !load_file(self, argv[i] + strlen("--config="), error))
			return NULL;
	for (int i = 1; i < argc; i++) {
		if (g_str_has_prefix(argv[i], "--config="))
			continue;
		if (!g_str_has_prefix(argv[i], "--"))
			g_ptr_array_add(self->arguments, g_strdup(argv[i]));
		else if (!load_argument(self, argv[i] + 2, error))
			return NULL;
	}
	g_ptr_array_add(self->arguments, NULL);
	return g_steal_pointer(&self);
}

void options_free(options *self)
{
	if (self == NULL)
		return;
	g_hash_table_unref(self->values);
	g_ptr_array_unref(self->arguments);
	g_free(self);
}

static const char *value_of(const options *self, const option *row)
{
	const char *value = g_hash_table_lookup(self->values, row->name);
	return value != NULL ? value : row->fallback;
}

static const char *typed_value(const options *self, const char *name, guint types)
{
	const option *row = row_of(self->table, name);
	if (row == NULL || (types & 1u << row->type) == 0)
		g_error("option \"%s\" is not in the table, or is asked for by another type", name);
	return value_of(self, row);
}

const char *options_text(const options *self, const char *name)
{
	return typed_value(self, name, 1u << OPTION_TEXT | 1u << OPTION_CHOICE);
}

int64_t options_int(const options *self, const char *name)
{
	const char *value = typed_value(self, name, 1u << OPTION_INTEGER);
	return value != NULL ? g_ascii_strtoll(value, NULL, 10) : 0;
}

gboolean options_flag(const options *self, const char *name)
{
	return g_strcmp0(typed_value(self, name, 1u << OPTION_FLAG), "true") == 0;
}

GStrv options_list(const options *self, const char *name)
{
	const char *value = typed_value(self, name, 1u << OPTION_LIST);
	return value != NULL ? g_strsplit(value, "\n", -1) : g_new0(char *, 1);
}

const char *const *options_arguments(const options *self)
{
	return (const char *const *)self->arguments->pdata;
}

static void print_values(GString *out, const char *name, const char *value)
{
	g_auto(GStrv) values = g_strsplit(value, "\n", -1);
	for (char **one = values; *one != NULL; one++)
		g_string_append_printf(out, "%s = %s\n", name, *one);
}

char *options_print(const options *self)
{
	GString *out = g_string_new(NULL);
	for (const option *row = self->table; row->name != NULL; row++) {
		const char *value = value_of(self, row);
		g_string_append_printf(out, "# %s\n", row->about);
		if (value == NULL)
			g_string_append_printf(out, "# %s =\n", row->name);
		else if (row->is_secret)
			g_string_append_printf(out, "# %s = (secret)\n", row->name);
		else
			print_values(out, row->name, value);
	}
	return g_string_free(out, FALSE);
}

static char *values_text(const option *row)
{
	const char *space = row->unit != NULL ? " " : "", *unit = row->unit != NULL ? row->unit : "";
	switch (row->type) {
	case OPTION_INTEGER:
		return g_strdup_printf("%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "%s%s", row->min, row->max, space, unit);
	case OPTION_FLAG:
		return g_strdup("true|false");
	case OPTION_CHOICE:
		return g_strdup(row->choices);
	case OPTION_TEXT:
		return g_strdup("text");
	case OPTION_LIST:
		return g_strdup("text, may be repeated");
	}
	g_assert_not_reached();
}

char *options_reference(const option *table)
{
	GString *out = g_string_new(NULL);
	for (const option *row = table; row->name != NULL; row++) {
		g_autofree char *values = values_text(row);
		g_string_append_printf(out, "  --%s=… (%s", row->name, values);
		if (row->fallback != NULL)
			g_string_append_printf(out, "; default %s", row->is_secret ? "(secret)" : row->fallback);
		g_string_append_printf(out, ")\n      %s\n", row->about);
	}
	return g_string_free(out, FALSE);
}
