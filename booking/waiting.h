/* SPDX-License-Identifier: EUPL-1.2 */
/* The waiting room. Who is in it is stored, places are computed: by planned start, then by check-in.
 * A place is kept through a reload, a lost connection and a session that broke. */
#pragma once
#include "booking/appointment.h"

/* The person (and whoever sits at the same device) is in the waiting room. `nonce` is the browser's share of the next draw, 32
 * hex digits. When everybody needed is there, the appointment is checked in. From CHECK_IN_BEFORE_MS before the start until
 * CHECK_IN_AFTER_MS after the end, else BOOKING_ERROR_CLOSED. Entering again is fine and only replaces the nonce. */
gboolean waiting_enter(const booking_context *context, const char *person, const char *nonce, GError **error);
/* The person leaves on purpose. The appointment stays checked in: the place is kept. */
gboolean waiting_leave(const booking_context *context, const char *person, GError **error);

/* One checked-in appointment that waits for an officer. */
typedef struct {
	char *appointment;
	char *responsible;
	char *office;
	char *service_key;
	char *procedure;
	char *language; /* of partner_1 */
	gboolean is_identifying;
	int duration_min;
	int64_t start_ms;
	int64_t checked_in_ms; /* first time */
	char *nonces;          /* of the persons in order of role, joined by "," */
} waiting_entry;

/* (transfer full) All that wait, of one responsible organisation or (NULL) of all, in order of place.
 * Elements are waiting_entry, freed with the array. */
GPtrArray *waiting_list(db *db, const char *responsible, GError **error);
/* Place of an appointment among those of its office: 1 is next, 0 does not wait, -1 error.
 * `*work_ms` (may be NULL) receives the planned durations of those before it, for an estimate. */
int waiting_place(db *db, const char *appointment, int64_t *work_ms, GError **error);
/* Is this person in the waiting room (has entered and not left)? */
gboolean waiting_is_present(db *db, const char *person, GError **error);
