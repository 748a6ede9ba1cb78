/* SPDX-License-Identifier: EUPL-1.2 */
/* The outcome of an attempt, given by a human.
 *
 *   identified       only when every step is done (V-42)
 *   not_identified   when a step failed, or in spite of all steps done; needs a reason
 *   aborted          written by ident_attempt_abort
 * The field second_examiner stays open for a later review by somebody else. */
#pragma once
#include "booking/context.h"

/* Close the attempt and make its report (report.h), not yet sealed. `reasons`: NULL-terminated codes of ident_attempt_reasons(), may
 * be empty when identified. `recording` (transfer none, may be NULL): what the report says of the session's recording, e.g.
 * {"id","chain"}. Returns (transfer full) the report's id. Thread: inside a write job. */
char *ident_verdict_give(const booking_context *context, const char *attempt, const char *verdict, const char *const *reasons,
	json_t *recording, GError **error);
