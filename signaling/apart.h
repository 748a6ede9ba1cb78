/* SPDX-License-Identifier: EUPL-1.2 */
/* Who of a session is questioned apart (§ 13(2) PStG knows doubts that are better asked of one alone).
 *
 * There is one other room beside the meeting's; whoever is in it neither hears nor sees the rest, and the rest not them. Two at
 * one device go together. The recording has everybody, with a chapter at each change. It ends with the meeting, or when the
 * officer vanishes. Thread: inside a job. */
#pragma once
#include "signaling/session.h"

/* In a write job: from now on just these are apart, of the session's people (persons and its officer); none: all are together.
 * Logged. SIGNALING_ERROR_NOT_FOUND for somebody who is not of the session, SIGNALING_ERROR_STATE when it is not live. */
gboolean apart_set(const booking_context *context, const session *session, const char *const *persons, size_t count,
	gboolean with_officer, GError **error);
/* In a write job: all together again, as the meeting is over. Not logged: its end is. */
gboolean apart_clear(db *db, const char *session, GError **error);

/* (transfer full) The set of those who are apart, of which `partner` sits beside one who is: the ids of persons and officer. */
GHashTable *apart_load(db *db, const session *session, GError **error);
