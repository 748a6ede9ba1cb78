/* SPDX-License-Identifier: EUPL-1.2 */
/* The people who see and hear each other, and the recording of it.
 *
 * Who comes is put into the first free slot of everybody else in the same group, and stays there until leaving; so are documents
 * while they are shown. Groups do not see or hear each other; the recording has them all.
 * Thread: its worker's. Peers are borrowed; they are on the same worker. */
#pragma once
#include "media/peer.h"

typedef struct room room;

room *room_new(const char *id, worker *worker);
/* The people must have left. */
void room_free(room *room);

const char *room_id(const room *room);
/* Somebody is in it, or it is recorded. Any thread. */
gboolean room_is_used(const room *room);
/* Also: bring into another group. FALSE with MEDIA_ERROR_LIMIT when it is full. */
gboolean room_add(room *room, peer *peer, guint group, GError **error);
void room_remove(room *room, peer *peer);
/* `fresh` takes the place of `old` in all slots: the same person with another browser. */
void room_replace(room *room, peer *old, peer *fresh);
/* A peer has more slots than before, or a document begins or ends. */
void room_refill(room *room);
peer *room_find(const room *room, const char *id);

/* At most one; borrowed, fed at each tick. */
void room_set_recorder(room *room, recorder *recorder);
recorder *room_recorder(const room *room);

void room_tick(room *room, int64_t now_us);
