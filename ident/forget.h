/* SPDX-License-Identifier: EUPL-1.2 */
/* What a withdrawn consent erases besides the recording (README.md: withdrawal). Thread: inside a write job. */
#pragma once
#include "booking/context.h"

/* Of every attempt of the session that came to no report: what was read from the document, what was answered, the TAN, and the
 * details of the entries about it. The entries themselves and their proofs stay. */
gboolean ident_forget_unfinished(
	const booking_context *context, const char *organisation, const char *session, const char *reason, GError **error);
