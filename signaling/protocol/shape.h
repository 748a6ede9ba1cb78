/* SPDX-License-Identifier: EUPL-1.2 */
/* The shapes of protocol.json at run time, and the one decoder that reads them.
 *
 * generate.py writes the tables; this reads JSON by them: unknown members, missing members, wrong types, lengths, ranges
 * and patterns are refused with the path of the member and what it should have been ("persons[1].birth_date: must be a
 * date such as 1990-12-31"). Strings that arrive are valid UTF-8 without NUL, because jansson refuses others.
 * Thread: any. */
#pragma once
#include <glib.h>
#include <jansson.h>

typedef enum {
	SHAPE_TEXT = 1, /* const char * */
	SHAPE_INTEGER,  /* int64_t */
	SHAPE_BOOLEAN,  /* gboolean */
	SHAPE_OBJECT,   /* the struct itself; any object when it has no members */
	SHAPE_ARRAY,    /* pointer to the items, followed by size_t NAME_count */
} shape_kind;

typedef struct shape shape;

typedef struct {
	const char *name;
	const shape *shape;
	gboolean is_optional;
	gboolean is_nullable;
	size_t offset;     /* in the struct of the object */
	size_t has_offset; /* of gboolean has_NAME, for optional members that are not text; 0 when there is none */
} shape_member;

struct shape {
	shape_kind kind;
	const char *pattern; /* PCRE, anchored by itself */
	const char *hint;    /* completes "must be …" */
	const char *const *choices;
	int64_t minimum; /* of the number, of the length in code points, or of the count of items */
	int64_t maximum;
	const shape_member *members; /* ends with a row without name */
	const shape *item;
	size_t size; /* of the struct of an object */
};

/* A decoded input: the struct, and the JSON that its strings point into. */
typedef struct decoded decoded;

/* Decode `value` (which is kept alive as long as the result). NULL with SIGNALING_ERROR_INPUT; the message is
 * "PATH: what it must be". */
decoded *decode(const shape *shape, json_t *value, GError **error);
const void *decoded_struct(const decoded *decoded);
void decoded_free(decoded *decoded);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(decoded, decoded_free)

/* The same check without decoding: what the program itself answers, in builds that check answers. */
gboolean shape_check(const shape *shape, const json_t *value, GError **error);
