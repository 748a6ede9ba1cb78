/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/conductor-private.h"

#include <string.h>

static void on_placed(conductor *conductor, note *note)
{
	if (conductor_answer(note) == NULL && note->generation == conductor->generation)
		g_hash_table_remove(conductor->placed, note->text);
}

static void place_peer(conductor *conductor, const char *peer, const char *room)
{
	if (room != NULL)
		g_hash_table_insert(conductor->placed, g_strdup(peer), g_strdup(room));
	else
		g_hash_table_remove(conductor->placed, peer);
	conductor_command(
		conductor, json_pack("{s:s, s:s, s:s?}", "do", "peer.place", "peer", peer, "room", room), on_placed, peer, NULL);
}

static gboolean is_member(const score *score, const char *peer)
{
	for (guint i = 0; i < score->members->len; i++)
		if (strcmp(((score_member *)score->members->pdata[i])->peer, peer) == 0)
			return TRUE;
	return FALSE;
}

void conductor_sync_places(conductor *conductor, const score *score)
{
	const char *room = score->session->id;
	g_autoptr(GList) peers = g_hash_table_get_keys(conductor->placed);
	for (GList *item = peers; item != NULL; item = item->next)
		if (strcmp(g_hash_table_lookup(conductor->placed, item->data), room) == 0 && !is_member(score, item->data)) {
			g_autofree char *peer = g_strdup(item->data);
			place_peer(conductor, peer, NULL);
		}
	g_hash_table_remove(conductor->officers, room);
	for (guint i = 0; i < score->members->len; i++) {
		const score_member *member = score->members->pdata[i];
		if (member->is_media_up && g_strcmp0(g_hash_table_lookup(conductor->placed, member->peer), room) != 0)
			place_peer(conductor, member->peer, room);
		if (strcmp(member->name, "officer") == 0)
			g_hash_table_insert(conductor->officers, g_strdup(room), g_strdup(member->peer));
	}
}
