/* SPDX-License-Identifier: EUPL-1.2 */
/* One operation of the protocol, as its handler sees it. Handlers include "signaling/protocol/handlers.h".
 *
 * `protocol/protocol.json` names every operation once: where it is reached (an HTTP route, a WebSocket message or
 * both), who may call it, in what kind of transaction it runs, and the shapes of its input and output. From it come the
 * dispatch table, the typed input structs with their strict decoders, this declaration for each operation
 *     json_t *handle_hold_create(request *request, const hold_create_in *in, GError **error);
 * and the TypeScript types. A handler begins with its work: size, depth, shape, sign-in, role and rate were checked.
 * Handlers live in handlers/AREA.c.
 *
 *   read    runs on a pool thread, `db` is a read snapshot
 *   write   runs on the writer thread in a transaction; never blocks, never hashes a password
 *   work    runs on a pool thread without a transaction (`db` is NULL): may wait for media or scrypt, and reads and
 *           writes through store_read() and store_write_wait()
 *
 * Returns (transfer full) the output object, or NULL with an error that errors.c turns into a protocol code.
 * What a caller may not see is SIGNALING_ERROR_NOT_FOUND, never "forbidden". */
#pragma once
#include "booking/context.h"
#include "core/db/store.h"
#include "core/json.h"
#include "signaling/app.h"

typedef enum {
	ACTOR_VISITOR, /* anybody with a browser; `id` is a hash of its visitor cookie */
	ACTOR_PERSON,  /* a person of a case who opened the own link and knew the date of birth */
	ACTOR_STAFF,   /* signed in at one organisation */
} actor_kind;

typedef enum {
	ROLE_ADMINISTRATOR = 1 << 0,
	ROLE_REGISTRAR = 1 << 1,
	ROLE_EXAMINER = 1 << 2,
	ROLE_REVIEWER = 1 << 3,
	ROLE_PRIVACY_OFFICER = 1 << 4,
} actor_role;

typedef struct {
	actor_kind kind;
	const char *id;           /* visitor hash, person id or staff id */
	const char *name;         /* as the audit log wants it: "staff:ID", "person:ID", "visitor:HASH" */
	const char *organisation; /* staff: where signed in; person: the responsible one; visitor: NULL */
	const char *office;       /* staff: the office they work for, NULL for all of the organisation */
	const char *case_id;      /* person only */
	const char *language;     /* "de", "en" …, for texts that leave by mail */
	guint roles;              /* staff: actor_role bits held in `organisation` */
} actor;

typedef struct {
	db *db;
	app *app;
	const actor *actor;
	int64_t now_ms;
	const char *csrf;         /* what the page must send in the header X-CSRF-Token; "" for visitors */
	const char *browser;      /* the secret of the cookie, or NULL */
	const char *peer;         /* the media peer of the caller's device; NULL for visitors */
	const char *address_hash; /* of where the request came from; means nothing without this process, and ends with it */
	/* Set by the handler when the answer is a file instead of an object (then it returns json_null()). */
	GBytes *file;
	const char *file_type; /* static string, e.g. "application/pdf" */
	char *file_name;       /* (transfer full) */
	/* (transfer full) Set by the handler when the answer is an error but what was written must stay, e.g. a counted failure;
	 * then it returns json_null(). */
	GError *refusal;
	/* Set by the handler to sign the browser in or out: the new cookie's secret (signaling/cookie.h), "" to clear it. */
	char *cookie;
} request;

/* What booking's and ident's functions want to know of this request. Valid as long as the request; for operations of kind
 * "work" set `db` to that of the job. */
booking_context request_context(const request *request);
