/* SPDX-License-Identifier: EUPL-1.2 */
/* The engine: which step comes next, and what may be done at it. Pure functions; the state of an attempt is its checks.
 *
 * Exactly one step is due: the first that is not done, unless one has failed. Any move elsewhere is refused with the rule of the
 * step that was to be skipped, repeated or changed (IDENT_ERROR_RULE); a failed step ends the script. Thread: any. */
#pragma once
#include "ident/check.h"
#include "ident/document.h"
#include "ident/procedure.h"

typedef enum {
	IDENT_EVENT_CAPTURE, /* a still was taken */
	IDENT_EVENT_PASS,
	IDENT_EVENT_FAIL,
	IDENT_EVENT_REPEAT, /* try once more */
	IDENT_EVENT_TAN_SENT,
	IDENT_EVENT_TAN_RIGHT, /* typed by the person */
	IDENT_EVENT_TAN_WRONG,
	IDENT_EVENT_COUNT,
} ident_event;

typedef enum { IDENT_SCRIPT_GOING, IDENT_SCRIPT_COMPLETE, IDENT_SCRIPT_FAILED } ident_script_state;

ident_script_state ident_script_progress(const GPtrArray *checks);
/* The check that is due, NULL when the script is complete or failed. */
ident_check *ident_script_due(const GPtrArray *checks);

/* Look up the move in the table {kind, event}; returns the check at which it happens (transfer none) and the state it gets.
 * Changes nothing. */
ident_check *ident_script_move(const ident_procedure *procedure, const GPtrArray *checks, const char *step, ident_event event,
	ident_check_state *to, GError **error);

/* Called for each draw a plan needs: fill `chosen` with `count` positions of `candidates`. */
typedef gboolean (*ident_chooser)(
	gpointer data, const char *purpose, const char *const *candidates, guint count, guint *chosen, GError **error);

/* (transfer full) The checks of a new attempt: features (of different categories, V-27), spot, questions and order drawn through
 * `choose` with the purposes "features", "spots", "questions" and "order/GROUP". The same choices give the same plan, so that a
 * verifier can repeat it from the proofs in a report. */
GPtrArray *ident_script_plan(
	const ident_procedure *procedure, const ident_document *document, ident_chooser choose, gpointer data, GError **error);

/* (transfer full) The texts of a check: {"title":{"de","en"},"say":{…},"look":{…},"banner":{…}}, those of the drawn choice before the step's.
 */
json_t *ident_script_texts(const ident_procedure *procedure, const ident_document *document, const ident_check *check);
