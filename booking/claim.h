/* SPDX-License-Identifier: EUPL-1.2 */
/* Who has which seat when: the table claim(resource, cell), whose primary key makes an overlap impossible on every engine.
 *
 * A cell is five minutes. All cells of an appointment, buffers included, are on one seat. */
#pragma once
#include "booking/context.h"
#include "booking/office.h"

/* Claim one free seat of `office` for the appointment, ignoring cells of expired holds (which are deleted).
 * FALSE with BOOKING_ERROR_TAKEN when no seat is free over the whole span. */
gboolean claim_seat(const booking_context *context, const char *appointment, const char *office, const service *service,
	int64_t start_ms, GError **error);
/* Give back every cell of the appointment. */
gboolean claim_release(const booking_context *context, const char *appointment, GError **error);
