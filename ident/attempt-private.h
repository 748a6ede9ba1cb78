/* SPDX-License-Identifier: EUPL-1.2 */
/* What attempt.c, check.c, tan.c and verdict.c share. Thread: inside a write job. */
#pragma once
#include "ident/attempt.h"
#include "ident/mrz.h"
#include "ident/script.h"

/* Append to the attempt's audit log and touch its session. `details` (transfer full) may be NULL. Returns the entry's sequence, -1 on
 * error. */
int64_t attempt_log(
	const booking_context *context, const ident_attempt *attempt, const char *action, json_t *details, GError **error);

/* End a running attempt. `verdict` may be NULL; `reasons` (transfer none). `attempt` is brought up to date; the caller logs. */
gboolean attempt_end(const booking_context *context, ident_attempt *attempt, ident_attempt_event event, const char *verdict,
	json_t *reasons, GError **error);

/* Is this one of ident_attempt_reasons()? */
gboolean attempt_is_reason(const char *reason);

/* (transfer full) What the draws of an attempt are labelled: "PERSON/NUMBER/" and `purpose`. Nothing in it is made when the draw is,
 * so that whoever runs the server cannot try names until the draw suits. */
char *attempt_draw_label(const char *person, gint64 number, const char *purpose);

/* Store what a move made of a check: state and what its fields hold now; logged as `action`. */
gboolean check_store(const booking_context *context, const ident_attempt *attempt, const ident_check *check, const char *action,
	GError **error);

/* Decide the automatic steps that are due. */
gboolean check_advance(const booking_context *context, const ident_attempt *attempt, GPtrArray *checks, GError **error);

/* The zone of the attempt. FALSE when none was read. */
gboolean attempt_mrz(const ident_attempt *attempt, ident_mrz *mrz);

/* (transfer full) Zone and intake, field by field; empty before a zone was read. */
json_t *attempt_comparisons(db *db, const ident_attempt *attempt, int64_t now_ms, GError **error);
