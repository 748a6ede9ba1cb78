/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/clock.h"
#include "core/log.h"
#include "signaling/conductor-private.h"
#include "signaling/presence.h"

#include <string.h>

static void on_placed(conductor *conductor, note *note)
{
	if (conductor_answer(note) == NULL && note->generation == conductor->generation)
		g_hash_table_remove(conductor->placed, note->text);
}

void conductor_place_free(gpointer data)
{
	place *place = data;
	g_free(place->room);
	g_free(place);
}

void conductor_note_place(conductor *conductor, const char *peer, const char *room, gboolean is_apart)
{
	place *noted = g_new(place, 1);
	*noted = (place){ g_strdup(room), is_apart };
	g_hash_table_insert(conductor->placed, g_strdup(peer), noted);
}

static void place_peer(conductor *conductor, const char *peer, const char *room, gboolean is_apart)
{
	if (room != NULL)
		conductor_note_place(conductor, peer, room, is_apart);
	else
		g_hash_table_remove(conductor->placed, peer);
	conductor_command(conductor,
		json_pack("{s:s, s:s, s:s?, s:i}", "do", "peer.place", "peer", peer, "room", room, "group", is_apart ? 1 : 0),
		on_placed, peer, NULL);
}

static gboolean is_placed(const conductor *conductor, const score_member *member, const char *room)
{
	const place *place = g_hash_table_lookup(conductor->placed, member->peer);
	return place != NULL && strcmp(place->room, room) == 0 && place->is_apart == member->is_apart;
}

static gboolean is_member(const score *score, const char *peer)
{
	for (guint i = 0; i < score->members->len; i++)
		if (strcmp(((score_member *)score->members->pdata[i])->peer, peer) == 0)
			return TRUE;
	return FALSE;
}

/* Belongs to the room, or will again as soon as its page found this process. */
static gboolean may_stay(conductor *conductor, const score *score, const char *peer)
{
	if (is_member(score, peer)) {
		g_hash_table_remove(conductor->found, peer);
		return TRUE;
	}
	return g_hash_table_contains(conductor->found, peer) &&
	       g_ptr_array_find_with_equal_func(score->away, peer, g_str_equal, NULL);
}

void conductor_sync_places(conductor *conductor, const score *score)
{
	const char *room = score->session->id;
	g_autoptr(GList) peers = g_hash_table_get_keys(conductor->placed);
	for (GList *item = peers; item != NULL; item = item->next)
		if (strcmp(((place *)g_hash_table_lookup(conductor->placed, item->data))->room, room) == 0 &&
			!may_stay(conductor, score, item->data)) {
			g_autofree char *peer = g_strdup(item->data);
			place_peer(conductor, peer, NULL, FALSE);
		}
	g_hash_table_remove(conductor->officers, room);
	for (guint i = 0; i < score->members->len; i++) {
		const score_member *member = score->members->pdata[i];
		if (member->is_media_up && !is_placed(conductor, member, room))
			place_peer(conductor, member->peer, room, member->is_apart);
		if (strcmp(member->name, "officer") == 0)
			g_hash_table_insert(conductor->officers, g_strdup(room), g_strdup(member->peer));
	}
}

void conductor_forget_peer(conductor *conductor, const char *peer)
{
	g_hash_table_remove(conductor->placed, peer);
	g_hash_table_remove(conductor->found, peer);
	g_hash_table_remove(conductor->peers, peer);
}

static void on_closed(conductor *conductor, note *note)
{
	(void)conductor;
	if (conductor_answer(note) == NULL)
		log_warning("peer not closed", LOG_TEXT("peer", note->text), LOG_TEXT("reason", conductor_refusal(note)));
}

static gboolean load_wanted(db *db, gpointer data, GError **error)
{
	GHashTable **wanted = data;
	*wanted = presence_wanted(db, NULL, clock_now_ms(), error);
	return *wanted != NULL;
}

void conductor_close_peers(conductor *conductor)
{
	g_autoptr(GHashTable) wanted = NULL;
	GError *error = NULL;
	if (!conductor->is_up || g_hash_table_size(conductor->peers) == 0)
		return;
	if (!store_read(app_store(conductor->app), load_wanted, &wanted, &error)) {
		conductor_report("devices not read", error);
		return;
	}
	g_autoptr(GList) peers = g_hash_table_get_keys(conductor->peers);
	for (GList *item = peers; item != NULL; item = item->next) {
		if (g_hash_table_contains(wanted, item->data))
			continue;
		g_autofree char *peer = g_strdup(item->data);
		conductor_forget_peer(conductor, peer);
		conductor_command(conductor, json_pack("{s:s, s:s}", "do", "peer.close", "peer", peer), on_closed, peer, NULL);
	}
}
