/* SPDX-License-Identifier: EUPL-1.2 */
/* What both views show in the same way. Thread: inside a read job. */
#pragma once
#include "booking/appointment.h"
#include "signaling/presence.h"
#include "signaling/session.h"
#include "signaling/views.h"

/* For view_load(): everything but "media". FALSE on error. */
gboolean view_visit_fill(view *view, db *db, const actor *actor, int64_t now_ms, GError **error);
gboolean view_desk_fill(view *view, db *db, const actor *actor, int64_t now_ms, GError **error);

/* The view depends on this topic. */
void view_follow(view *view, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Set a member to `value`, or to null. Takes `value`. */
void view_set(json_t *object, const char *key, json_t *value);
json_t *view_text(const char *text); /* or null */
json_t *view_instant(int64_t ms);    /* or null for 0 */

/* The device each of `persons` is at, in `devices` (as many; cleared by the caller): the own one, or the partner's when both
 * sit at one. Connected means: in the waiting room or the meeting, with an open page. */
gboolean view_devices(db *db, const appointment *appointment, const GPtrArray *persons, presence *devices, GError **error);
/* The same for one person of a session. */
gboolean view_device_of(db *db, const char *session, const char *person, presence *device, GError **error);
/* (transfer full) Array of "person_card"; `session` may be NULL. Follows the persons. */
json_t *view_people(view *view, db *db, const appointment *appointment, const session *session, GError **error);
/* (transfer full) Type "recording". */
json_t *view_recording(db *db, const char *session, GError **error);
/* (transfer full) Array of "chat_line": what was written since then in the meeting's room (`apart` 0), the other (1), or both (-1). */
json_t *view_chat(db *db, const char *session, int64_t since_ms, int apart, GError **error);
