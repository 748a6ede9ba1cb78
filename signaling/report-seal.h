/* SPDX-License-Identifier: EUPL-1.2 */
/* Sealing reports: ident knows what to sign, the sign process holds the key. */
#pragma once
#include "signaling/operation.h"

/* Let the report be signed and stored with its proofs; one that is sealed already stays. Blocks some seconds at most.
 * SIGNALING_ERROR_BUSY when the signer is away: try later. Thread: a pool thread. */
gboolean report_seal(const request *request, const char *report, GError **error);
