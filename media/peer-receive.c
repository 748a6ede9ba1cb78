/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/bytes.h"
#include "media/peer-private.h"
#include <string.h>

enum { NACK_MAX = 256 }; /* sequence numbers taken from one request */

static void note_arrival(peer *peer, const rtp_packet *packet, int64_t now_us)
{
	const typeof(packet->extension[0]) *transport = &packet->extension[RTP_EXTENSION_TRANSPORT_CC];
	if (transport->length == 2)
		twcc_note(&peer->twcc, bytes_get16(packet->data + transport->offset), now_us);
}

static void note_orientation(peer *peer, const rtp_packet *packet)
{
	const typeof(packet->extension[0]) *orientation = &packet->extension[RTP_EXTENSION_ORIENTATION];
	if (orientation->length == 1)
		peer->orientation = packet->data[orientation->offset] & 3;
}

/* Undo RFC 4588 in place: the original sequence number goes back into the header. FALSE when it was only padding. */
static gboolean restore_retransmitted(peer *peer, sdp_stream stream, rtp_packet *packet, uint8_t *data)
{
	track *track = peer->tracks[stream];
	if (packet->payload_length < 2 || track_ssrc(track) == 0)
		return FALSE;
	uint16_t sequence = bytes_get16(data + packet->payload_offset);
	memmove(data + 2, data, packet->payload_offset);
	bytes_put16(data + 2 + 2, sequence);
	bytes_put32(data + 2 + 8, track_ssrc(track));
	data[2 + 1] = (uint8_t)((data[2 + 1] & 0x80) | peer->media_payload_type[stream]);
	worker_add_count(peer->worker, COUNTER_RESTORED, 1);
	return rtp_parse(packet, data + 2, packet->length - 2u, &peer->extensions);
}

static gboolean has_mid(const rtp_packet *packet, const char *mid)
{
	const typeof(packet->extension[0]) *extension = &packet->extension[RTP_EXTENSION_MID];
	return extension->length == strlen(mid) && memcmp(packet->data + extension->offset, mid, extension->length) == 0;
}

/* Two videos have the same payload types: the SSRC tells, or else the MID, or else what is not known of one. SDP_STREAMS: none. */
static sdp_stream find_stream(const peer *peer, const route *route, const rtp_packet *packet)
{
	sdp_stream possible = SDP_STREAMS;
	for (guint stream = SDP_STREAMS; stream-- > 0;) {
		if (!route->has[stream])
			continue;
		uint32_t ssrc = route->is_rtx ? peer->rtx_ssrc[stream] : track_ssrc(peer->tracks[stream]);
		if (ssrc == packet->ssrc || has_mid(packet, peer->mid[stream]))
			return (sdp_stream)stream;
		if (ssrc == 0 || possible == SDP_STREAMS)
			possible = (sdp_stream)stream;
	}
	return possible;
}

static void forward_packet(peer *peer, sdp_stream stream, const track_packet *packet, int64_t now_us)
{
	for (guint i = 0; i < peer->receiver_count[stream]; i++)
		sender_forward(peer->receivers[stream][i].sender, packet, now_us);
}

static void restart_receivers(peer *peer, sdp_stream stream)
{
	for (guint i = 0; i < peer->receiver_count[stream]; i++)
		sender_set_source(peer->receivers[stream][i].sender, peer->tracks[stream]);
}

static void route_packet(peer *peer, rtp_packet *packet, uint8_t *data, int64_t now_us)
{
	const route *route = &peer->routes[packet->payload_type];
	sdp_stream stream = find_stream(peer, route, packet);
	if (stream == SDP_STREAMS) {
		worker_add_count(peer->worker, COUNTER_UNROUTED, 1);
		return;
	}
	if (route->is_rtx && !restore_retransmitted(peer, stream, packet, data))
		return;
	gboolean has_restarted = FALSE;
	const track_packet *kept = track_receive(peer->tracks[stream], packet, now_us, &has_restarted);
	if (has_restarted)
		restart_receivers(peer, stream);
	if (kept == NULL)
		return;
	if (stream == SDP_OWN_VIDEO)
		note_orientation(peer, &kept->packet);
	forward_packet(peer, stream, kept, now_us);
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
	note_arrival(peer, &packet, now_us);
	worker_add_count(peer->worker, COUNTER_RECEIVED, 1);
	route_packet(peer, &packet, data, now_us);
	return TRUE;
}

static sender *find_sender(const peer *peer, uint32_t ssrc)
{
	sender *sender;
	for (peer_senders senders = { .peer = peer }; (sender = peer_next_sender(&senders)) != NULL;) {
		if (sender_ssrc(sender) == ssrc)
			return sender;
	}
	return NULL;
}

static void note_rtt(peer *peer, guint rtt_ms, int64_t now_us)
{
	peer->rtt_ms = MAX(1, rtt_ms);
	bandwidth_note_rtt(&peer->bandwidth, peer->rtt_ms, now_us);
}

static void on_reports(peer *peer, const rtcp_packet *packet, int64_t now_us)
{
	rtcp_report report;
	uint8_t worst = 0;
	gboolean has_report = FALSE;
	for (guint i = 0; rtcp_get_report(packet, i, &report); i++) {
		sender *sender = find_sender(peer, report.ssrc);
		if (sender == NULL)
			continue;
		sender_note_loss(sender, report.fraction_lost, now_us);
		has_report = TRUE;
		worst = MAX(worst, report.fraction_lost);
		uint32_t back = (uint32_t)(rtcp_ntp(now_us) >> 16) - report.last_report - report.delay;
		if (report.last_report != 0 && back < 60u << 16)
			note_rtt(peer, (guint)((uint64_t)back * 1000 >> 16), now_us);
	}
	if (!has_report)
		return;
	peer->down_loss = MAX(peer->down_loss, worst);
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
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		if (peer->tracks[stream] == NULL || track_ssrc(peer->tracks[stream]) != rtcp_get_sender(packet))
			continue;
		track_note_sender_report(peer->tracks[stream], &info, now_us);
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
