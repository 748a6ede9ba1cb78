/* SPDX-License-Identifier: EUPL-1.2 */
/* The dispatch table, made by generate.py: every operation with its preconditions as columns. */
#pragma once
#include "signaling/operation.h"
#include "signaling/protocol/shape.h"

/* Who may call: one of these must hold. The roles are those of `actor.roles`. */
enum {
	WHO_ADMINISTRATOR = ROLE_ADMINISTRATOR,
	WHO_REGISTRAR = ROLE_REGISTRAR,
	WHO_EXAMINER = ROLE_EXAMINER,
	WHO_REVIEWER = ROLE_REVIEWER,
	WHO_PRIVACY_OFFICER = ROLE_PRIVACY_OFFICER,
	WHO_STAFF = ROLE_ADMINISTRATOR | ROLE_REGISTRAR | ROLE_EXAMINER | ROLE_REVIEWER | ROLE_PRIVACY_OFFICER,
	WHO_PERSON = 1 << 8,
	WHO_ANYONE = 1 << 9,
};

typedef enum { OPERATION_READ, OPERATION_WRITE, OPERATION_WORK } operation_kind;
typedef enum { RATE_ACT, RATE_BOOK, RATE_BOOK_ADDRESS, RATE_BROWSE, RATE_BROWSE_ADDRESS, RATE_SECRET, RATE_CLASSES } rate_class;

typedef struct {
	const char *name;
	guint who;
	operation_kind kind;
	rate_class rate;
	const char *method; /* NULL: not reached over HTTP */
	const char *path;   /* "/api/v1/offices/{office}" */
	gboolean is_websocket;
	const shape *input;
	const shape *output; /* NULL: a file */
	/* NULL while the handler is not written: answered by "not_ready". */
	json_t *(*handle)(request *request, const void *in, GError **error);
} operation;

/* Sorted by name. */
extern const operation operations[];
extern const size_t operations_count;
/* The snapshots that are pushed. */
extern const shape *const protocol_visit_view;
extern const shape *const protocol_desk_view;
/* Tokens of each rate class: at once, and refilled per minute. */
typedef struct {
	guint burst;
	guint per_minute;
} rate_limit;
extern const rate_limit rate_limits[RATE_CLASSES];
