/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "core/error.h"
#include "core/file.h"
#include <string.h>

static const int64_t EXACT_MAX = ((int64_t)1 << 53) - 1; /* larger integers are not the same number to every reader */

/* jansson recurses; the depth is therefore known before it starts. Text that is no JSON may be counted wrongly, but only
 * upwards: outside of strings every bracket counts. */
static guint depth_of(const char *text, size_t length)
{
	guint depth = 0, deepest = 0;
	gboolean is_string = FALSE;
	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		if (is_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				is_string = FALSE;
		} else if (c == '"') {
			is_string = TRUE;
		} else if (c == '{' || c == '[') {
			depth++;
			deepest = MAX(deepest, depth);
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		}
	}
	return deepest;
}

json_t *json_read(const char *text, size_t length, size_t max_bytes, guint max_depth, GError **error)
{
	if (length > max_bytes) {
		g_set_error(
			error, CORE_ERROR, CORE_ERROR_LIMIT, "The JSON text has %zu bytes; %zu are allowed.", length, max_bytes);
		return NULL;
	}
	if (depth_of(text, length) > max_depth) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_LIMIT, "The JSON text is nested deeper than %u.", max_depth);
		return NULL;
	}
	json_error_t reason;
	json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &reason);
	if (value == NULL)
		g_set_error(error, CORE_ERROR, CORE_ERROR_FORMAT, "No valid JSON in line %d, column %d: %s.", reason.line,
			reason.column, reason.text);
	return value;
}

json_t *json_read_file(const char *path, size_t max_bytes, guint max_depth, GError **error)
{
	size_t length;
	g_autofree char *text = file_read(path, max_bytes, &length, error);
	if (text == NULL)
		return NULL;
	json_t *value = json_read(text, length, max_bytes, max_depth, error);
	if (value == NULL)
		g_prefix_error(error, "%s: ", path);
	return value;
}

/* --- canonical form --- */

void json_canonical_string(GString *out, const char *text)
{
	static const char *const escapes[0x80] = {
		['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r", ['"'] = "\\\"", ['\\'] = "\\\\"
	};
	g_string_append_c(out, '"');
	const char *plain = text;
	for (const char *c = text; *c != '\0'; c++) {
		guchar byte = (guchar)*c;
		if (byte >= 0x20 && byte != '"' && byte != '\\')
			continue;
		g_string_append_len(out, plain, c - plain);
		plain = c + 1;
		if (escapes[byte] != NULL)
			g_string_append(out, escapes[byte]);
		else
			g_string_append_printf(out, "\\u%04x", byte);
	}
	g_string_append(out, plain);
	g_string_append_c(out, '"');
}

/* UTF-16 order differs from UTF-8's in one thing: characters beyond U+FFFF (surrogates, D800…) come before U+E000…U+FFFF. */
static guint32 utf16_rank(gunichar c)
{
	return c >= 0x10000 ? 0xd800 + (c >> 10) : c >= 0xe000 ? c + 0x100000 : c;
}

static gint by_utf16(gconstpointer a, gconstpointer b)
{
	const char *left = *(const char *const *)a, *right = *(const char *const *)b;
	while (*left != '\0' && *right != '\0') {
		gunichar l = g_utf8_get_char(left), r = g_utf8_get_char(right);
		if (l != r) {
			guint32 l_rank = utf16_rank(l), r_rank = utf16_rank(r);
			return l_rank != r_rank ? (l_rank < r_rank ? -1 : 1) : (l < r ? -1 : 1);
		}
		left = g_utf8_next_char(left);
		right = g_utf8_next_char(right);
	}
	return *left != '\0' ? 1 : *right != '\0' ? -1 : 0;
}

static gboolean append_value(GString *out, const json_t *value, GError **error);

static gboolean append_object(GString *out, const json_t *object, GError **error)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new();
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)object, key, value) g_ptr_array_add(keys, (gpointer)key);
	g_ptr_array_sort(keys, by_utf16);
	g_string_append_c(out, '{');
	for (guint i = 0; i < keys->len; i++) {
		if (i > 0)
			g_string_append_c(out, ',');
		json_canonical_string(out, keys->pdata[i]);
		g_string_append_c(out, ':');
		if (!append_value(out, json_object_get(object, keys->pdata[i]), error))
			return FALSE;
	}
	g_string_append_c(out, '}');
	return TRUE;
}

static gboolean append_array(GString *out, const json_t *array, GError **error)
{
	g_string_append_c(out, '[');
	for (size_t i = 0; i < json_array_size(array); i++) {
		if (i > 0)
			g_string_append_c(out, ',');
		if (!append_value(out, json_array_get(array, i), error))
			return FALSE;
	}
	g_string_append_c(out, ']');
	return TRUE;
}

static gboolean append_value(GString *out, const json_t *value, GError **error)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return append_object(out, value, error);
	case JSON_ARRAY:
		return append_array(out, value, error);
	case JSON_STRING:
		json_canonical_string(out, json_string_value(value));
		return TRUE;
	case JSON_INTEGER:
		if (json_integer_value(value) < -EXACT_MAX || json_integer_value(value) > EXACT_MAX)
			break;
		g_string_append_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return TRUE;
	case JSON_TRUE:
	case JSON_FALSE:
		g_string_append(out, json_is_true(value) ? "true" : "false");
		return TRUE;
	case JSON_NULL:
		g_string_append(out, "null");
		return TRUE;
	case JSON_REAL:
		break;
	}
	g_set_error_literal(error, CORE_ERROR, CORE_ERROR_FORMAT, "Only integers up to 2^53 - 1 have a canonical form here.");
	return FALSE;
}

char *json_canonical(const json_t *value, GError **error)
{
	GString *out = g_string_new(NULL);
	gboolean is_good = append_value(out, value, error);
	return g_string_free(out, !is_good);
}

char *json_compact(const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	char *copy = g_strdup(text);
	free(text);
	return copy;
}

const char *json_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int64_t json_int(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

gboolean json_bool(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}
