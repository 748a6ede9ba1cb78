/* SPDX-License-Identifier: EUPL-1.2 */
/* Who has which seat when: the table claim(resource, cell), whose primary key makes an overlap impossible on every engine.
 *
 * A cell is five minutes. All cells of an appointment, buffers included, are on one seat. */
#pragma once
#include "booking/context.h"
#include "booking/office.h"

typedef struct {
	int64_t first;
	int64_t last;
} claim_span;

/* The cells of one appointment of `service` that starts then, with its buffers. */
claim_span claim_span_of(const service *service, int64_t start_ms);

/* Claim one free seat of `office` for the appointment; what it claimed before is given back. Cells of expired holds count as
 * free (and are deleted), as do its own. FALSE with BOOKING_ERROR_TAKEN, nothing changed, when no seat is free all the time. */
gboolean claim_seat(const booking_context *context, const char *appointment, const char *office, const service *service,
	int64_t start_ms, GError **error);
/* Give back every cell of the appointment. */
gboolean claim_release(const booking_context *context, const char *appointment, GError **error);
