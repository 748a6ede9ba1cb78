/* SPDX-License-Identifier: EUPL-1.2 */
/* Who is there: persons and officers, whether their page is open and their media arrives.
 *
 * Everybody is at one device: the one that was signed in last, until they act on another one (presence_claim). Another device
 * than before interrupts the identification that runs at it (V-20: in one go).
 * Changes touch "person:ID" or "staff:ID", and are entries in the audit log. Presence is a fact about this process: it is reset
 * when `serve` starts, and pages that reconnect set it again. Thread: inside a job. */
#pragma once
#include "core/db/store.h"

/* In write jobs. A page was opened at the device `peer`; SIGNALING_ERROR_ELSEWHERE when they are at a newer one. */
gboolean presence_open_page(db *db, const char *participant, const char *peer, int64_t now_ms, GError **error);
/* Their last page was closed. */
gboolean presence_close_page(db *db, const char *participant, int64_t now_ms, GError **error);
/* They want to go on at this device, whichever is newer. Its page is opened after it. */
gboolean presence_claim(db *db, const char *participant, const char *peer, int64_t now_ms, GError **error);
/* Media of a device began or stopped to arrive. */
gboolean presence_set_media(db *db, const char *peer, gboolean is_up, int64_t now_ms, GError **error);
/* What the person switched on. */
gboolean presence_set_state(db *db, const char *participant, gboolean audio, gboolean video, int64_t now_ms, GError **error);
/* All pages and media are gone: at start, and (`only_media`) when the media server died. */
gboolean presence_reset(db *db, gboolean only_media, int64_t now_ms, GError **error);

/* In a write job: an entry about a participant, in the log that their meeting belongs into. `details` (transfer none) may be
 * NULL. Nothing is written about somebody who was erased. */
gboolean presence_log(
	db *db, const char *participant, const char *actor, const char *action, json_t *details, int64_t now_ms, GError **error);

/* Are they at another device, which is newer than this one? */
gboolean presence_is_elsewhere(db *db, const char *participant, const char *peer, gboolean *is_elsewhere, GError **error);

typedef struct presence {
	char *peer; /* NULL: was never there */
	gboolean is_connected;
	gboolean is_media_up;
	gboolean audio;
	gboolean video;
	int64_t page_lost_ms;  /* 0: is open, or was never */
	int64_t media_lost_ms; /* 0: arrives, or never did */
} presence;

/* Always fills `presence`; clear it after use. */
gboolean presence_load(db *db, const char *participant, presence *presence, GError **error);
void presence_clear(presence *presence);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(presence, presence_clear)
/* (transfer full) A set of the devices that may have a call: of a signed-in browser, not replaced by another device of the same
 * person, their session not ended. `peer`: only this one, or NULL for all. */
GHashTable *presence_wanted(db *db, const char *peer, int64_t now_ms, GError **error);
/* (transfer full) Who is at this device, or NULL. */
char *presence_participant(db *db, const char *peer, GError **error);
