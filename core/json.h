/* SPDX-License-Identifier: EUPL-1.2 */
/* JSON of strangers, read strictly, and the one way to write JSON that gets hashed.
 *
 * Values are jansson's. Names here do not collide with it. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdint.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* Parse one object or array. Size and depth are measured before the parser sees a byte; duplicate keys, bad UTF-8,
 * NUL characters and trailing bytes are refused. `max_depth` counts nested objects and arrays: {"a":[]} has 2.
 * Returns (transfer full), or NULL with CORE_ERROR_LIMIT or CORE_ERROR_FORMAT (with the place). */
json_t *json_read(const char *text, size_t length, size_t max_bytes, guint max_depth, GError **error);
/* The same of a file of ours. Errors name the file. */
json_t *json_read_file(const char *path, size_t max_bytes, guint max_depth, GError **error);

/* Canonical JSON (RFC 8785): keys in order of UTF-16 units, no spaces, shortest escapes.
 * Only null, booleans, strings, arrays, objects and integers within +-(2^53 - 1): NULL with CORE_ERROR_FORMAT otherwise.
 * Returns (transfer full). */
char *json_canonical(const json_t *value, GError **error);
/* Append one string in its canonical form, quotes and all. `text` is valid UTF-8. */
void json_canonical_string(GString *out, const char *text);
/* (transfer full) Compact JSON for the wire; never fails for values that json_read() or our code made. */
char *json_compact(const json_t *value);

/* Members of an object by key: NULL, 0 or FALSE when missing or of another type (also when `object` is NULL). */
const char *json_text(const json_t *object, const char *key);
int64_t json_int(const json_t *object, const char *key);
gboolean json_bool(const json_t *object, const char *key);
