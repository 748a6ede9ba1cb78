/* SPDX-License-Identifier: EUPL-1.2 */
/* One run of the identification of one person, in one go (V-20).
 *
 *   running ──interrupt──▶ interrupted   the connection was lost for too long, the device changed: the next one begins anew
 *           ──abort──────▶ aborted       the officer ends it with a reason code
 *           ──close──────▶ closed        a verdict was given (verdict.h)
 *
 * At most one attempt of a session runs: the officer identifies one person after the other. Every change is an audit entry and
 * touches "session:ID".
 * Thread: inside a write job, but for ident_attempt_load. */
#pragma once
#include "ident/check.h"
#include "ident/document.h"

typedef enum {
	IDENT_ATTEMPT_RUNNING,
	IDENT_ATTEMPT_INTERRUPTED,
	IDENT_ATTEMPT_ABORTED,
	IDENT_ATTEMPT_CLOSED
} ident_attempt_state;
#define IDENT_ATTEMPT_STATES (IDENT_ATTEMPT_CLOSED + 1)
typedef enum { IDENT_ATTEMPT_INTERRUPT, IDENT_ATTEMPT_ABORT, IDENT_ATTEMPT_CLOSE } ident_attempt_event;
#define IDENT_ATTEMPT_EVENTS (IDENT_ATTEMPT_CLOSE + 1)

typedef struct {
	char *id, *organisation, *session, *person;
	guint number; /* 1, 2 … per person */
	ident_attempt_state state;
	const ident_procedure *procedure;
	const ident_document *document;
	char *officer, *officer_organisation;
	int64_t started_ms, ended_ms; /* 0: still running */
	char *mrz;                    /* lines joined by newlines; NULL before a zone was read */
	char *verdict;                /* NULL before the end */
	json_t *reasons;
} ident_attempt;

void ident_attempt_free(ident_attempt *attempt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ident_attempt, ident_attempt_free)

/* What the caller knows and this folder cannot: the facts of the session. Procedure and document type are the appointment's and
 * the person's own. */
typedef struct {
	const char *session, *person;
	const char *officer, *officer_organisation;
	gboolean is_recording;     /* the recording of the session runs */
	const char *const *nonces; /* of the persons' browsers, NULL-terminated; NULL: none */
} ident_attempt_facts;

/* Start the next attempt and draw its script. Refused with V-22 unless the recording runs and the person's consent is given,
 * with V-07 when the document type is not accepted, with IDENT_ERROR_STATE while another attempt of the session runs, or after one
 * that identified the person. Returns (transfer full) its id. */
char *ident_attempt_start(const booking_context *context, const ident_attempt_facts *facts, GError **error);

/* End a running attempt by the officer's decision; `reason` is one of ident_attempt_reasons(). */
gboolean ident_attempt_abort(const booking_context *context, const char *attempt, const char *reason, GError **error);

/* End all running attempts of a session (`person` NULL) or of a person in it, as interrupted. `reason`: "connection_lost",
 * "device_changed", "consent_withdrawn", "session_ended" … Nothing running is no error. */
gboolean ident_attempt_interrupt(
	const booking_context *context, const char *session, const char *person, const char *reason, GError **error);

/* Where `event` leads from `state`; FALSE if nowhere. */
gboolean ident_attempt_next(ident_attempt_state state, ident_attempt_event event, ident_attempt_state *next);
/* "running" …: as stored and as the protocol says it. */
const char *ident_attempt_state_name(ident_attempt_state state);

/* (transfer full) Any attempt; IDENT_ERROR_NOT_FOUND. */
ident_attempt *ident_attempt_load(db *db, const char *attempt, GError **error);
/* The same, refusing with IDENT_ERROR_STATE one that does not run. */
ident_attempt *ident_attempt_load_running(db *db, const char *attempt, GError **error);

/* The reason codes of abort and verdict (domain rule: each end has one), NULL-terminated. */
const char *const *ident_attempt_reasons(void);
