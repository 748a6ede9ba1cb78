/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/bytes.h"
#include "media/peer-private.h"
#include <string.h>

enum { NACK_MAX = 256 }; /* sequence numbers taken from one request */

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
static gboolean restore_retransmitted(peer *peer, sdp_kind kind, rtp_packet *packet, uint8_t *data)
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

static void forward_packet(peer *peer, sdp_kind kind, const track_packet *packet, int64_t now_us)
{
	for (guint i = 0; i < peer->receiver_count[kind]; i++)
		sender_forward(peer->receivers[kind][i], packet, now_us);
}

static void restart_receivers(peer *peer, sdp_kind kind)
{
	for (guint i = 0; i < peer->receiver_count[kind]; i++)
		sender_set_source(peer->receivers[kind][i], peer->tracks[kind]);
}

static void route_packet(peer *peer, rtp_packet *packet, uint8_t *data, int64_t now_us)
{
	const route *route = &peer->routes[packet->payload_type];
	if (route->kind == SDP_KINDS) {
		worker_add_count(peer->worker, COUNTER_UNROUTED, 1);
		return;
	}
	if (route->is_rtx && !restore_retransmitted(peer, route->kind, packet, data))
		return;
	gboolean has_restarted = FALSE;
	const track_packet *kept = track_receive(peer->tracks[route->kind], packet, now_us, &has_restarted);
	if (has_restarted)
		restart_receivers(peer, route->kind);
	if (kept != NULL)
		forward_packet(peer, route->kind, kept, now_us);
}

gboolean peer_receive_rtp(peer *peer, const uint8_t *datagram, size_t datagram_length, int64_t now_us)
{
	uint8_t *data = worker_scratch(peer->worker);
	size_t length =
		datagram_length <= MEDIA_PACKET_MAX_BYTES ? srtp_decrypt(peer->incoming, datagram, datagram_length, data) : 0;
	rtp_packet packet;
	if (length == 0 || !rtp_parse(&packet, data, length, &peer->extensions)) {
		worker_add_count(peer->worker, COUNTER_REFUSED, 1);
		return FALSE;
	}
	peer->heard_us = peer->media_us = now_us;
	note_extensions(peer, &packet, now_us);
	worker_add_count(peer->worker, COUNTER_RECEIVED, 1);
	route_packet(peer, &packet, data, now_us);
	return TRUE;
}

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
static void follow_clock(peer *peer, uint64_t ntp, int64_t now_us)
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
		follow_clock(peer, info.ntp, now_us);
	}
	on_reports(peer, packet, now_us);
}

static void on_transport_feedback(peer *peer, const rtcp_packet *packet, int64_t now_us)
{
	uint16_t sequences[NACK_MAX];
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

gboolean peer_receive_rtcp(peer *peer, const uint8_t *datagram, size_t datagram_length, int64_t now_us)
{
	const uint8_t *data = worker_scratch(peer->worker);
	size_t length = datagram_length <= MEDIA_PACKET_MAX_BYTES
				? srtcp_decrypt(peer->incoming, datagram, datagram_length, worker_scratch(peer->worker))
				: 0;
	if (length == 0) {
		worker_add_count(peer->worker, COUNTER_REFUSED, 1);
		return FALSE;
	}
	peer->heard_us = now_us;
	rtcp_packet packet;
	while (rtcp_next(&data, &length, &packet)) {
		for (guint i = 0; i < G_N_ELEMENTS(rtcp_table); i++) {
			if (rtcp_table[i].type == packet.type)
				rtcp_table[i].receive(peer, &packet, now_us);
		}
	}
	return TRUE;
}
