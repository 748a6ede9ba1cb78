/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/room.h"
#include "media/error.h"
#include <string.h>

struct room {
	char *id;
	worker *worker;
	GPtrArray *peers;
	recorder *recorder;
};

room *room_new(const char *id, worker *worker)
{
	room *room = g_new0(struct room, 1);
	room->id = g_strdup(id);
	room->worker = worker;
	room->peers = g_ptr_array_new();
	worker_add_room(worker, room);
	return room;
}

void room_free(room *room)
{
	if (room == NULL)
		return;
	worker_remove_room(room->worker, room);
	g_ptr_array_unref(room->peers);
	g_free(room->id);
	g_free(room);
}

const char *room_id(const room *room)
{
	return room->id;
}

guint room_count(const room *room)
{
	return room->peers->len;
}

peer *room_find(const room *room, const char *id)
{
	for (guint i = 0; i < room->peers->len; i++) {
		if (strcmp(peer_id(room->peers->pdata[i]), id) == 0)
			return room->peers->pdata[i];
	}
	return NULL;
}

static int find_slot(const peer *watcher, const peer *shown)
{
	for (guint slot = 0; slot < peer_slot_count(watcher); slot++) {
		if (peer_slot(watcher, slot) == shown)
			return (int)slot;
	}
	return -1;
}

/* Put everybody where nobody stands yet. Returns whether the watcher's slots changed. */
static gboolean fill_slots(const room *room, peer *watcher)
{
	gboolean has_changed = FALSE;
	for (guint i = 0; i < room->peers->len; i++) {
		peer *other = room->peers->pdata[i];
		if (other == watcher || find_slot(watcher, other) >= 0)
			continue;
		int slot = find_slot(watcher, NULL);
		if (slot < 0)
			break; /* the client offered too few */
		peer_show(watcher, (guint)slot, other);
		has_changed = TRUE;
	}
	return has_changed;
}

/* Tell every track who receives it now. */
static void rewire(const room *room)
{
	for (guint i = 0; i < room->peers->len; i++)
		peer_clear_receivers(room->peers->pdata[i]);
	for (guint i = 0; i < room->peers->len; i++) {
		peer *watcher = room->peers->pdata[i];
		for (guint slot = 0; slot < peer_slot_count(watcher); slot++) {
			if (peer_slot(watcher, slot) != NULL)
				peer_add_receivers(peer_slot(watcher, slot), watcher, slot);
		}
	}
}

void room_refill(room *room)
{
	for (guint i = 0; i < room->peers->len; i++) {
		if (fill_slots(room, room->peers->pdata[i]))
			peer_emit_slots(room->peers->pdata[i]);
	}
	rewire(room);
}

gboolean room_add(room *room, peer *peer, GError **error)
{
	if (room->peers->len == MEDIA_ROOM_PEERS_MAX) {
		g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_LIMIT, "a room holds at most %d people", MEDIA_ROOM_PEERS_MAX);
		return FALSE;
	}
	g_ptr_array_add(room->peers, peer);
	peer_set_room(peer, room);
	room_refill(room);
	return TRUE;
}

static void clear_slots(peer *watcher, const peer *shown)
{
	gboolean has_changed = FALSE;
	for (guint slot = 0; slot < peer_slot_count(watcher); slot++) {
		if (peer_slot(watcher, slot) != NULL && (shown == NULL || peer_slot(watcher, slot) == shown)) {
			peer_show(watcher, slot, NULL);
			has_changed = TRUE;
		}
	}
	if (has_changed)
		peer_emit_slots(watcher);
}

void room_remove(room *room, peer *peer)
{
	g_ptr_array_remove(room->peers, peer);
	peer_set_room(peer, NULL);
	peer_clear_receivers(peer);
	clear_slots(peer, NULL);
	for (guint i = 0; i < room->peers->len; i++)
		clear_slots(room->peers->pdata[i], peer);
	room_refill(room); /* a slot may have become free for somebody who had none */
}

void room_replace(room *room, peer *old, peer *fresh)
{
	for (guint i = 0; i < room->peers->len; i++) {
		int slot = find_slot(room->peers->pdata[i], old);
		if (slot >= 0)
			peer_show(room->peers->pdata[i], (guint)slot, fresh);
		if (room->peers->pdata[i] == old)
			room->peers->pdata[i] = fresh;
	}
	for (guint slot = 0; slot < peer_slot_count(old); slot++) {
		if (slot < peer_slot_count(fresh))
			peer_show(fresh, slot, peer_slot(old, slot));
		peer_show(old, slot, NULL);
	}
	peer_clear_receivers(old);
	peer_set_room(old, NULL);
	peer_set_room(fresh, room);
	room_refill(room);
	peer_emit_slots(fresh);
}

void room_set_recorder(room *room, recorder *recorder)
{
	room->recorder = recorder;
}

recorder *room_recorder(const room *room)
{
	return room->recorder;
}

void room_tick(room *room, int64_t now_us)
{
	if (room->recorder != NULL)
		recorder_feed(room->recorder, room, now_us);
}
