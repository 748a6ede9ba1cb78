/* SPDX-License-Identifier: EUPL-1.2 */
/* One step of an attempt with its result: a row that is decided once and never changed after that.
 * What may be done next is script.h's business; this is loading, storing and the moves of an officer.
 * Thread: inside a job. */
#pragma once
#include "booking/context.h"
#include "ident/procedure.h"

typedef enum { IDENT_CHECK_OPEN, IDENT_CHECK_DONE, IDENT_CHECK_FAILED } ident_check_state;

typedef struct {
	guint position;
	char *step;             /* "feature_2" */
	const ident_step *rule; /* the step of the procedure it comes from: "feature" */
	char *choice;           /* the drawn feature, spot or question; NULL */
	ident_check_state state;
	char *result; /* "pass", "fail", "repeat"; NULL before the first */
	char *answer; /* personal data */
	char *still;  /* id of the latest still; NULL */
	guint tries;
	char *decided_by;
	int64_t decided_ms;
} ident_check;

void ident_check_free(ident_check *check);
/* "open", "done", "failed": as stored. */
const char *ident_check_state_name(ident_check_state state);

/* A still as the server took it from the person's stream. */
typedef struct {
	const char *id; /* "still_…" */
	const char *file;
	const char *sha256;
	guint width, height, light, sharpness;
	const char *const *mrz; /* lines as read, NULL-terminated; NULL when none were asked for */
} ident_still;

/* (transfer full) The checks of an attempt by position: GPtrArray of ident_check. */
GPtrArray *ident_checks_load(db *db, const char *attempt, const ident_procedure *procedure, GError **error);

/* Would a still at this step be accepted now? Returns what it is to show (static string), NULL with the refusal. `wants_mrz`
 * (out): the side that bears the zone. For the caller that is about to ask media. */
const char *ident_check_capture_subject(db *db, const char *attempt, const char *step, gboolean *wants_mrz, GError **error);

/* Keep a still as evidence of the step. A second one counts as a try (V-41). A machine-readable zone in it is repaired and stored with the attempt; automatic steps
 * that it allows are decided. */
gboolean ident_check_capture(
	const booking_context *context, const char *attempt, const char *step, const ident_still *still, GError **error);

/* The officer's result: "pass", "fail" or "repeat"; `answer` may be NULL where the step asks for none. */
gboolean ident_check_record(const booking_context *context, const char *attempt, const char *step, const char *result,
	const char *answer, GError **error);
