/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/template.h"
#include "booking/mail-resources.h"

static const char *value_of(const template_value *values, const char *name, size_t length)
{
	for (; values->name != NULL; values++) {
		if (strlen(values->name) == length && memcmp(values->name, name, length) == 0)
			return values->value != NULL ? values->value : "";
	}
	g_error("a mail asks for a value that nobody gives: %.*s", (int)length, name);
}

static char *fill(const char *text, const template_value *values)
{
	GString *out = g_string_new(NULL);
	for (const char *open; (open = strchr(text, '{')) != NULL;) {
		const char *close = strchr(open, '}');
		g_assert(close != NULL);
		g_string_append_len(out, text, open - text);
		g_string_append(out, value_of(values, open + 1, (size_t)(close - open - 1)));
		text = close + 1;
	}
	g_string_append(out, text);
	return g_string_free(out, FALSE);
}

char *template_fill(const char *language, const char *kind, const template_value *values, char **subject)
{
	g_autofree char *path = g_strdup_printf("/jawort/mail/%s/%s.txt", language, kind);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes =
		g_resource_lookup_data(mail_resources_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
	if (bytes == NULL)
		g_error("no text for a mail: %s", error->message);
	g_autofree char *raw = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	char *body = strstr(raw, "\n\n");
	g_assert(body != NULL);
	*body = '\0';
	*subject = fill(raw, values);
	return fill(body + 2, values);
}
