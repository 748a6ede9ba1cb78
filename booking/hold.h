/* SPDX-License-Identifier: EUPL-1.2 */
/* A temporary reservation of capacity while a person fills in the form.
 *
 * It is an appointment in the state "held": it claims every cell it will need, so an overlap cannot be stored. It ends by
 * booking, by release, or by the clock: an expired hold counts as free to the next claim. */
#pragma once
#include "booking/appointment.h"

/* Hold `start_ms` for `service_key` on behalf of `visitor`, who can have one hold: an earlier one is given back.
 * `address_hash` stands for the client's address, so that nobody blocks an office by being many visitors: at most
 * HOLDS_PER_ADDRESS of one are held or wait for their mail. It is erased with the end of that. NULL: not counted.
 * `key` is the client's idempotency key: a repeat returns the first answer.
 * (transfer full), NULL with TAKEN, CLOSED, LIMIT or NOT_FOUND. */
appointment *hold_new(const booking_context *context, const char *visitor, const char *address_hash, const char *office,
	const char *service_key, int64_t start_ms, const char *key, GError **error);
/* (transfer full) What this visitor held, perhaps booked meanwhile; else NULL with NOT_FOUND, or EXPIRED when its time is over. */
appointment *hold_load(const booking_context *context, const char *visitor, const char *id, GError **error);
/* More time, once: HOLD_MS from now. LIMIT after that. */
gboolean hold_extend(const booking_context *context, appointment *hold, GError **error);
gboolean hold_release(const booking_context *context, appointment *hold, GError **error);
gboolean hold_can_extend(const appointment *hold);
