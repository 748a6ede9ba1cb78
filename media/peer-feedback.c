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

/* Reports and feedback need a sender's SSRC; the first one's will do, it is the client's to know. */
static uint32_t feedback_ssrc(const peer *peer)
{
	peer_senders senders = { .peer = peer };
	const sender *first = peer_next_sender(&senders);
	return first != NULL ? sender_ssrc(first) : 1;
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
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		track *track = peer->tracks[stream];
		guint count = track != NULL ? track_nacks(track, now_us, peer->rtt_ms, sequences, NACK_BATCH) : 0;
		if (count == 0)
			continue;
		rtcp_writer writer = begin_feedback(peer, buffer);
		rtcp_write_nack(&writer, feedback_ssrc(peer), track_ssrc(track), sequences, count);
		send_rtcp(peer, &writer);
		worker_add_count(peer->worker, COUNTER_NACKED, count);
	}
}

static void send_keyframe_requests(peer *peer, int64_t now_us)
{
	uint8_t buffer[RTCP_BYTES];
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		track *track = peer->tracks[stream];
		if (track == NULL || !track_asks_keyframe(track, now_us, peer->rtt_ms))
			continue;
		rtcp_writer writer = begin_feedback(peer, buffer);
		rtcp_write_pli(&writer, feedback_ssrc(peer), track_ssrc(track));
		send_rtcp(peer, &writer);
		worker_add_count(peer->worker, COUNTER_KEYFRAMES_ASKED, 1);
	}
}

/* Of the picture, or else of what there is: who gives feedback on all must name one. */
static uint32_t media_ssrc(const peer *peer)
{
	for (guint stream = SDP_OWN_VIDEO + 1; stream-- > 0;) {
		if (peer->tracks[stream] != NULL && track_ssrc(peer->tracks[stream]) != 0)
			return track_ssrc(peer->tracks[stream]);
	}
	return 0;
}

static void send_transport_feedback(peer *peer)
{
	uint8_t buffer[RTCP_BYTES];
	gboolean is_more = TRUE;
	while (is_more) {
		rtcp_writer writer = begin_feedback(peer, buffer);
		size_t empty = writer.length;
		is_more = twcc_write(&peer->twcc, &writer, feedback_ssrc(peer), media_ssrc(peer));
		if (writer.length > empty)
			send_rtcp(peer, &writer);
	}
}

/* What every receiver of this stream's picture can take. */
static uint64_t limit_of_stream(const peer *peer, sdp_stream stream)
{
	uint64_t limit = BANDWIDTH_CEILING;
	for (guint i = 0; i < peer->receiver_count[stream]; i++) {
		const receiver *receiver = &peer->receivers[stream][i];
		const struct peer *watcher = receiver->watcher;
		if (!sender_is_paused(receiver->sender))
			limit = MIN(limit, bandwidth_share(&watcher->bandwidth, watcher->pictures, watcher->voices));
	}
	return limit;
}

static uint64_t limit_of(const peer *peer)
{
	uint64_t limit = BANDWIDTH_AUDIO + limit_of_stream(peer, SDP_OWN_VIDEO);
	return peer->has_document ? limit + limit_of_stream(peer, SDP_OWN_DOCUMENT) : limit;
}

static void write_limit(peer *peer, rtcp_writer *writer)
{
	uint32_t media = media_ssrc(peer);
	if (media == 0)
		return;
	peer->told_limit = limit_of(peer);
	rtcp_write_remb(writer, feedback_ssrc(peer), peer->told_limit, &media, 1);
}

/* How badly the worst receiver hears it. A browser adds as much repair to its sound as this says, so it must know of all of the
 * way; how much it sends altogether follows from the counts, which are of our part only. */
static uint8_t worst_loss(const peer *peer, sdp_stream stream, int64_t now_us)
{
	uint8_t worst = 0;
	for (guint i = 0; i < peer->receiver_count[stream]; i++)
		worst = MAX(worst, sender_loss(peer->receivers[stream][i].sender, now_us));
	return worst;
}

static guint collect_reports(peer *peer, rtcp_report reports[SDP_STREAMS], int64_t now_us)
{
	guint count = 0;
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		if (peer->tracks[stream] == NULL || !track_report(peer->tracks[stream], now_us, &reports[count]))
			continue;
		if (stream == SDP_OWN_AUDIO)
			reports[count].fraction_lost = MAX(reports[count].fraction_lost, worst_loss(peer, SDP_OWN_AUDIO, now_us));
		count++;
	}
	return count;
}

static void send_receiver_report(peer *peer, int64_t now_us)
{
	uint8_t buffer[RTCP_BYTES];
	rtcp_writer writer = { .data = buffer, .size = sizeof(buffer) };
	rtcp_report reports[SDP_STREAMS];
	guint count = collect_reports(peer, reports, now_us);
	rtcp_write_receiver_report(&writer, feedback_ssrc(peer), reports, count);
	rtcp_write_cname(&writer, feedback_ssrc(peer), peer->cname);
	write_limit(peer, &writer);
	send_rtcp(peer, &writer);
}

static void send_sender_reports(peer *peer, int64_t now_us)
{
	uint8_t buffer[RTCP_BYTES];
	rtcp_writer writer = { .data = buffer, .size = sizeof(buffer) };
	peer_senders senders = { .peer = peer };
	for (sender *sender; (sender = peer_next_sender(&senders)) != NULL;) {
		const struct peer *shown = peer->slots[senders.kind][senders.slot].shown;
		rtcp_sender_info info;
		if (shown != NULL && shown->has_clock && sender_report(sender, now_us, shown->clock_offset, &info))
			rtcp_write_sender_report(&writer, sender_ssrc(sender), &info);
	}
	if (writer.length > 0)
		send_rtcp(peer, &writer);
}

static gboolean is_shown(const peer *peer, sdp_slot_kind kind, guint slot, sdp_stream stream, int64_t now_us)
{
	const struct peer *shown = peer->slots[kind][slot].shown;
	return shown != NULL && shown->tracks[stream] != NULL && track_is_live(shown->tracks[stream], now_us);
}

/* How many pictures and voices come to this peer by themselves. */
static void count_shown(peer *peer, guint *pictures, guint *voices, int64_t now_us)
{
	*pictures = *voices = 0;
	for (guint i = 0; i < peer->slot_count[SDP_SLOT_DOCUMENT]; i++)
		*pictures += is_shown(peer, SDP_SLOT_DOCUMENT, i, SDP_OWN_DOCUMENT, now_us);
	for (guint i = 0; i < peer->slot_count[SDP_SLOT_PERSON]; i++) {
		*pictures += is_shown(peer, SDP_SLOT_PERSON, i, SDP_OWN_VIDEO, now_us);
		*voices += is_shown(peer, SDP_SLOT_PERSON, i, SDP_OWN_AUDIO, now_us);
	}
}

/* Send the pictures that there is room for: documents first, then people as they came. TRUE when another one is paused now. */
static gboolean choose_pictures(peer *peer, int64_t now_us)
{
	guint wanted, left;
	gboolean has_changed = FALSE;
	count_shown(peer, &wanted, &peer->voices, now_us);
	peer->pictures = left = bandwidth_pictures(&peer->bandwidth, wanted, peer->voices, now_us);
	for (guint kind = SDP_SLOT_KINDS; kind-- > 0;) {
		sdp_stream stream = kind == SDP_SLOT_DOCUMENT ? SDP_OWN_DOCUMENT : SDP_OWN_VIDEO;
		for (guint i = 0; i < peer->slot_count[kind]; i++) {
			gboolean is_picture = is_shown(peer, (sdp_slot_kind)kind, i, stream, now_us);
			has_changed |= sender_set_paused(peer->slots[kind][i].senders[stream], is_picture && left == 0);
			left -= is_picture && left > 0;
		}
	}
	return has_changed;
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
	gboolean has_changed = choose_pictures(peer, now_us);
	send_nacks(peer, now_us);
	send_keyframe_requests(peer, now_us);
	if (is_due(&peer->twcc_us, now_us, PEER_TWCC_INTERVAL_MS))
		send_transport_feedback(peer);
	gboolean is_lower = limit_of(peer) * 100 < peer->told_limit * (100 - REMB_CHANGE_PERCENT);
	if (is_lower || is_due(&peer->report_us, now_us, PEER_REPORT_INTERVAL_MS)) {
		send_receiver_report(peer, now_us);
		send_sender_reports(peer, now_us);
	}
	peer_tell_quality(peer, has_changed, now_us);
}
