/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>
#include "media/record/limits.h"
#include "media/record/payload.h"
#include "media/record/track.h"
#include "media/rtp.h"

/* A packet that waits for one before it. */
typedef struct {
	guint8 *data;
	gsize length;
	guint orientation;
	gint64 arrival_us;
} waiting_packet;

struct record_track {
	record_codec codec;
	const record_track_events *events;
	void *user;
	record_payload *payload;
	waiting_packet slots[RECORD_REORDER_PACKETS];
	guint waiting_count;
	gint64 waiting_since_us; /* arrival of the first packet after the hole */
	gint64 next;             /* unwrapped sequence number */
	gint64 last_rtp;         /* unwrapped */
	guint32 ssrc;
	gboolean has_packet, has_rtp;
};

void record_frame_free(record_frame *frame)
{
	if (frame == NULL)
		return;
	g_bytes_unref(frame->data);
	g_free(frame);
}

static gboolean parse(rtp_packet *packet, const guint8 *data, gsize length)
{
	static const rtp_extension_ids none;
	return rtp_parse(packet, data, length, &none);
}

record_track *record_track_new(record_codec codec, const record_track_events *events, void *user)
{
	record_track *track = g_new0(record_track, 1);
	track->codec = codec;
	track->events = events;
	track->user = user;
	track->payload = record_payload_new(codec);
	return track;
}

static void drop_waiting(record_track *track)
{
	for (guint i = 0; i < RECORD_REORDER_PACKETS; i++)
		g_clear_pointer(&track->slots[i].data, g_free);
	track->waiting_count = 0;
}

void record_track_free(record_track *track)
{
	if (track == NULL)
		return;
	drop_waiting(track);
	record_payload_free(track->payload);
	g_free(track);
}

gint64 record_track_unwrap(record_track *track, guint32 rtp)
{
	if (!track->has_rtp) {
		track->last_rtp = G_GINT64_CONSTANT(0x100000000) + rtp; /* reports may be older than the first packet */
		track->has_rtp = TRUE;
	}
	return track->last_rtp + (gint32)(rtp - (guint32)track->last_rtp);
}

/* Hand a packet that is next in order to the payload format, and its frame to the owner. */
static void consume(record_track *track, const rtp_packet *packet, guint orientation, gint64 arrival_us)
{
	gint64 sequence = track->next++;
	if (packet->payload_length == 0) /* a probe for bandwidth */
		return;
	track->last_rtp = record_track_unwrap(track, packet->timestamp);
	gboolean was_whole = !record_payload_needs_keyframe(track->payload);
	record_frame *frame =
		record_payload_add(track->payload, &(record_payload_packet){ .data = packet->data + packet->payload_offset,
							   .length = packet->payload_length,
							   .rtp = track->last_rtp,
							   .sequence = sequence,
							   .marker = packet->has_marker,
							   .orientation = orientation,
							   .arrival_us = arrival_us });
	if (frame != NULL)
		track->events->frame(track->user, frame);
	else if (was_whole && record_payload_needs_keyframe(track->payload))
		track->events->lost(track->user, 0);
}

static waiting_packet *slot(record_track *track, gint64 sequence)
{
	return &track->slots[sequence & (RECORD_REORDER_PACKETS - 1)];
}

/* Everything that is in order now; the time of the next hole begins with the first packet behind it. */
static void drain(record_track *track)
{
	while (track->waiting_count > 0 && slot(track, track->next)->data != NULL) {
		waiting_packet waiting = *slot(track, track->next);
		g_autofree guint8 *data = waiting.data;
		rtp_packet packet;
		slot(track, track->next)->data = NULL;
		track->waiting_count--;
		if (parse(&packet, data, waiting.length))
			consume(track, &packet, waiting.orientation, waiting.arrival_us);
	}
	if (track->waiting_count == 0)
		return;
	gint64 sequence = track->next;
	while (slot(track, sequence)->data == NULL)
		sequence++;
	track->waiting_since_us = slot(track, sequence)->arrival_us;
}

/* Give up what is missing before the first packet that is there. */
static void skip_hole(record_track *track)
{
	gint64 from = track->next;
	while (slot(track, track->next)->data == NULL)
		track->next++;
	record_payload_lost(track->payload);
	track->events->lost(track->user, (guint)(track->next - from));
	drain(track);
}

void record_track_tick(record_track *track, gint64 now_us)
{
	gint64 patience_us = (track->codec == RECORD_OPUS ? RECORD_REPAIR_AUDIO_MS : RECORD_REPAIR_VIDEO_MS) * 1000;
	while (track->waiting_count > 0 && now_us - track->waiting_since_us > patience_us)
		skip_hole(track);
}

void record_track_flush(record_track *track)
{
	while (track->waiting_count > 0)
		skip_hole(track);
	record_payload_lost(track->payload);
	track->has_packet = FALSE;
}

static void restart(record_track *track, const rtp_packet *packet)
{
	gboolean is_other = track->has_packet && track->ssrc != packet->ssrc;
	drop_waiting(track);
	if (is_other) {
		record_payload_lost(track->payload);
		track->has_rtp = FALSE;
		track->events->restarted(track->user);
	}
	track->ssrc = packet->ssrc;
	track->next = packet->sequence + 65536;
	track->has_packet = TRUE;
}

gboolean record_track_packet(record_track *track, const guint8 *data, gsize length, guint orientation, gint64 arrival_us)
{
	rtp_packet packet;
	if (!parse(&packet, data, length))
		return FALSE;
	if (!track->has_packet || track->ssrc != packet.ssrc)
		restart(track, &packet);
	gint64 sequence = track->next + (gint16)(packet.sequence - (guint16)track->next);
	if (sequence < track->next)
		return TRUE; /* a repetition, or too late */
	if (sequence >= track->next + RECORD_REORDER_PACKETS) {
		while (track->waiting_count > 0)
			skip_hole(track);
		record_payload_lost(track->payload);
		track->events->lost(track->user, (guint)(sequence - track->next));
		track->next = sequence;
	}
	if (sequence == track->next) {
		consume(track, &packet, orientation, arrival_us);
		drain(track);
	} else if (slot(track, sequence)->data == NULL) {
		if (track->waiting_count++ == 0)
			track->waiting_since_us = arrival_us;
		*slot(track, sequence) = (waiting_packet){ g_memdup2(data, length), length, orientation, arrival_us };
	}
	record_track_tick(track, arrival_us);
	return TRUE;
}

gboolean record_track_is_waiting(const record_track *track)
{
	return track->waiting_count > 0;
}

gboolean record_track_needs_keyframe(const record_track *track)
{
	return record_payload_needs_keyframe(track->payload);
}

GBytes *record_track_codec_private(const record_track *track)
{
	return record_payload_codec_private(track->payload);
}
