/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/peer-private.h"
#include "media/room.h"
#include <openssl/rand.h>
#include <string.h>

enum { EXPECTED_US = 2 * G_USEC_PER_SEC }; /* who sent media this shortly before falling silent is missed */

static const char *const state_names[] = { "connecting", "connected", "disconnected", "closed" };

void peer_emit_state(peer *peer, const char *reason)
{
	json_t *event = json_pack("{ss ss ss}", "event", "peer.state", "peer", peer->id, "state", state_names[peer->state]);
	if (reason != NULL)
		json_object_set_new(event, "reason", json_string(reason));
	if (peer->incoming != NULL)
		json_object_set_new(event, "profile", json_string(srtp_profile_name(peer->profile)));
	worker_emit(peer->worker, event);
}

void peer_set_state(peer *peer, peer_state state, const char *reason)
{
	if (peer->state == state)
		return;
	__atomic_store_n(&peer->state, state, __ATOMIC_RELEASE);
	peer_emit_state(peer, reason);
}

void peer_end_soon(peer *peer, const char *reason)
{
	if (peer->ending == NULL)
		peer->ending = reason;
}

peer *peer_new(const peer_options *options, const char *id, const sdp_offer *offer, worker *worker, GError **error)
{
	static gint serials;
	g_autoptr(peer) peer = g_new0(struct peer, 1);
	uint8_t random[(PEER_CNAME_BYTES - 1) / 2];
	peer->id = g_strdup(id);
	peer->serial = (uint64_t)g_atomic_int_add(&serials, 1) + 1;
	peer->worker = worker;
	peer->state = PEER_CONNECTING;
	peer->remote = offer->fingerprint;
	peer->fingerprint = dtls_identity_fingerprint(options->identity);
	peer->created_us = g_get_monotonic_time();
	RAND_bytes(random, sizeof(random));
	for (guint i = 0; i < sizeof(random); i++)
		g_snprintf(peer->cname + 2 * i, 3, "%02x", random[i]);
	RAND_bytes((unsigned char *)&peer->session, sizeof(peer->session));
	peer->session >>= 2; /* 62 bits, RFC 8829, 5.2.1 */
	peer->light = -1;
	bandwidth_init(&peer->bandwidth);
	return peer_open_transport(peer, options, error) ? g_steal_pointer(&peer) : NULL;
}

void peer_free(peer *peer)
{
	if (peer == NULL)
		return;
	peer_close_transport(peer);
	for (guint stream = 0; stream < SDP_STREAMS; stream++)
		track_free(peer->tracks[stream]);
	sender *sender;
	for (peer_senders senders = { .peer = peer }; (sender = peer_next_sender(&senders)) != NULL;)
		sender_free(sender);
	g_free(peer->remote_ufrag);
	g_free(peer->id);
	g_free(peer);
}

void peer_close(peer *peer, const char *reason)
{
	if (peer->state == PEER_CLOSED)
		return;
	if (peer->room != NULL)
		room_remove(peer->room, peer);
	dtls_close(peer->dtls);
	peer_set_state(peer, PEER_CLOSED, reason);
	peer_close_transport(peer);
}

void peer_detach(peer *peer)
{
	worker_remove_peer(peer->worker, peer);
	if (peer->ice != NULL)
		ice_detach(peer->ice);
}

void peer_attach(peer *peer, worker *worker)
{
	peer->worker = worker;
	worker_add_peer(worker, peer);
	if (peer->ice != NULL)
		ice_attach(peer->ice, worker_loop(worker));
}

const char *peer_id(const peer *peer)
{
	return peer->id;
}

uint64_t peer_serial(const peer *peer)
{
	return peer->serial;
}

worker *peer_worker(const peer *peer)
{
	return peer->worker;
}

const char *peer_state_name(const peer *peer)
{
	return state_names[peer->state];
}

gboolean peer_is_closed(const peer *peer)
{
	return __atomic_load_n(&peer->state, __ATOMIC_ACQUIRE) == PEER_CLOSED;
}

struct room *peer_room(const peer *peer)
{
	return peer->room;
}

void peer_set_room(peer *peer, struct room *room)
{
	peer->room = room;
}

track *peer_track(const peer *peer, sdp_stream stream)
{
	return peer->tracks[stream];
}

uint8_t peer_orientation(const peer *peer, sdp_stream stream)
{
	return stream == SDP_OWN_VIDEO ? peer->orientation : 0;
}

guint peer_group(const peer *peer)
{
	return peer->group;
}

void peer_set_group(peer *peer, guint group)
{
	peer->group = group;
}

guint peer_slot_count(const peer *peer, sdp_slot_kind kind)
{
	return peer->slot_count[kind];
}

peer *peer_slot(const peer *peer, sdp_slot_kind kind, guint slot)
{
	return peer->slots[kind][slot].shown;
}

gboolean peer_can_fill(const peer *peer, sdp_slot_kind kind)
{
	return kind == SDP_SLOT_PERSON || peer->has_document;
}

sender *peer_next_sender(peer_senders *at)
{
	for (; at->kind < SDP_SLOT_KINDS; at->kind++, at->slot = 0) {
		for (; at->slot < at->peer->slot_count[at->kind]; at->slot++, at->stream = 0) {
			while (at->stream < SDP_STREAMS) {
				sender *sender = at->peer->slots[at->kind][at->slot].senders[at->stream++];
				if (sender != NULL)
					return sender;
			}
		}
	}
	return NULL;
}

void peer_show(peer *peer, sdp_slot_kind kind, guint slot, struct peer *other)
{
	peer->slots[kind][slot].shown = other;
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		if (peer->slots[kind][slot].senders[stream] != NULL)
			sender_set_source(peer->slots[kind][slot].senders[stream], other != NULL ? other->tracks[stream] : NULL);
	}
}

void peer_clear_receivers(peer *peer)
{
	memset(peer->receiver_count, 0, sizeof(peer->receiver_count));
}

void peer_add_receivers(peer *peer, struct peer *watcher, sdp_slot_kind kind, guint slot)
{
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		sender *sender = watcher->slots[kind][slot].senders[stream];
		if (peer->tracks[stream] == NULL || sender == NULL)
			continue;
		if (sender_source(sender) != peer->tracks[stream]) /* a track that was negotiated later */
			sender_set_source(sender, peer->tracks[stream]);
		peer->receivers[stream][peer->receiver_count[stream]++] = (receiver){ sender, watcher };
	}
}

static json_t *describe_slots(const peer *peer, sdp_slot_kind kind)
{
	json_t *slots = json_array();
	for (guint i = 0; i < peer->slot_count[kind]; i++) {
		const struct peer *shown = peer->slots[kind][i].shown;
		json_array_append_new(slots, shown != NULL ? json_string(shown->id) : json_null());
	}
	return slots;
}

void peer_emit_slots(const peer *peer)
{
	worker_emit(peer->worker,
		json_pack("{ss ss so so}", "event", "peer.slots", "peer", peer->id, "slots",
			describe_slots(peer, SDP_SLOT_PERSON), "documents", describe_slots(peer, SDP_SLOT_DOCUMENT)));
}

/* A document begins with its first picture and ends when none comes any more. */
static void check_document(peer *peer, int64_t now_us)
{
	const track *document = peer->tracks[SDP_OWN_DOCUMENT];
	gboolean is_shown = document != NULL && track_is_live(document, now_us);
	if (is_shown == peer->has_document)
		return;
	peer->has_document = is_shown;
	if (peer->room != NULL)
		room_refill(peer->room);
}

/* RFC 7675's thirty seconds, by what proved to be the client's. A full agent does not tell of checks: then a client that has
 * nothing to send is left to the agent's own. */
static void check_life(peer *peer, int64_t now_us)
{
	int64_t consent_us = ice_consent_us(peer->ice);
	int64_t silent_ms = (now_us - MAX(peer->heard_us, consent_us)) / 1000;
	gboolean is_missed = consent_us != 0 || (peer->heard_us != 0 && peer->heard_us - peer->media_us < EXPECTED_US);
	if (peer->state == PEER_CONNECTING) {
		if ((now_us - peer->created_us) / 1000 > PEER_CONNECT_TIMEOUT_MS)
			peer_end_soon(peer, peer->is_writable ? "dtls_timeout" : "ice_timeout");
	} else if (is_missed && silent_ms > PEER_CONSENT_TIMEOUT_MS) {
		peer_end_soon(peer, "consent_expired");
	} else {
		peer_set_state(
			peer, is_missed && silent_ms > PEER_DISCONNECTED_AFTER_MS ? PEER_DISCONNECTED : PEER_CONNECTED, NULL);
	}
}

void peer_tick(peer *peer, int64_t now_us)
{
	if (peer->state == PEER_CLOSED)
		return;
	peer_tick_transport(peer);
	check_life(peer, now_us);
	if (peer->ending != NULL) {
		peer_close(peer, peer->ending);
		return;
	}
	worker_add_count(peer->worker, COUNTER_FORWARDED, (guint)(peer->output.packets - peer->packets_told));
	peer->packets_told = peer->output.packets;
	check_document(peer, now_us);
	if (peer->output.srtp != NULL)
		peer_send_feedback(peer, now_us);
}
