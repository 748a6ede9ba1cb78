/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "media/bytes.h"
#include "media/recorder-private.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum { STALL_US = G_USEC_PER_SEC };

/* How a person's streams are told to the recorder: a document is a person of its own, so it gets its own file. */
static const struct {
	const char *suffix, *kind;
	guint hold_ms;
} streams[SDP_STREAMS] = {
	[SDP_OWN_AUDIO] = { "", "audio", TRACK_AUDIO_HOLD_MS },
	[SDP_OWN_VIDEO] = { "", "video", TRACK_VIDEO_HOLD_MS },
	[SDP_OWN_DOCUMENT] = { "-document", "video", TRACK_VIDEO_HOLD_MS },
};
static const char *const codec_names[] = { [RTP_CODEC_OPUS] = "opus", [RTP_CODEC_VP8] = "vp8", [RTP_CODEC_H264] = "h264" };

/* TRUE when it is handed over; FALSE when there is no room now. A dead process is noticed by reading. */
static gboolean try_send(recorder *recorder, const void *data, size_t length)
{
	if (send(recorder->fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return TRUE;
	return errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS;
}

void recorder_flush_messages(recorder *recorder)
{
	while (recorder->fd >= 0 && !g_queue_is_empty(recorder->messages)) {
		size_t length;
		const void *data = g_bytes_get_data(g_queue_peek_head(recorder->messages), &length);
		if (!try_send(recorder, data, length))
			return;
		g_bytes_unref(g_queue_pop_head(recorder->messages));
	}
}

gboolean recorder_flush_batch(recorder *recorder)
{
	if (recorder->batch_length > 0 &&
		(!g_queue_is_empty(recorder->messages) || !try_send(recorder, recorder->batch, recorder->batch_length)))
		return FALSE; /* messages go first, they are older */
	worker_add_count(recorder->worker, COUNTER_RECORDED, recorder->batch_packets);
	recorder->batch_length = recorder->batch_packets = 0;
	return TRUE;
}

static void recorder_post(recorder *recorder, uint8_t kind, const void *body, size_t length)
{
	g_autofree uint8_t *message = g_malloc(1 + length);
	message[0] = kind;
	memcpy(message + 1, body, length);
	g_queue_push_tail(recorder->messages, g_bytes_new_take(g_steal_pointer(&message), 1 + length));
	recorder_flush_messages(recorder);
}

void recorder_post_json(recorder *recorder, uint8_t kind, json_t *object)
{
	g_autofree char *text = json_compact(object);
	recorder_post(recorder, kind, text, strlen(text));
	json_decref(object);
}

static void put64_little(uint8_t *out, uint64_t value)
{
	value = GUINT64_TO_LE(value);
	memcpy(out, &value, sizeof(value));
}

/* {u8 track, u8 orientation, u16 length, u64 arrival_us, RTP}: with the recording's own numbering and no extensions. */
static void add_packet(recorder *recorder, guint8 number, feed *feed, uint8_t orientation, const track_packet *kept)
{
	static const rtp_extension_ids none;
	uint64_t sequence;
	uint32_t timestamp;
	const rtp_packet *packet = &kept->packet;
	if (packet->payload_length == 0 || !rtp_continuity_map(&feed->continuity, kept->sequence, packet->timestamp,
						   kept->arrival_us, &sequence, &timestamp))
		return;
	uint8_t *head = recorder->batch + MAX(recorder->batch_length, 1);
	recorder->batch[0] = RECORD_PACKETS;
	rtp_header header = {
		.payload_type = packet->payload_type,
		.has_marker = packet->has_marker,
		.sequence = (uint16_t)sequence,
		.timestamp = timestamp,
		.ssrc = number + 1u,
	};
	uint8_t *rtp = head + RECORD_PACKET_HEAD_BYTES;
	size_t length = rtp_header_write(rtp, &header, &none);
	memcpy(rtp + length, packet->data + packet->payload_offset, packet->payload_length);
	length += packet->payload_length;
	head[0] = number;
	head[1] = orientation;
	head[2] = (uint8_t)length;
	head[3] = (uint8_t)(length >> 8);
	put64_little(head + 4, (uint64_t)kept->arrival_us);
	recorder->batch_length = (size_t)(rtp + length - recorder->batch);
	recorder->batch_packets++;
}

static void hand_clock(recorder *recorder, guint8 number, feed *feed, const track *track)
{
	uint8_t body[13];
	uint64_t ntp;
	uint32_t timestamp;
	if (feed->continuity.is_waiting || !track_clock(track, &ntp, &timestamp) || ntp == feed->clock)
		return;
	feed->clock = ntp;
	timestamp = GUINT32_TO_LE(timestamp + feed->continuity.timestamp_offset);
	body[0] = number;
	put64_little(body + 1, ntp);
	memcpy(body + 9, &timestamp, sizeof(timestamp));
	recorder_post(recorder, RECORD_CLOCK, body, sizeof(body));
}

/* Sound and picture before the first packet of either: a film whose picture is late has a place for it. A document when it comes. */
static void announce(recorder *recorder, guint index, const peer *peer, int64_t now_us)
{
	person *person = recorder->people->pdata[index];
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		const track *track = peer_track(peer, (sdp_stream)stream);
		if (track == NULL || person->feeds[stream].is_announced ||
			(stream == SDP_OWN_DOCUMENT && !track_is_live(track, now_us)))
			continue;
		g_autofree char *name = g_strconcat(person->name, streams[stream].suffix, NULL);
		recorder_post_json(recorder, RECORD_TRACK,
			json_pack("{si ss ss ss si}", "track", (int)(index * SDP_STREAMS + stream), "person", name, "kind",
				streams[stream].kind, "codec", codec_names[track_codec(track)], "clock_rate",
				(int)track_clock_rate(track)));
		person->feeds[stream].is_announced = TRUE;
	}
}

static void feed_track(recorder *recorder, guint8 number, sdp_stream stream, feed *feed, const peer *peer, int64_t now_us)
{
	track *track = peer_track(peer, stream);
	if (track == NULL)
		return;
	const track_packet *packet;
	while (recorder->batch_length + RECORD_PACKET_HEAD_BYTES + MEDIA_PACKET_MAX_BYTES <= sizeof(recorder->batch) ||
		recorder_flush_batch(recorder)) {
		uint64_t expected = feed->position;
		packet = track_next_in_order(track, &feed->position, streams[stream].hold_ms, now_us);
		if (packet == NULL)
			break;
		if (packet->sequence - expected <= G_MAXUINT16) /* more is another source (track.c) */
			worker_add_count(recorder->worker, COUNTER_UNRECORDED, (guint)(packet->sequence - expected));
		add_packet(recorder, number, feed, peer_orientation(peer, stream), packet);
	}
	hand_clock(recorder, number, feed, track);
}

/* The next packet comes from another browser, or after a time that is not recorded. */
static void restart_feeds(person *person)
{
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		person->feeds[stream].position = 0;
		rtp_continuity_restart(&person->feeds[stream].continuity);
	}
}

void recorder_want_keyframe(const peer *peer)
{
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		if (peer_track(peer, (sdp_stream)stream) != NULL)
			track_want_keyframe(peer_track(peer, (sdp_stream)stream));
	}
}

void recorder_feed_person(recorder *recorder, guint index, struct room *room, int64_t now_us)
{
	person *person = recorder->people->pdata[index];
	const peer *peer = room_find(room, person->peer);
	if (peer == NULL) {
		person->serial = 0;
		return;
	}
	if (person->serial != peer_serial(peer)) {
		person->serial = peer_serial(peer);
		restart_feeds(person);
		person->needs_keyframe = TRUE;
	}
	if (person->needs_keyframe)
		recorder_want_keyframe(peer);
	person->needs_keyframe = FALSE;
	announce(recorder, index, peer, now_us);
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		if (person->feeds[stream].is_announced)
			feed_track(recorder, (guint8)(index * SDP_STREAMS + stream), (sdp_stream)stream, &person->feeds[stream],
				peer, now_us);
	}
}

void recorder_note_stall(recorder *recorder, int64_t now_us)
{
	gboolean is_drained = recorder->batch_length == 0 && g_queue_is_empty(recorder->messages);
	if (is_drained)
		recorder->drained_us = now_us;
	gboolean is_stalled = now_us - recorder->drained_us > STALL_US;
	if (is_stalled == recorder->is_stalled)
		return;
	recorder->is_stalled = is_stalled;
	recorder_emit_state(recorder, is_stalled ? "gap" : "on", is_stalled ? "stalled" : NULL);
}
