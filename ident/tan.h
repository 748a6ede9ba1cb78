/* SPDX-License-Identifier: EUPL-1.2 */
/* The transaction number of an attempt (V-40): six random digits sent by mail at the officer's click, typed by the person during
 * the video. Stored hashed, single use, 10 minutes, three tries for all numbers of an attempt together; a new one replaces the
 * old. Thread: inside a write job. */
#pragma once
#include "booking/context.h"

/* The tan step must be due. IDENT_ERROR_LIMIT within 30 s of the last one. The mail leaves through booking's outbox. */
gboolean ident_tan_send(const booking_context *context, const char *attempt, GError **error);

/* What the person typed. Right: the step is done. Wrong for the third time: the step has failed. An expired, unsent or used
 * number is IDENT_ERROR_RULE V-40 and costs no try. */
gboolean ident_tan_enter(const booking_context *context, const char *attempt, const char *tan, gboolean *is_right,
	guint *tries_left, GError **error);

/* The view type "tan" of a visit: {"person","attempt","tries_left","expires_ms","resend_from_ms"}; json_null() when none is
 * awaited. (transfer full) Thread: inside any job. */
json_t *ident_tan_view(db *db, const char *attempt, GError **error);
