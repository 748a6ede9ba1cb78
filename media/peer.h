/* SPDX-License-Identifier: EUPL-1.2 */
/* One device's transport and what it sends and is sent: ICE, DTLS, SRTP, its tracks, and the slots it watches others in.
 *
 * A peer exists apart from rooms. It belongs to one worker at a time; every call is on that worker's thread, but peer_new() and
 * peer_attach(), which hand it over. When it ends by itself it says so, keeps nothing open, and waits to be freed. */
#pragma once
#include "media/recorder.h"
#include "media/sdp.h"
#include "media/track.h"
#include "media/worker.h"

typedef struct peer peer;
struct room;

typedef struct {
	ice_options ice;
	const dtls_identity *identity;
} peer_options;

/* `options` outlives it. The offer is answered by peer_negotiate(). NULL with MEDIA_ERROR_TRANSPORT. */
peer *peer_new(const peer_options *options, const char *id, const sdp_offer *offer, worker *worker, GError **error);
void peer_free(peer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(peer, peer_free)

/* Answer an offer: the first, one with further slots, or one that restarts ICE. (transfer full), NULL with MEDIA_ERROR_SDP. */
char *peer_negotiate(peer *peer, const sdp_offer *offer, GError **error);
/* FALSE: the offer comes from another browser, which needs a peer of its own. */
gboolean peer_is_same_browser(const peer *peer, const sdp_offer *offer);

/* Move it to another worker: detach there, attach here. */
void peer_detach(peer *peer);
void peer_attach(peer *peer, worker *worker);

const char *peer_id(const peer *peer);
/* Another one for each peer_new(). */
uint64_t peer_serial(const peer *peer);
worker *peer_worker(const peer *peer);
/* Any thread. */
gboolean peer_is_closed(const peer *peer);
/* "connecting" …, as control.h says it. */
const char *peer_state_name(const peer *peer);
/* NULL: in none. Set by room.c. */
struct room *peer_room(const peer *peer);
void peer_set_room(peer *peer, struct room *room);
/* End it: what runs is told goodbye, and "closed" with `reason` (static) is said. It leaves its room by itself. */
void peer_close(peer *peer, const char *reason);

/* Of the room's people it sees and hears those of the same group. Set by room.c. */
guint peer_group(const peer *peer);
void peer_set_group(peer *peer, guint group);

guint peer_slot_count(const peer *peer, sdp_slot_kind kind);
peer *peer_slot(const peer *peer, sdp_slot_kind kind, guint slot);
/* Show `other` (or nobody) in a slot. */
void peer_show(peer *peer, sdp_slot_kind kind, guint slot, struct peer *other);
/* It has what such a slot shows: always somebody; a document only while it is sent. */
gboolean peer_can_fill(const peer *peer, sdp_slot_kind kind);
/* Forget who receives this peer's tracks, then be told anew: `watcher` does, in its slot. */
void peer_clear_receivers(peer *peer);
void peer_add_receivers(peer *peer, struct peer *watcher, sdp_slot_kind kind, guint slot);
/* Say "peer.slots". */
void peer_emit_slots(const peer *peer);

/* NULL when the client does not send that. */
track *peer_track(const peer *peer, sdp_stream stream);
/* Quarter turns clockwise that the stream's picture needs now (3GPP TS 26.114). */
uint8_t peer_orientation(const peer *peer, sdp_stream stream);

/* Mean brightness of its picture, 0 to 255. */
void peer_set_light(peer *peer, int light);

/* Every WORKER_TICK_MS. */
void peer_tick(peer *peer, int64_t now_us);
