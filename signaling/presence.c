/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/presence.h"

#include "booking/audit/log.h"
#include "core/id.h"
#include "core/json.h"
#include "ident/attempt.h"
#include "signaling/error.h"
#include "signaling/limits.h"
#include "signaling/sql.h"

#include <string.h>

static gboolean is_staff(const char *participant)
{
	return id_is("staff", participant);
}

static void touch(db *db, const char *participant)
{
	store_touch(db, is_staff(participant) ? "staff:%s" : "person:%s", participant);
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

gboolean presence_log(
	db *db, const char *participant, const char *actor, const char *action, json_t *details, int64_t now_ms, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_PRESENCE_LOG, DB_TEXT("participant", participant));
	if (rows == NULL)
		return FALSE;
	if (!db_next(rows))
		return TRUE; /* somebody who is erased */
	audit_entry entry = { .organisation = db_text(rows, "organisation"),
		.actor = actor,
		.action = action,
		.subjects = { participant, db_text(rows, "session") },
		.details = details,
		.time_ms = now_ms };
	return audit_append(db, &entry, error) >= 0;
}

/* What `changed` rows mean: an error, nothing, or an entry. Takes `details`. */
static gboolean log_changed(int64_t changed, db *db, const char *participant, gboolean is_own_act, const char *action,
	json_t *details, int64_t now_ms, GError **error)
{
	g_autoptr(json_t) owned = details;
	g_autofree char *name = g_strdup_printf("%s:%s", is_staff(participant) ? "staff" : "person", participant);
	if (changed <= 0)
		return changed == 0;
	touch(db, participant);
	return presence_log(db, participant, is_own_act ? name : "system", action, owned, now_ms, error);
}

gboolean presence_is_elsewhere(db *db, const char *participant, const char *peer, gboolean *is_elsewhere, GError **error)
{
	g_autoptr(db_rows) rows =
		db_select(db, error, SQL_PRESENCE_ELSEWHERE, DB_TEXT("participant", participant), DB_TEXT("peer", peer));
	*is_elsewhere = rows != NULL && db_next(rows);
	return rows != NULL;
}

static gboolean check_here(db *db, const char *participant, const char *peer, GError **error)
{
	gboolean is_elsewhere = FALSE;
	if (!presence_is_elsewhere(db, participant, peer, &is_elsewhere, error))
		return FALSE;
	if (is_elsewhere)
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_ELSEWHERE,
			"This goes on at another device, or in another window.");
	return !is_elsewhere;
}

static int64_t signed_in_ms(db *db, const char *peer, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_PRESENCE_SIGNED_IN, DB_TEXT("peer", peer));
	return rows == NULL ? -1 : db_next(rows) ? db_int(rows, "created_ms") : 0;
}

gboolean presence_open_page(db *db, const char *participant, const char *peer, int64_t now_ms, GError **error)
{
	g_auto(presence) before = { 0 };
	if (!check_here(db, participant, peer, error) || !presence_load(db, participant, &before, error))
		return FALSE;
	gboolean is_same = g_strcmp0(before.peer, peer) == 0;
	if (is_same && before.is_connected)
		return TRUE;
	if (before.peer != NULL && !is_same && !interrupt_attempts(db, participant, now_ms, error))
		return FALSE;
	int64_t claimed_ms = signed_in_ms(db, peer, error);
	return claimed_ms >= 0 &&
	       log_changed(db_run(db, error, SQL_PRESENCE_OPEN, DB_TEXT("participant", participant), DB_TEXT("peer", peer),
				   DB_INT("claimed", claimed_ms)),
		       db, participant, TRUE, "page.opened", json_pack("{s:s}", "device", peer), now_ms, error);
}

gboolean presence_close_page(db *db, const char *participant, int64_t now_ms, GError **error)
{
	return log_changed(db_run(db, error, SQL_PRESENCE_CLOSE, DB_TEXT("participant", participant), DB_INT("now", now_ms)), db,
		participant, FALSE, "page.closed", NULL, now_ms, error);
}

gboolean presence_claim(db *db, const char *participant, const char *peer, int64_t now_ms, GError **error)
{
	int64_t changed = db_run(
		db, error, SQL_PRESENCE_CLAIM, DB_TEXT("participant", participant), DB_TEXT("peer", peer), DB_INT("now", now_ms));
	return (changed <= 0 || interrupt_attempts(db, participant, now_ms, error)) &&
	       log_changed(changed, db, participant, TRUE, "page.taken_over", json_pack("{s:s}", "device", peer), now_ms, error);
}

static gboolean set_media(db *db, const char *participant, gboolean is_up, int64_t now_ms, GError **error)
{
	db_value who = DB_TEXT("participant", participant);
	int64_t changed = is_up ? db_run(db, error, SQL_PRESENCE_MEDIA_UP, who)
				: db_run(db, error, SQL_PRESENCE_MEDIA_DOWN, who, DB_INT("now", now_ms));
	return log_changed(changed, db, participant, FALSE, is_up ? "media.connected" : "media.lost", NULL, now_ms, error);
}

gboolean presence_set_media(db *db, const char *peer, gboolean is_up, int64_t now_ms, GError **error)
{
	g_autofree char *participant = presence_participant(db, peer, error);
	if (participant == NULL)
		return error == NULL || *error == NULL;
	return set_media(db, participant, is_up, now_ms, error);
}

gboolean presence_set_state(db *db, const char *participant, gboolean audio, gboolean video, int64_t now_ms, GError **error)
{
	return log_changed(db_run(db, error, SQL_PRESENCE_STATE, DB_TEXT("participant", participant), DB_INT("audio", audio),
				   DB_INT("video", video)),
		db, participant, TRUE, "media.switched", json_pack("{s:b, s:b}", "audio", audio, "video", video), now_ms, error);
}

gboolean presence_reset(db *db, gboolean only_media, int64_t now_ms, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_PRESENCE_OPEN_ALL);
	if (rows == NULL)
		return FALSE;
	while (db_next(rows)) {
		const char *participant = db_text(rows, "participant");
		if (!set_media(db, participant, FALSE, now_ms, error) ||
			(!only_media && !presence_close_page(db, participant, now_ms, error)))
			return FALSE;
	}
	return TRUE;
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
