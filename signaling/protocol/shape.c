/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/protocol/shape.h"

#include "signaling/error.h"

#include <string.h>

struct decoded {
	json_t *value;
	void *root;
	GPtrArray *arrays; /* memory of arrays of structs */
};

/* Where we are, for the message; deeper than the protocol's shapes never happens. */
typedef struct {
	decoded *into; /* NULL: only check */
	GString *path;
} walk;

static gboolean read_value(walk *walk, const shape *shape, const json_t *value, void *target, GError **error);

static gboolean refuse(walk *walk, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);
static gboolean refuse(walk *walk, GError **error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(error, SIGNALING_ERROR, SIGNALING_ERROR_INPUT, "%s: %s", walk->path->len > 0 ? walk->path->str : "in", text);
	return FALSE;
}

/* Compiled once and kept for the life of the process: there are a dozen. */
static gboolean matches(const char *pattern, const char *text)
{
	static GMutex mutex;
	static GHashTable *compiled;
	g_mutex_lock(&mutex);
	if (compiled == NULL)
		compiled = g_hash_table_new(g_str_hash, g_str_equal);
	GRegex *regex = g_hash_table_lookup(compiled, pattern);
	if (regex == NULL) {
		regex = g_regex_new(pattern, G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY | G_REGEX_OPTIMIZE, 0, NULL);
		g_assert(regex != NULL);
		g_hash_table_insert(compiled, (gpointer)pattern, regex);
	}
	g_mutex_unlock(&mutex);
	return g_regex_match(regex, text, 0, NULL);
}

static gboolean read_text(walk *walk, const shape *shape, const json_t *value, void *target, GError **error)
{
	if (!json_is_string(value))
		return refuse(walk, error, "must be %s", shape->hint != NULL ? shape->hint : "a text");
	const char *text = json_string_value(value);
	glong length = g_utf8_strlen(text, -1);
	if (length < shape->minimum)
		return shape->minimum == 1
			       ? refuse(walk, error, "must not be empty")
			       : refuse(walk, error, "is shorter than %" G_GINT64_FORMAT " characters", shape->minimum);
	if (shape->maximum > 0 && length > shape->maximum)
		return refuse(walk, error, "is longer than %" G_GINT64_FORMAT " characters", shape->maximum);
	if (shape->choices != NULL && !g_strv_contains(shape->choices, text)) {
		g_autofree char *all = g_strjoinv(", ", (char **)shape->choices);
		return refuse(walk, error, "must be one of %s", all);
	}
	if (shape->pattern != NULL && !matches(shape->pattern, text))
		return refuse(walk, error, "must be %s", shape->hint != NULL ? shape->hint : shape->pattern);
	if (target != NULL)
		*(const char **)target = text;
	return TRUE;
}

static gboolean read_integer(walk *walk, const shape *shape, const json_t *value, void *target, GError **error)
{
	if (!json_is_integer(value))
		return refuse(walk, error, "must be a whole number");
	int64_t number = json_integer_value(value);
	if (number < shape->minimum || number > shape->maximum)
		return refuse(
			walk, error, "must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, shape->minimum, shape->maximum);
	if (target != NULL)
		*(int64_t *)target = number;
	return TRUE;
}

static gboolean read_boolean(walk *walk, const json_t *value, void *target, GError **error)
{
	if (!json_is_boolean(value))
		return refuse(walk, error, "must be true or false");
	if (target != NULL)
		*(gboolean *)target = json_is_true(value);
	return TRUE;
}

static gboolean read_members(walk *walk, const shape *shape, const json_t *value, void *target, GError **error)
{
	size_t before = walk->path->len;
	size_t known_count = 0;
	for (const shape_member *member = shape->members; member->name != NULL; member++) {
		const json_t *part = json_object_get(value, member->name);
		g_string_append_printf(walk->path, "%s%s", before > 0 ? "." : "", member->name);
		if (part == NULL && !member->is_optional)
			return refuse(walk, error, "is missing");
		known_count += part != NULL;
		if (part != NULL && !(member->is_nullable && json_is_null(part))) {
			if (!read_value(
				    walk, member->shape, part, target == NULL ? NULL : (char *)target + member->offset, error))
				return FALSE;
			if (target != NULL && member->has_offset > 0)
				*(gboolean *)((char *)target + member->has_offset) = TRUE;
		}
		g_string_truncate(walk->path, before);
	}
	if (known_count == json_object_size(value))
		return TRUE;
	/* The name itself came from a stranger: do not repeat it. */
	return refuse(walk, error, "has a member that is not known here");
}

static gboolean read_array(walk *walk, const shape *shape, const json_t *value, void *target, GError **error)
{
	if (!json_is_array(value))
		return refuse(walk, error, "must be a list");
	size_t count = json_array_size(value);
	if (shape->maximum > 0 && count > (size_t)shape->maximum)
		return refuse(walk, error, "has more than %" G_GINT64_FORMAT " items", shape->maximum);
	size_t item_size = 0;
	char *items = NULL;
	if (target != NULL && count > 0) {
		item_size = shape->item->kind == SHAPE_OBJECT ? shape->item->size : sizeof(int64_t);
		items = g_malloc0_n(count, item_size);
		g_ptr_array_add(walk->into->arrays, items);
	}
	if (target != NULL) {
		*(void **)target = items;
		memcpy((char *)target + sizeof(void *), &count, sizeof(count));
	}
	size_t before = walk->path->len;
	for (size_t i = 0; i < count; i++) {
		g_string_append_printf(walk->path, "[%zu]", i);
		if (!read_value(walk, shape->item, json_array_get(value, i), items == NULL ? NULL : items + i * item_size, error))
			return FALSE;
		g_string_truncate(walk->path, before);
	}
	return TRUE;
}

static gboolean read_value(walk *walk, const shape *shape, const json_t *value, void *target, GError **error)
{
	switch (shape->kind) {
	case SHAPE_TEXT:
		return read_text(walk, shape, value, target, error);
	case SHAPE_INTEGER:
		return read_integer(walk, shape, value, target, error);
	case SHAPE_BOOLEAN:
		return read_boolean(walk, value, target, error);
	case SHAPE_ARRAY:
		return read_array(walk, shape, value, target, error);
	case SHAPE_OBJECT:
		break;
	}
	if (!json_is_object(value))
		return refuse(walk, error, "must be an object");
	return shape->members == NULL || read_members(walk, shape, value, target, error);
}

decoded *decode(const shape *shape, json_t *value, GError **error)
{
	g_autoptr(decoded) result = g_new0(decoded, 1);
	result->value = json_incref(value);
	result->root = g_malloc0(MAX(shape->size, 1));
	result->arrays = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) path = g_string_new(NULL);
	walk walk = { .into = result, .path = path };
	if (!read_value(&walk, shape, value, result->root, error))
		return NULL;
	return g_steal_pointer(&result);
}

const void *decoded_struct(const decoded *decoded)
{
	return decoded->root;
}

void decoded_free(decoded *decoded)
{
	if (decoded == NULL)
		return;
	json_decref(decoded->value);
	g_ptr_array_unref(decoded->arrays);
	g_free(decoded->root);
	g_free(decoded);
}

gboolean shape_check(const shape *shape, const json_t *value, GError **error)
{
	g_autoptr(GString) path = g_string_new(NULL);
	walk walk = { .path = path };
	return read_value(&walk, shape, value, NULL, error);
}
