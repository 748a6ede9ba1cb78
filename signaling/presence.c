/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/presence.h"

#include "core/id.h"
#include "ident/attempt.h"
#include "signaling/limits.h"
#include "signaling/sql.h"

#include <string.h>

static void touch(db *db, const char *participant)
{
	store_touch(db, id_is("staff", participant) ? "staff:%s" : "person:%s", participant);
}

static gboolean interrupt_attempts(db *db, const char *participant, int64_t now_ms, GError **error)
{
	booking_context context = { .db = db, .now_ms = now_ms, .actor = "system" };
	g_autoptr(db_rows) rows = db_select(db, error, SQL_PRESENCE_ATTEMPTS, DB_TEXT("participant", participant));
	if (rows == NULL)
		return FALSE;
	while (db_next(rows))
		if (!ident_attempt_interrupt(
			    &context, db_text(rows, "session"), db_text(rows, "person"), "device_changed", error))
			return FALSE;
	return TRUE;
}

gboolean presence_set_page(db *db, const char *participant, const char *peer, int64_t now_ms, GError **error)
{
	touch(db, participant);
	if (peer == NULL)
		return db_run(db, error, SQL_PRESENCE_CLOSE, DB_TEXT("participant", participant), DB_INT("now", now_ms)) >= 0;
	g_auto(presence) before = { 0 };
	if (!presence_load(db, participant, &before, error))
		return FALSE;
	if (before.peer != NULL && strcmp(before.peer, peer) != 0 && !interrupt_attempts(db, participant, now_ms, error))
		return FALSE;
	return db_run(db, error, SQL_PRESENCE_OPEN, DB_TEXT("participant", participant), DB_TEXT("peer", peer)) >= 0;
}

gboolean presence_set_media(db *db, const char *peer, gboolean is_up, int64_t now_ms, GError **error)
{
	g_autofree char *participant = presence_participant(db, peer, error);
	if (participant == NULL)
		return error == NULL || *error == NULL;
	touch(db, participant);
	return (is_up ? db_run(db, error, SQL_PRESENCE_MEDIA_UP, DB_TEXT("peer", peer))
		      : db_run(db, error, SQL_PRESENCE_MEDIA_DOWN, DB_TEXT("peer", peer), DB_INT("now", now_ms))) >= 0;
}

gboolean presence_set_state(db *db, const char *participant, gboolean audio, gboolean video, GError **error)
{
	touch(db, participant);
	return db_run(db, error, SQL_PRESENCE_STATE, DB_TEXT("participant", participant), DB_INT("audio", audio),
		       DB_INT("video", video)) >= 0;
}

gboolean presence_reset(db *db, gboolean only_media, int64_t now_ms, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_PRESENCE_UP);
	if (rows == NULL)
		return FALSE;
	while (db_next(rows))
		touch(db, db_text(rows, "participant"));
	return db_run(db, error, SQL_PRESENCE_RESET_MEDIA, DB_INT("now", now_ms)) >= 0 &&
	       (only_media || db_run(db, error, SQL_PRESENCE_RESET_PAGES, DB_INT("now", now_ms)) >= 0);
}

gboolean presence_load(db *db, const char *participant, presence *presence, GError **error)
{
	*presence = (struct presence){ 0 };
	g_autoptr(db_rows) rows = db_select(db, error, SQL_PRESENCE_GET, DB_TEXT("participant", participant));
	if (rows == NULL)
		return FALSE;
	if (!db_next(rows))
		return TRUE;
	presence->peer = g_strdup(db_text(rows, "peer"));
	presence->is_connected = db_int(rows, "is_connected") != 0;
	presence->is_media_up = db_int(rows, "is_media_up") != 0;
	presence->audio = db_int(rows, "audio") != 0;
	presence->video = db_int(rows, "video") != 0;
	presence->page_lost_ms = db_int(rows, "page_lost_ms");
	presence->media_lost_ms = db_int(rows, "media_lost_ms");
	return TRUE;
}

void presence_clear(presence *presence)
{
	g_clear_pointer(&presence->peer, g_free);
}

GHashTable *presence_wanted(db *db, const char *peer, int64_t now_ms, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_PRESENCE_WANTED, DB_TEXT("peer", peer != NULL ? peer : "%"),
		DB_INT("now", now_ms), DB_INT("idle", now_ms - MAX(STAFF_IDLE_MS, PERSON_IDLE_MS)));
	if (rows == NULL)
		return NULL;
	GHashTable *wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	while (db_next(rows))
		g_hash_table_add(wanted, g_strdup(db_text(rows, "peer")));
	return wanted;
}

char *presence_participant(db *db, const char *peer, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_PRESENCE_BY_PEER, DB_TEXT("peer", peer));
	return rows != NULL && db_next(rows) ? g_strdup(db_text(rows, "participant")) : NULL;
}
