/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/peer-private.h"

enum {
	NACK_BATCH = 64, /* sequence numbers in one request */
	RTCP_BYTES = DTLS_MTU - SRTCP_OVERHEAD_MAX_BYTES,
	REMB_CHANGE_PERCENT = 10, /* a lower limit is told at once when it differs by this */
};

static void send_rtcp(peer *peer, const rtcp_writer *writer)
{
	uint8_t *out = peer->output.srtp != NULL ? ice_reserve(peer->ice) : NULL;
	size_t length = out != NULL ? srtcp_encrypt(peer->output.srtp, writer->data, writer->length, out) : 0;
	if (length > 0)
		ice_commit(peer->ice, length);
}

/* Reports and feedback need a sender's SSRC; the first slot's will do, it is the client's to know. */
static uint32_t feedback_ssrc(const peer *peer)
{
	return peer->slot_count > 0 ? sender_ssrc(peer->slots[0].senders[SDP_AUDIO]) : 1;
}

/* A compound begins with a report, though an empty one (RFC 3550, 6.1). */
static rtcp_writer begin_feedback(const peer *peer, uint8_t buffer[RTCP_BYTES])
{
	rtcp_writer writer = { .data = buffer, .size = RTCP_BYTES };
	rtcp_write_receiver_report(&writer, feedback_ssrc(peer), NULL, 0);
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
		rtcp_write_nack(&writer, feedback_ssrc(peer), track_ssrc(track), sequences, count);
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
	rtcp_write_pli(&writer, feedback_ssrc(peer), track_ssrc(track));
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
		is_more = twcc_write(&peer->twcc, &writer, feedback_ssrc(peer), media);
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
	rtcp_write_remb(writer, feedback_ssrc(peer), peer->told_limit, &media, 1);
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
	rtcp_write_receiver_report(&writer, feedback_ssrc(peer), reports, count);
	rtcp_write_cname(&writer, feedback_ssrc(peer), peer->cname);
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

/* How much goes to this peer, once a second. */
static void note_sent(peer *peer, int64_t now_us)
{
	int64_t passed_us = now_us - peer->sent_us;
	if (!is_due(&peer->sent_us, now_us, PEER_REPORT_INTERVAL_MS))
		return;
	bandwidth_note_sent(&peer->bandwidth, (peer->output.bytes - peer->bytes_told) * 8 * G_USEC_PER_SEC / (uint64_t)passed_us);
	peer->bytes_told = peer->output.bytes;
}

void peer_send_feedback(peer *peer, int64_t now_us)
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
