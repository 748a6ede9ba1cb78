/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/peer.h"
#include "media/bandwidth.h"
#include "media/bytes.h"
#include "media/error.h"
#include "media/room.h"
#include "media/sender.h"
#include "media/twcc.h"
#include <openssl/rand.h>
#include <string.h>

enum {
	AUDIO_CLOCK_RATE = 48000,
	VIDEO_CLOCK_RATE = 90000,
	NACK_BATCH = 64, /* sequence numbers in one request */
	RTCP_BYTES = DTLS_MTU - SRTCP_OVERHEAD_MAX_BYTES,
	EXPECTED_US = 2 * G_USEC_PER_SEC, /* who sent media this shortly before falling silent is missed */
	CNAME_BYTES = 17,
	REMB_CHANGE_PERCENT = 10, /* a lower limit is told at once when it differs by this */
};

typedef enum { STATE_CONNECTING, STATE_CONNECTED, STATE_DISCONNECTED, STATE_CLOSED } peer_state;
static const char *const state_names[] = { "connecting", "connected", "disconnected", "closed" };

typedef struct {
	sender *senders[SDP_KINDS];
	peer *shown;
} slot;

/* What a payload type of the client means. */
typedef struct {
	sdp_kind kind; /* SDP_KINDS: nothing */
	gboolean is_rtx;
} route;

typedef struct {
	uint16_t length;
	uint8_t data[MEDIA_PACKET_MAX_BYTES];
} early_datagram;

struct peer {
	char *id;
	uint64_t serial;
	worker *worker;
	struct room *room;
	peer_state state;
	const char *ending; /* to be closed at the next tick, for this reason */

	ice *ice;
	gboolean is_writable;
	dtls *dtls;
	dtls_fingerprint remote;
	char *remote_ufrag;
	srtp *incoming;
	srtp_profile profile;
	guint early_count;
	early_datagram early[DTLS_EARLY_MAX];
	uint64_t session;
	guint answers;
	char cname[CNAME_BYTES];
	const char *fingerprint; /* ours */

	rtp_extension_ids extensions; /* of what comes */
	route routes[128];
	track *tracks[SDP_KINDS];
	uint8_t media_payload_type[SDP_KINDS];
	uint8_t orientation;
	sender *receivers[SDP_KINDS][MEDIA_ROOM_PEERS_MAX];
	peer *watchers[MEDIA_ROOM_PEERS_MAX]; /* who has it in a slot */
	guint receiver_count[SDP_KINDS], watcher_count;

	sender_output output;
	uint64_t packets_told, bytes_told; /* of output: already counted */
	guint slot_count;
	slot slots[MEDIA_SLOTS_MAX];

	twcc twcc;
	bandwidth bandwidth;
	uint64_t told_limit; /* the last REMB */
	gboolean has_clock;
	int64_t clock_offset; /* our NTP time minus the client's, by its fastest sender report */
	guint rtt_ms;         /* 0: unknown */

	int64_t created_us, heard_us, media_us;
	int64_t twcc_us, report_us, quality_us, sent_us; /* last done */
};

static const uint32_t clock_rates[SDP_KINDS] = { AUDIO_CLOCK_RATE, VIDEO_CLOCK_RATE };

static void emit_state(peer *peer, const char *reason)
{
	json_t *event = json_pack("{ss ss ss}", "event", "peer.state", "peer", peer->id, "state", state_names[peer->state]);
	if (reason != NULL)
		json_object_set_new(event, "reason", json_string(reason));
	if (peer->incoming != NULL)
		json_object_set_new(event, "profile", json_string(srtp_profile_name(peer->profile)));
	worker_emit(peer->worker, event);
}

static void set_state(peer *peer, peer_state state, const char *reason)
{
	if (peer->state == state)
		return;
	peer->state = state;
	emit_state(peer, reason);
}

/* The transport cannot go from inside its own callback: the tick closes. */
static void end_soon(peer *peer, const char *reason)
{
	if (peer->ending == NULL)
		peer->ending = reason;
}

/* ---- out */

static void send_dtls(void *data, const uint8_t *datagram, size_t length)
{
	peer *peer = data;
	uint8_t *out = ice_reserve(peer->ice);
	if (out == NULL || length > MEDIA_PACKET_MAX_BYTES)
		return; /* it will be sent again */
	memcpy(out, datagram, length);
	ice_commit(peer->ice, length);
}

static void send_rtcp(peer *peer, const rtcp_writer *writer)
{
	uint8_t *out = peer->output.srtp != NULL ? ice_reserve(peer->ice) : NULL;
	size_t length = out != NULL ? srtcp_encrypt(peer->output.srtp, writer->data, writer->length, out) : 0;
	if (length > 0)
		ice_commit(peer->ice, length);
}

/* Reports and feedback need a sender's SSRC; the first slot's will do, it is the client's to know. */
static uint32_t own_ssrc(const peer *peer)
{
	return peer->slot_count > 0 ? sender_ssrc(peer->slots[0].senders[SDP_AUDIO]) : 1;
}

/* A compound begins with a report, though an empty one (RFC 3550, 6.1). */
static rtcp_writer begin_feedback(const peer *peer, uint8_t buffer[RTCP_BYTES])
{
	rtcp_writer writer = { .data = buffer, .size = RTCP_BYTES };
	rtcp_write_receiver_report(&writer, own_ssrc(peer), NULL, 0);
	return writer;
}

static void send_nacks(peer *peer, int64_t now_us)
{
	uint8_t buffer[RTCP_BYTES];
	uint16_t sequences[NACK_BATCH];
	for (guint kind = 0; kind < SDP_KINDS; kind++) {
		track *track = peer->tracks[kind];
		guint count = track != NULL ? track_nacks(track, now_us, peer->rtt_ms, sequences, NACK_BATCH) : 0;
		if (count == 0)
			continue;
		rtcp_writer writer = begin_feedback(peer, buffer);
		rtcp_write_nack(&writer, own_ssrc(peer), track_ssrc(track), sequences, count);
		send_rtcp(peer, &writer);
		worker_add_count(peer->worker, COUNTER_NACKED, count);
	}
}

static void send_keyframe_request(peer *peer, int64_t now_us)
{
	uint8_t buffer[RTCP_BYTES];
	track *track = peer->tracks[SDP_VIDEO];
	if (track == NULL || !track_asks_keyframe(track, now_us))
		return;
	rtcp_writer writer = begin_feedback(peer, buffer);
	rtcp_write_pli(&writer, own_ssrc(peer), track_ssrc(track));
	send_rtcp(peer, &writer);
	worker_add_count(peer->worker, COUNTER_KEYFRAMES_ASKED, 1);
}

static void send_transport_feedback(peer *peer)
{
	uint8_t buffer[RTCP_BYTES];
	uint32_t media = peer->tracks[SDP_VIDEO] != NULL ? track_ssrc(peer->tracks[SDP_VIDEO]) : 0;
	gboolean is_more = TRUE;
	while (is_more) {
		rtcp_writer writer = begin_feedback(peer, buffer);
		size_t empty = writer.length;
		is_more = twcc_write(&peer->twcc, &writer, own_ssrc(peer), media);
		if (writer.length > empty)
			send_rtcp(peer, &writer);
	}
}

static guint shown_count(const peer *peer)
{
	guint count = 0;
	for (guint i = 0; i < peer->slot_count; i++)
		count += peer->slots[i].shown != NULL;
	return count;
}

/* What every receiver of this peer's picture can take. */
static uint64_t limit_of(const peer *peer)
{
	uint64_t limit = BANDWIDTH_CEILING;
	for (guint i = 0; i < peer->watcher_count; i++)
		limit = MIN(limit, bandwidth_share(&peer->watchers[i]->bandwidth, shown_count(peer->watchers[i])));
	return limit;
}

static void write_limit(peer *peer, rtcp_writer *writer)
{
	uint32_t media = peer->tracks[SDP_VIDEO] != NULL ? track_ssrc(peer->tracks[SDP_VIDEO]) : 0;
	if (media == 0)
		return;
	peer->told_limit = limit_of(peer);
	rtcp_write_remb(writer, own_ssrc(peer), peer->told_limit, &media, 1);
}

static void send_reports(peer *peer, int64_t now_us)
{
	uint8_t buffer[RTCP_BYTES];
	rtcp_writer writer = { .data = buffer, .size = sizeof(buffer) };
	rtcp_report reports[SDP_KINDS];
	guint count = 0;
	for (guint kind = 0; kind < SDP_KINDS; kind++) {
		if (peer->tracks[kind] != NULL && track_report(peer->tracks[kind], now_us, &reports[count]))
			count++;
	}
	rtcp_write_receiver_report(&writer, own_ssrc(peer), reports, count);
	rtcp_write_cname(&writer, own_ssrc(peer), peer->cname);
	write_limit(peer, &writer);
	send_rtcp(peer, &writer);
	writer.length = 0;
	for (guint i = 0; i < peer->slot_count; i++) {
		const slot *slot = &peer->slots[i];
		for (guint kind = 0; kind < SDP_KINDS; kind++) {
			rtcp_sender_info info;
			if (slot->shown != NULL && slot->shown->has_clock &&
				sender_report(slot->senders[kind], now_us, slot->shown->clock_offset, &info))
				rtcp_write_sender_report(&writer, sender_ssrc(slot->senders[kind]), &info);
		}
	}
	if (writer.length > 0)
		send_rtcp(peer, &writer);
}

/* ---- in: RTP */

static void forward(peer *peer, sdp_kind kind, const track_packet *packet, int64_t now_us)
{
	for (guint i = 0; i < peer->receiver_count[kind]; i++)
		sender_forward(peer->receivers[kind][i], packet, now_us);
}

static void note_extensions(peer *peer, const rtp_packet *packet, int64_t now_us)
{
	const typeof(packet->extension[0]) *transport = &packet->extension[RTP_EXTENSION_TRANSPORT_CC];
	if (transport->length == 2)
		twcc_note(&peer->twcc, bytes_get16(packet->data + transport->offset), now_us);
	const typeof(packet->extension[0]) *orientation = &packet->extension[RTP_EXTENSION_ORIENTATION];
	if (orientation->length == 1)
		peer->orientation = packet->data[orientation->offset] & 3;
}

/* Undo RFC 4588 in place: the original sequence number goes back into the header. FALSE when it was only padding. */
static gboolean restore(peer *peer, sdp_kind kind, rtp_packet *packet, uint8_t *data)
{
	track *track = peer->tracks[kind];
	if (packet->payload_length < 2 || track_ssrc(track) == 0)
		return FALSE;
	uint16_t sequence = bytes_get16(data + packet->payload_offset);
	memmove(data + 2, data, packet->payload_offset);
	bytes_put16(data + 2 + 2, sequence);
	bytes_put32(data + 2 + 8, track_ssrc(track));
	data[2 + 1] = (uint8_t)((data[2 + 1] & 0x80) | peer->media_payload_type[kind]);
	worker_add_count(peer->worker, COUNTER_RESTORED, 1);
	return rtp_parse(packet, data + 2, packet->length - 2u, &peer->extensions);
}

static void restart_receivers(peer *peer, sdp_kind kind)
{
	for (guint i = 0; i < peer->receiver_count[kind]; i++)
		sender_set_source(peer->receivers[kind][i], peer->tracks[kind]);
}

static void receive_rtp(peer *peer, const uint8_t *datagram, size_t datagram_length, int64_t now_us)
{
	uint8_t *data = worker_scratch(peer->worker);
	size_t length =
		datagram_length <= MEDIA_PACKET_MAX_BYTES ? srtp_decrypt(peer->incoming, datagram, datagram_length, data) : 0;
	rtp_packet packet;
	if (length == 0 || !rtp_parse(&packet, data, length, &peer->extensions)) {
		worker_add_count(peer->worker, COUNTER_REFUSED, 1);
		return;
	}
	peer->heard_us = peer->media_us = now_us;
	note_extensions(peer, &packet, now_us);
	worker_add_count(peer->worker, COUNTER_RECEIVED, 1);
	const route *route = &peer->routes[packet.payload_type];
	if (route->kind == SDP_KINDS) {
		worker_add_count(peer->worker, COUNTER_UNROUTED, 1);
		return;
	}
	if (route->is_rtx && !restore(peer, route->kind, &packet, data))
		return;
	gboolean has_restarted = FALSE;
	const track_packet *kept = track_receive(peer->tracks[route->kind], &packet, now_us, &has_restarted);
	if (has_restarted)
		restart_receivers(peer, route->kind);
	if (kept != NULL)
		forward(peer, route->kind, kept, now_us);
}

/* ---- in: RTCP */

static sender *find_sender(const peer *peer, uint32_t ssrc)
{
	for (guint i = 0; i < peer->slot_count; i++) {
		for (guint kind = 0; kind < SDP_KINDS; kind++) {
			if (sender_ssrc(peer->slots[i].senders[kind]) == ssrc)
				return peer->slots[i].senders[kind];
		}
	}
	return NULL;
}

static void on_reports(peer *peer, const rtcp_packet *packet, int64_t now_us)
{
	rtcp_report report;
	uint8_t worst = 0;
	gboolean has_report = FALSE;
	for (guint i = 0; rtcp_get_report(packet, i, &report); i++) {
		if (find_sender(peer, report.ssrc) == NULL)
			continue;
		has_report = TRUE;
		worst = MAX(worst, report.fraction_lost);
		uint32_t back = (uint32_t)(rtcp_ntp(now_us) >> 16) - report.last_report - report.delay;
		if (report.last_report != 0 && back < 60u << 16)
			peer->rtt_ms = MAX(1, (guint)((uint64_t)back * 1000 >> 16));
	}
	if (has_report)
		bandwidth_note_loss(&peer->bandwidth, worst, now_us);
}

/* The client's clock against ours: the report that came fastest is nearest to the truth; drift pulls it up slowly. */
static void note_clock(peer *peer, uint64_t ntp, int64_t now_us)
{
	int64_t offset = (int64_t)(rtcp_ntp(now_us) - ntp);
	int64_t slack = (int64_t)1 << 22; /* 1 ms of 2^32, a report */
	if (!peer->has_clock || offset < peer->clock_offset)
		peer->clock_offset = offset;
	else /* any two of them can be further apart than a signed number holds: the client says what it likes */
		peer->clock_offset += (int64_t)MIN((uint64_t)slack, (uint64_t)offset - (uint64_t)peer->clock_offset);
	peer->has_clock = TRUE;
}

static void on_sender_report(peer *peer, const rtcp_packet *packet, int64_t now_us)
{
	rtcp_sender_info info;
	if (!rtcp_get_sender_info(packet, &info))
		return;
	for (guint kind = 0; kind < SDP_KINDS; kind++) {
		if (peer->tracks[kind] == NULL || track_ssrc(peer->tracks[kind]) != rtcp_get_sender(packet))
			continue;
		track_note_sender_report(peer->tracks[kind], &info, now_us);
		note_clock(peer, info.ntp, now_us);
	}
	on_reports(peer, packet, now_us);
}

static void on_transport_feedback(peer *peer, const rtcp_packet *packet, int64_t now_us)
{
	uint16_t sequences[NACK_BATCH * 4];
	sender *sender = find_sender(peer, rtcp_get_media(packet));
	if (sender == NULL || packet->count != RTCP_FORMAT_NACK)
		return;
	guint count = rtcp_get_nack(packet, sequences, G_N_ELEMENTS(sequences));
	sender_retransmit(sender, sequences, count, now_us);
	worker_add_count(peer->worker, COUNTER_RETRANSMITTED, count);
}

static void on_payload_feedback(peer *peer, const rtcp_packet *packet, int64_t now_us)
{
	(void)now_us;
	uint64_t bitrate;
	sender *sender = find_sender(peer, rtcp_get_media(packet));
	if (rtcp_get_remb(packet, &bitrate))
		bandwidth_note_remb(&peer->bandwidth, bitrate);
	else if (sender != NULL && (packet->count == RTCP_FORMAT_PLI || packet->count == RTCP_FORMAT_FIR))
		sender_want_keyframe(sender);
}

static const struct {
	uint8_t type;
	void (*receive)(peer *peer, const rtcp_packet *packet, int64_t now_us);
} rtcp_table[] = {
	{ RTCP_SENDER_REPORT, on_sender_report },
	{ RTCP_RECEIVER_REPORT, on_reports },
	{ RTCP_TRANSPORT_FEEDBACK, on_transport_feedback },
	{ RTCP_PAYLOAD_FEEDBACK, on_payload_feedback },
};

static void receive_rtcp(peer *peer, const uint8_t *datagram, size_t datagram_length, int64_t now_us)
{
	const uint8_t *data = worker_scratch(peer->worker);
	size_t length = datagram_length <= MEDIA_PACKET_MAX_BYTES
				? srtcp_decrypt(peer->incoming, datagram, datagram_length, worker_scratch(peer->worker))
				: 0;
	if (length == 0) {
		worker_add_count(peer->worker, COUNTER_REFUSED, 1);
		return;
	}
	peer->heard_us = now_us;
	rtcp_packet packet;
	while (rtcp_next(&data, &length, &packet)) {
		for (guint i = 0; i < G_N_ELEMENTS(rtcp_table); i++) {
			if (rtcp_table[i].type == packet.type)
				rtcp_table[i].receive(peer, &packet, now_us);
		}
	}
}

/* ---- in: DTLS */

static void want_keyframes(peer *peer)
{
	for (guint i = 0; i < peer->slot_count; i++)
		sender_want_keyframe(peer->slots[i].senders[SDP_VIDEO]);
}

static void on_dtls_state(peer *peer, dtls_state state)
{
	switch (state) {
	case DTLS_CONNECTED:
		if (peer->incoming == NULL) {
			peer->profile = dtls_keys(peer->dtls, &peer->incoming, &peer->output.srtp);
			set_state(peer, STATE_CONNECTED, NULL);
			want_keyframes(peer);
		}
		break;
	case DTLS_MISMATCH:
		end_soon(peer, "fingerprint_mismatch");
		break;
	case DTLS_FAILED:
		end_soon(peer, "dtls_failed");
		break;
	case DTLS_CLOSED:
		end_soon(peer, "bye");
		break;
	default:
		break;
	}
}

static void receive_dtls(peer *peer, const uint8_t *datagram, size_t length)
{
	if (peer->is_writable) {
		on_dtls_state(peer, dtls_receive(peer->dtls, datagram, length));
	} else if (peer->early_count < DTLS_EARLY_MAX && length <= MEDIA_PACKET_MAX_BYTES) {
		/* The client may find its way sooner than we find ours. */
		early_datagram *early = &peer->early[peer->early_count++];
		early->length = (uint16_t)length;
		memcpy(early->data, datagram, length);
	}
}

/* RFC 7983: which protocol a datagram is. libnice took STUN. */
static void on_datagram(void *data, uint8_t *datagram, size_t length)
{
	peer *peer = data;
	int64_t now_us = g_get_monotonic_time();
	if (length == 0 || peer->ending != NULL)
		return;
	if (datagram[0] >= 20 && datagram[0] <= 63)
		receive_dtls(peer, datagram, length);
	else if (datagram[0] >= 128 && datagram[0] <= 191 && peer->incoming != NULL)
		(rtp_is_rtcp(datagram, length) ? receive_rtcp : receive_rtp)(peer, datagram, length, now_us);
}

static void on_path(void *data, gboolean is_writable)
{
	peer *peer = data;
	peer->is_writable = is_writable;
	if (!is_writable) {
		end_soon(peer, "consent_expired");
		return;
	}
	guint count = peer->early_count;
	peer->early_count = 0;
	for (guint i = 0; i < count; i++)
		on_dtls_state(peer, dtls_receive(peer->dtls, peer->early[i].data, peer->early[i].length));
}

static const ice_events ice_table = { .receive = on_datagram, .changed = on_path };

/* ---- life */

peer *peer_new(const peer_options *options, const char *id, const sdp_offer *offer, worker *worker, GError **error)
{
	static gint serials;
	g_autoptr(peer) peer = g_new0(struct peer, 1);
	uint8_t random[(CNAME_BYTES - 1) / 2];
	peer->id = g_strdup(id);
	peer->serial = (uint64_t)g_atomic_int_add(&serials, 1) + 1;
	peer->worker = worker;
	peer->state = STATE_CONNECTING;
	peer->remote = offer->fingerprint;
	peer->fingerprint = dtls_identity_fingerprint(options->identity);
	peer->created_us = g_get_monotonic_time();
	RAND_bytes(random, sizeof(random));
	for (guint i = 0; i < sizeof(random); i++)
		g_snprintf(peer->cname + 2 * i, 3, "%02x", random[i]);
	RAND_bytes((unsigned char *)&peer->session, sizeof(peer->session));
	peer->session >>= 2; /* 62 bits, RFC 8829, 5.2.1 */
	bandwidth_init(&peer->bandwidth);
	peer->dtls = dtls_new(options->identity, &peer->remote, send_dtls, peer);
	peer->ice = ice_new(&options->ice, worker_context(worker), worker_outbox(worker), &ice_table, peer, error);
	peer->output.ice = peer->ice;
	return peer->ice != NULL ? g_steal_pointer(&peer) : NULL;
}

/* Everything that reaches out. */
static void release_transport(peer *peer)
{
	g_clear_pointer(&peer->ice, ice_free);
	g_clear_pointer(&peer->dtls, dtls_free);
	g_clear_pointer(&peer->incoming, srtp_free);
	g_clear_pointer(&peer->output.srtp, srtp_free);
}

void peer_free(peer *peer)
{
	if (peer == NULL)
		return;
	release_transport(peer);
	for (guint kind = 0; kind < SDP_KINDS; kind++) {
		track_free(peer->tracks[kind]);
		for (guint i = 0; i < peer->slot_count; i++)
			sender_free(peer->slots[i].senders[kind]);
	}
	g_free(peer->remote_ufrag);
	g_free(peer->id);
	g_free(peer);
}

void peer_close(peer *peer, const char *reason)
{
	if (peer->state == STATE_CLOSED)
		return;
	if (peer->room != NULL)
		room_remove(peer->room, peer);
	dtls_close(peer->dtls);
	set_state(peer, STATE_CLOSED, reason);
	release_transport(peer);
}

static void set_route(peer *peer, uint8_t payload_type, sdp_kind kind, gboolean is_rtx)
{
	if (payload_type != 0)
		peer->routes[payload_type] = (route){ kind, is_rtx };
}

static void merge_extensions(peer *peer, const sdp_offer *offer)
{
	memset(&peer->extensions, 0, sizeof(peer->extensions));
	for (guint i = 0; i < offer->media_count; i++) {
		for (guint j = 0; j < RTP_EXTENSION_COUNT; j++) {
			if (offer->media[i].extensions.id[j] != 0)
				peer->extensions.id[j] = offer->media[i].extensions.id[j];
		}
	}
	peer->output.extensions = peer->extensions;
	peer->output.extensions.id[RTP_EXTENSION_TRANSPORT_CC] = 0; /* sdp.c: upward only */
}

static void set_own(peer *peer, const sdp_offer *offer)
{
	for (guint i = 0; i < G_N_ELEMENTS(peer->routes); i++)
		peer->routes[i].kind = SDP_KINDS;
	for (guint kind = 0; kind < SDP_KINDS; kind++) {
		if (offer->own[kind] < 0)
			continue;
		const sdp_media *media = &offer->media[offer->own[kind]];
		if (peer->tracks[kind] == NULL)
			peer->tracks[kind] = track_new(media->codec, clock_rates[kind], kind == SDP_VIDEO);
		track_set_ssrc(peer->tracks[kind], media->ssrc);
		peer->media_payload_type[kind] = media->payload_type;
		set_route(peer, media->payload_type, (sdp_kind)kind, FALSE);
		set_route(peer, media->rtx_payload_type, (sdp_kind)kind, TRUE);
	}
}

static void set_slots(peer *peer, const sdp_offer *offer)
{
	for (; peer->slot_count < offer->slot_count; peer->slot_count++) {
		for (guint kind = 0; kind < SDP_KINDS; kind++)
			peer->slots[peer->slot_count].senders[kind] = sender_new(&peer->output, clock_rates[kind]);
	}
	for (guint i = 0; i < offer->slot_count; i++) {
		for (guint kind = 0; kind < SDP_KINDS; kind++) {
			const sdp_media *media = offer->slots[i][kind] >= 0 ? &offer->media[offer->slots[i][kind]] : NULL;
			sender_set_codec(peer->slots[i].senders[kind], media != NULL ? media->codec : RTP_CODEC_NONE,
				media != NULL ? media->payload_type : 0, media != NULL ? media->rtx_payload_type : 0);
		}
	}
}

static char *write_answer(peer *peer, const sdp_offer *offer)
{
	sdp_answer answer = {
		.session = peer->session,
		.version = ++peer->answers,
		.fingerprint = peer->fingerprint,
		.ufrag = ice_ufrag(peer->ice),
		.password = ice_password(peer->ice),
		.candidates = ice_candidates(peer->ice),
		.cname = peer->cname,
	};
	for (guint i = 0; i < peer->slot_count; i++) {
		for (guint kind = 0; kind < SDP_KINDS; kind++) {
			answer.slots[i][kind].ssrc = sender_ssrc(peer->slots[i].senders[kind]);
			answer.slots[i][kind].rtx_ssrc = sender_rtx_ssrc(peer->slots[i].senders[kind]);
		}
	}
	return sdp_answer_write(offer, &answer);
}

char *peer_negotiate(peer *peer, const sdp_offer *offer, GError **error)
{
	gboolean is_first = peer->remote_ufrag == NULL, is_restart = !is_first && strcmp(peer->remote_ufrag, offer->ufrag) != 0;
	if ((is_restart && !ice_restart(peer->ice)) ||
		((is_first || is_restart) && !ice_set_remote(peer->ice, offer->ufrag, offer->password))) {
		g_set_error_literal(error, MEDIA_ERROR, MEDIA_ERROR_SDP, "ice-ufrag or ice-pwd cannot be used");
		return NULL;
	}
	g_free(peer->remote_ufrag);
	peer->remote_ufrag = g_strdup(offer->ufrag);
	merge_extensions(peer, offer);
	set_own(peer, offer);
	set_slots(peer, offer);
	if (is_first)
		emit_state(peer, NULL);
	if (peer->room != NULL)
		room_refill(peer->room);
	return write_answer(peer, offer);
}

gboolean peer_is_same_browser(const peer *peer, const sdp_offer *offer)
{
	return dtls_fingerprint_equal(&peer->remote, &offer->fingerprint);
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
		ice_attach(peer->ice, worker_context(worker), worker_outbox(worker));
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

gboolean peer_is_closed(const peer *peer)
{
	return peer->state == STATE_CLOSED;
}

struct room *peer_room(const peer *peer)
{
	return peer->room;
}

void peer_set_room(peer *peer, struct room *room)
{
	peer->room = room;
}

guint peer_slot_count(const peer *peer)
{
	return peer->slot_count;
}

peer *peer_slot(const peer *peer, guint slot)
{
	return peer->slots[slot].shown;
}

void peer_show(peer *peer, guint slot, struct peer *other)
{
	peer->slots[slot].shown = other;
	for (guint kind = 0; kind < SDP_KINDS; kind++)
		sender_set_source(peer->slots[slot].senders[kind], other != NULL ? other->tracks[kind] : NULL);
}

void peer_clear_receivers(peer *peer)
{
	memset(peer->receiver_count, 0, sizeof(peer->receiver_count));
	peer->watcher_count = 0;
}

void peer_add_receivers(peer *peer, struct peer *watcher, guint slot)
{
	for (guint kind = 0; kind < SDP_KINDS; kind++) {
		sender *sender = watcher->slots[slot].senders[kind];
		if (peer->tracks[kind] == NULL)
			continue;
		if (sender_source(sender) != peer->tracks[kind]) /* a track that was negotiated later */
			sender_set_source(sender, peer->tracks[kind]);
		peer->receivers[kind][peer->receiver_count[kind]++] = sender;
	}
	peer->watchers[peer->watcher_count++] = watcher;
}

void peer_emit_slots(const peer *peer)
{
	json_t *slots = json_array();
	for (guint i = 0; i < peer->slot_count; i++) {
		const struct peer *shown = peer->slots[i].shown;
		json_array_append_new(slots, shown != NULL ? json_string(shown->id) : json_null());
	}
	worker_emit(peer->worker, json_pack("{ss ss so}", "event", "peer.slots", "peer", peer->id, "slots", slots));
}

track *peer_track(const peer *peer, sdp_kind kind)
{
	return peer->tracks[kind];
}

uint8_t peer_orientation(const peer *peer)
{
	return peer->orientation;
}

/* ---- time */

static void emit_quality(peer *peer, int64_t passed_us)
{
	track_statistics total[SDP_KINDS] = { 0 };
	guint received = 0, lost = 0, bytes = 0;
	for (guint kind = 0; kind < SDP_KINDS; kind++) {
		if (peer->tracks[kind] == NULL)
			continue;
		track_take_statistics(peer->tracks[kind], &total[kind]);
		received += total[kind].received;
		lost += total[kind].lost;
		bytes += total[kind].bytes;
	}
	const track_statistics *audio = &total[SDP_AUDIO], *video = &total[SDP_VIDEO];
	json_t *event = json_pack("{ss ss si sI}", "event", "peer.quality", "peer", peer->id, "fps",
		(int)((video->frames * (int64_t)G_USEC_PER_SEC + passed_us / 2) / passed_us), "up_kbps",
		(json_int_t)((int64_t)bytes * 8000 / passed_us));
	if (received + lost > 0)
		json_object_set_new(event, "loss_percent", json_real((int)(lost * 1000.0 / (received + lost)) / 10.0));
	if (peer->rtt_ms != 0)
		json_object_set_new(event, "rtt_ms", json_integer(peer->rtt_ms));
	if (video->width != 0) {
		gboolean is_turned = peer->orientation & 1;
		json_object_set_new(event, "width", json_integer(is_turned ? video->height : video->width));
		json_object_set_new(event, "height", json_integer(is_turned ? video->width : video->height));
	}
	if (audio->has_audio_level)
		json_object_set_new(event, "audio_level", json_integer(audio->audio_level));
	worker_emit(peer->worker, event);
}

/* TRUE when `interval_ms` passed since `last`, which is then set. */
static gboolean is_due(int64_t *last, int64_t now_us, gint interval_ms)
{
	if (now_us - *last < (int64_t)interval_ms * 1000)
		return FALSE;
	*last = now_us;
	return TRUE;
}

/* RFC 7675's thirty seconds, by what arrives. A client that has nothing to send is left to the agent's own checks. */
static void check_life(peer *peer, int64_t now_us)
{
	int64_t silent_ms = (now_us - peer->heard_us) / 1000;
	gboolean is_missed = peer->heard_us != 0 && peer->heard_us - peer->media_us < EXPECTED_US;
	if (peer->state == STATE_CONNECTING) {
		if ((now_us - peer->created_us) / 1000 > PEER_CONNECT_TIMEOUT_MS)
			end_soon(peer, peer->is_writable ? "dtls_timeout" : "ice_timeout");
	} else if (is_missed && silent_ms > PEER_CONSENT_TIMEOUT_MS) {
		end_soon(peer, "consent_expired");
	} else {
		set_state(peer, is_missed && silent_ms > PEER_DISCONNECTED_AFTER_MS ? STATE_DISCONNECTED : STATE_CONNECTED, NULL);
	}
}

/* How much goes to this peer, once a second. */
static void note_sent(peer *peer, int64_t now_us)
{
	int64_t passed_us = now_us - peer->sent_us;
	if (!is_due(&peer->sent_us, now_us, PEER_REPORT_INTERVAL_MS))
		return;
	bandwidth_note_sent(&peer->bandwidth, (peer->output.bytes - peer->bytes_told) * 8 * G_USEC_PER_SEC / (uint64_t)passed_us);
	peer->bytes_told = peer->output.bytes;
}

static void send_feedback(peer *peer, int64_t now_us)
{
	note_sent(peer, now_us);
	send_nacks(peer, now_us);
	send_keyframe_request(peer, now_us);
	if (is_due(&peer->twcc_us, now_us, PEER_TWCC_INTERVAL_MS))
		send_transport_feedback(peer);
	gboolean is_lower = limit_of(peer) * 100 < peer->told_limit * (100 - REMB_CHANGE_PERCENT);
	if (is_lower || is_due(&peer->report_us, now_us, PEER_REPORT_INTERVAL_MS))
		send_reports(peer, now_us);
	int64_t before_us = peer->quality_us;
	if (peer->room != NULL && is_due(&peer->quality_us, now_us, PEER_QUALITY_INTERVAL_MS) && before_us != 0)
		emit_quality(peer, now_us - before_us);
}

void peer_tick(peer *peer, int64_t now_us)
{
	if (peer->state == STATE_CLOSED)
		return;
	if (peer->incoming == NULL && peer->is_writable)
		on_dtls_state(peer, dtls_tick(peer->dtls));
	check_life(peer, now_us);
	if (peer->ending != NULL) {
		peer_close(peer, peer->ending);
		return;
	}
	worker_add_count(peer->worker, COUNTER_FORWARDED, (guint)(peer->output.packets - peer->packets_told));
	peer->packets_told = peer->output.packets;
	if (peer->output.srtp != NULL)
		send_feedback(peer, now_us);
}
