/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/room.h"
#include "media/error.h"
#include <string.h>

struct room {
	char *id;
	worker *worker;
	GPtrArray *peers;
	recorder *recorder;
	gint is_used; /* atomic */
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

static void note_use(room *room)
{
	g_atomic_int_set(&room->is_used, room->peers->len > 0 || room->recorder != NULL);
}

gboolean room_is_used(const room *room)
{
	return g_atomic_int_get(&room->is_used);
}

peer *room_find(const room *room, const char *id)
{
	for (guint i = 0; i < room->peers->len; i++) {
		if (strcmp(peer_id(room->peers->pdata[i]), id) == 0)
			return room->peers->pdata[i];
	}
	return NULL;
}

static int find_slot(const peer *watcher, sdp_slot_kind kind, const peer *shown)
{
	for (guint slot = 0; slot < peer_slot_count(watcher, kind); slot++) {
		if (peer_slot(watcher, kind, slot) == shown)
			return (int)slot;
	}
	return -1;
}

/* Does the watcher have this in a slot? */
static gboolean may_see(const room *room, const peer *watcher, sdp_slot_kind kind, const peer *other)
{
	return other != watcher && peer_room(watcher) == room && peer_room(other) == room &&
	       peer_group(other) == peer_group(watcher) && peer_can_fill(other, kind);
}

/* Take out who may not be seen any more. */
static gboolean empty_slots(const room *room, peer *watcher, sdp_slot_kind kind)
{
	gboolean has_changed = FALSE;
	for (guint slot = 0; slot < peer_slot_count(watcher, kind); slot++) {
		const peer *shown = peer_slot(watcher, kind, slot);
		if (shown == NULL || may_see(room, watcher, kind, shown))
			continue;
		peer_show(watcher, kind, slot, NULL);
		has_changed = TRUE;
	}
	return has_changed;
}

/* Put everybody where nobody stands yet. */
static gboolean fill_slots(const room *room, peer *watcher, sdp_slot_kind kind)
{
	gboolean has_changed = FALSE;
	for (guint i = 0; i < room->peers->len; i++) {
		peer *other = room->peers->pdata[i];
		int slot = find_slot(watcher, kind, NULL);
		if (slot < 0)
			break; /* the client offered too few */
		if (!may_see(room, watcher, kind, other) || find_slot(watcher, kind, other) >= 0)
			continue;
		peer_show(watcher, kind, (guint)slot, other);
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
		for (guint kind = 0; kind < SDP_SLOT_KINDS; kind++) {
			for (guint slot = 0; slot < peer_slot_count(watcher, (sdp_slot_kind)kind); slot++) {
				peer *shown = peer_slot(watcher, (sdp_slot_kind)kind, slot);
				if (shown != NULL)
					peer_add_receivers(shown, watcher, (sdp_slot_kind)kind, slot);
			}
		}
	}
}

static void refill(const room *room, peer *watcher)
{
	gboolean has_changed = FALSE;
	for (guint kind = 0; kind < SDP_SLOT_KINDS; kind++) {
		has_changed |= empty_slots(room, watcher, (sdp_slot_kind)kind);
		has_changed |= fill_slots(room, watcher, (sdp_slot_kind)kind);
	}
	if (has_changed)
		peer_emit_slots(watcher);
}

void room_refill(room *room)
{
	for (guint i = 0; i < room->peers->len; i++)
		refill(room, room->peers->pdata[i]);
	rewire(room);
}

gboolean room_add(room *room, peer *peer, guint group, GError **error)
{
	gboolean is_here = peer_room(peer) == room;
	if (!is_here && room->peers->len == MEDIA_ROOM_PEERS_MAX) {
		g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_LIMIT, "a room holds at most %d people", MEDIA_ROOM_PEERS_MAX);
		return FALSE;
	}
	if (!is_here)
		g_ptr_array_add(room->peers, peer);
	note_use(room);
	peer_set_room(peer, room);
	peer_set_group(peer, group);
	room_refill(room);
	return TRUE;
}

void room_remove(room *room, peer *peer)
{
	g_ptr_array_remove(room->peers, peer);
	note_use(room);
	peer_set_room(peer, NULL);
	peer_clear_receivers(peer);
	refill(room, peer); /* nobody of the room may be seen from outside */
	room_refill(room);
}

/* Who watched `old` watches `fresh`, in the same slots. */
static void replace_shown(peer *watcher, peer *old, peer *fresh)
{
	for (guint kind = 0; kind < SDP_SLOT_KINDS; kind++) {
		int slot = find_slot(watcher, (sdp_slot_kind)kind, old);
		if (slot >= 0)
			peer_show(watcher, (sdp_slot_kind)kind, (guint)slot, fresh);
	}
}

/* What `old` saw, `fresh` sees, as far as it has slots. */
static void inherit_slots(peer *old, peer *fresh)
{
	for (guint kind = 0; kind < SDP_SLOT_KINDS; kind++) {
		for (guint slot = 0; slot < peer_slot_count(old, (sdp_slot_kind)kind); slot++) {
			if (slot < peer_slot_count(fresh, (sdp_slot_kind)kind))
				peer_show(fresh, (sdp_slot_kind)kind, slot, peer_slot(old, (sdp_slot_kind)kind, slot));
			peer_show(old, (sdp_slot_kind)kind, slot, NULL);
		}
	}
}

void room_replace(room *room, peer *old, peer *fresh)
{
	for (guint i = 0; i < room->peers->len; i++) {
		replace_shown(room->peers->pdata[i], old, fresh);
		if (room->peers->pdata[i] == old)
			room->peers->pdata[i] = fresh;
	}
	inherit_slots(old, fresh);
	peer_clear_receivers(old);
	peer_set_room(old, NULL);
	peer_set_room(fresh, room);
	peer_set_group(fresh, peer_group(old));
	room_refill(room);
	peer_emit_slots(fresh);
}

void room_set_recorder(room *room, recorder *recorder)
{
	room->recorder = recorder;
	note_use(room);
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
