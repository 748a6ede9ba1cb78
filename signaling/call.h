/* SPDX-License-Identifier: EUPL-1.2 */
/* One call of an operation on its way: decoded and rated on the loop's thread, run as a job of the kind its operation
 * says, answered on the loop's thread. An answer leaves only after its commit. */
#pragma once
#include "signaling/operation.h"
#include "signaling/protocol/operations.h"
#include "signaling/rate.h"

/* What became of it. */
typedef struct {
	json_t *out;   /* NULL when it failed */
	GError *error; /* why */
	GBytes *file;  /* instead of `out` */
	const char *file_type;
	char *file_name;
	char *cookie; /* to set; "" to clear; NULL to leave */
} answer;
void answer_clear(answer *answer);

/* Called on the loop's thread, never from inside call_start(). May take things out of `answer`. */
typedef void (*call_done)(answer *answer, gpointer data);

typedef struct {
	const operation *operation;
	json_t *input;      /* (transfer none) */
	const char *cookie; /* secrets of the browser's cookies, or NULL */
	const char *visitor;
	const char *csrf;    /* HTTP: the header X-CSRF-Token, or NULL */
	const char *address; /* of the client */
	gboolean needs_csrf; /* HTTP with an unsafe method */
} call_request;

/* Thread: the loop's. */
void call_start(app *app, rate *rate, const call_request *request, call_done done, gpointer data);

/* The operation of a WebSocket message, or NULL. */
const operation *operation_by_name(const char *name);
/* The operation of an HTTP request, or NULL; `is_path_known` tells a wrong method from a wrong path. Parts of the path become
 * members of `input`. */
const operation *operation_by_path(const char *method, const char *path, json_t *input, gboolean *is_path_known);
/* A pair of the query string becomes a member of `input`, as a number where the operation wants one. FALSE when it is there
 * already or is no UTF-8. */
gboolean operation_add_argument(const operation *operation, const char *name, const char *value, json_t *input);
