/* SPDX-License-Identifier: EUPL-1.2 */
/* An officer's desk: what they do just now, as it stands in the database.
 *
 *     off ─▶ paused ⇄ ready ─▶ assigned ─▶ in_session ─▶ wrap_up ─▶ ready | paused
 * Setting it touches "staff:ID" and "desk:ORGANISATION". Thread: inside a job. */
#pragma once
#include "booking/context.h"
#include "signaling/operation.h"

typedef enum { DESK_OFF, DESK_PAUSED, DESK_READY, DESK_ASSIGNED, DESK_IN_SESSION, DESK_WRAP_UP } desk_state;
#define DESK_STATES (DESK_WRAP_UP + 1)

/* "off" … as stored and as the protocol says it. */
const char *desk_state_name(desk_state state);
/* DESK_OFF for somebody without a desk; -1 on error. `*attested_ms` (may be NULL): when the room was last attested, 0 never. */
int desk_get(db *db, const char *staff, int64_t *attested_ms, GError **error);
/* In a write job. */
gboolean desk_set(db *db, const char *staff, const char *organisation, desk_state state, int64_t now_ms, GError **error);
gboolean desk_attest(db *db, const char *staff, int64_t now_ms, GError **error);

/* In write jobs: an entry about an officer in the audit log of the organisation they work for. */
gboolean desk_log(
	const booking_context *context, const char *staff, const char *organisation, const char *action, GError **error);
/* Why this officer may not take sessions: "room_not_attested" (V-02), "training_expired" (V-03), or NULL. */
const char *desk_blocked(int64_t attested_ms, int64_t trained_until_ms, int64_t now_ms);
