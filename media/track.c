/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/track.h"
#include <string.h>

enum {
	SEQUENCE_START = 0x10000, /* room for packets older than the first */
	SEQUENCE_JUMP_MAX = 3000, /* more is a new source with the same SSRC */
	SILENCE = -127,           /* dBov */
	VOICE = 0x80,             /* beside the level: somebody speaks */
	SILENCE_US = 500000,      /* then another SSRC may take over */
};

/* A packet that did not come yet. */
typedef struct {
	uint64_t sequence; /* as sent, extended */
	uint64_t number;   /* what it will have without dropped padding */
	int64_t since_us, asked_us;
	guint tries;
} gap;

struct track {
	rtp_codec codec;
	uint32_t clock_rate;
	uint32_t ssrc;
	gboolean is_ssrc_named, is_started;
	int64_t last_us;     /* of the last packet */
	uint64_t highest;    /* sequence number as sent, extended */
	uint64_t compaction; /* how many padding packets were dropped */
	guint gap_count;
	gap gaps[TRACK_GAPS_MAX]; /* ascending */

	gboolean wants_keyframe;
	int64_t keyframe_asked_us;
	int64_t keyframe_us, content_us; /* arrival of the last keyframe, of the last packet that was not padding */
	uint64_t keyframe;               /* number of its first packet */

	uint64_t first; /* of this source, for the count of expected packets */
	uint64_t received, expected_before, received_before;
	double jitter;
	int64_t last_transit;
	gboolean has_report;
	rtcp_sender_info report;
	int64_t report_us;

	track_statistics statistics;
	uint64_t lost_before;
	guint ring_size;
	track_packet ring[];
};

track *track_new(rtp_codec codec, uint32_t clock_rate)
{
	guint ring_size = codec == RTP_CODEC_OPUS ? TRACK_AUDIO_RING : TRACK_VIDEO_RING;
	track *track = g_malloc0(sizeof(*track) + ring_size * sizeof(track_packet));
	track->codec = codec;
	track->clock_rate = clock_rate;
	track->ring_size = ring_size;
	track->keyframe_asked_us = track->content_us = -G_USEC_PER_SEC * 60;
	track->statistics.audio_level = track->statistics.voice_level = SILENCE;
	return track;
}

void track_free(track *track)
{
	g_free(track);
}

rtp_codec track_codec(const track *track)
{
	return track->codec;
}

uint32_t track_clock_rate(const track *track)
{
	return track->clock_rate;
}

uint32_t track_ssrc(const track *track)
{
	return track->ssrc;
}

void track_set_ssrc(track *track, uint32_t ssrc)
{
	if (ssrc == 0)
		return;
	track->is_started &= track->ssrc == ssrc;
	track->is_ssrc_named = TRUE;
	track->ssrc = ssrc;
}

static track_packet *place(track *track, uint64_t sequence)
{
	return &track->ring[sequence % track->ring_size];
}

/* The number without gaps of what was sent as `sent`: padding dropped before it closes up. */
static uint64_t number_of(const track *track, uint64_t sent)
{
	return sent - track->compaction;
}

static void begin(track *track, const rtp_packet *packet)
{
	/* Numbers of packets never go back, so that readers of the ring notice nothing but a jump. */
	uint64_t after = track->is_started || track->highest > 0
				 ? (number_of(track, track->highest) | 0xffff) + 1 + SEQUENCE_START
				 : SEQUENCE_START;
	track->ssrc = packet->ssrc;
	track->is_started = TRUE;
	track->compaction = 0;
	track->highest = after + packet->sequence;
	track->first = track->highest;
	track->highest--; /* this packet is the next one */
	track->gap_count = 0;
	track->received = track->expected_before = track->received_before = track->lost_before = 0;
	track->jitter = 0;
	track->last_transit = 0;
	track->has_report = FALSE;
}

/* An SSRC that the offer did not name is taken when the old one fell silent. */
static gboolean is_foreign(const track *track, const rtp_packet *packet, int64_t now_us)
{
	if (packet->ssrc == track->ssrc || (!track->is_started && !track->is_ssrc_named))
		return FALSE;
	return track->is_ssrc_named || now_us - track->last_us < SILENCE_US;
}

static gboolean is_new_source(const track *track, const rtp_packet *packet)
{
	if (!track->is_started || packet->ssrc != track->ssrc)
		return TRUE;
	return (int64_t)(rtp_unwrap(track->highest, packet->sequence) - track->highest) > SEQUENCE_JUMP_MAX;
}

static void drop_gap(track *track, guint index)
{
	track->gap_count--;
	memmove(&track->gaps[index], &track->gaps[index + 1], (track->gap_count - index) * sizeof(gap));
}

/* Forget gaps; what comes late for them is not forwarded any more. */
static void give_up_gaps(track *track)
{
	track->gap_count = 0;
	track_want_keyframe(track);
}

static void note_gaps(track *track, uint64_t sent, int64_t now_us)
{
	uint64_t missing = sent - track->highest - 1;
	if (missing + track->gap_count > TRACK_GAPS_MAX) {
		give_up_gaps(track);
		return;
	}
	for (uint64_t sequence = track->highest + 1; sequence < sent; sequence++)
		track->gaps[track->gap_count++] =
			(gap){ .sequence = sequence, .number = number_of(track, sequence), .since_us = now_us };
}

/* Late is welcome only when it fills a gap: this also refuses what came by RTX and by itself. Returns its number, 0: refused. */
static uint64_t fill_gap(track *track, uint64_t sent)
{
	for (guint i = 0; i < track->gap_count; i++) {
		if (track->gaps[i].sequence == sent) {
			uint64_t number = track->gaps[i].number;
			drop_gap(track, i);
			return number;
		}
	}
	return 0;
}

/* RFC 3550, A.8. */
static void note_jitter(track *track, const rtp_packet *packet, int64_t now_us)
{
	int64_t transit = (int64_t)(uint32_t)((uint64_t)now_us * track->clock_rate / G_USEC_PER_SEC) - packet->timestamp;
	int32_t difference = (int32_t)(uint32_t)(transit - track->last_transit);
	if (track->received > 1)
		track->jitter += ((difference < 0 ? -(double)difference : difference) - track->jitter) / 16;
	track->last_transit = transit;
}

static void note_statistics(track *track, const track_packet *kept)
{
	const rtp_packet *packet = &kept->packet;
	track->statistics.received++;
	track->statistics.bytes += packet->length;
	track->statistics.frames += packet->has_marker ? 1 : 0;
	if (packet->extension[RTP_EXTENSION_AUDIO_LEVEL].length > 0) {
		uint8_t value = packet->data[packet->extension[RTP_EXTENSION_AUDIO_LEVEL].offset];
		int level = -(value & 0x7f);
		track->statistics.audio_level = MAX(track->statistics.audio_level, level);
		track->statistics.has_audio_level = TRUE;
		if (value & VOICE) {
			track->statistics.voice_level = MAX(track->statistics.voice_level, level);
			track->statistics.has_voice = TRUE;
		}
	}
}

static track_packet *keep(track *track, const rtp_packet *packet, uint64_t number, int64_t now_us)
{
	track_packet *kept = place(track, number);
	kept->sequence = number;
	kept->arrival_us = now_us;
	kept->packet = *packet;
	kept->packet.data = kept->data;
	memcpy(kept->data, packet->data, packet->length);
	kept->is_keyframe = rtp_payload_is_keyframe(track->codec, kept->data + packet->payload_offset, packet->payload_length,
		&track->statistics.width, &track->statistics.height);
	track->content_us = now_us;
	if (kept->is_keyframe && number > track->keyframe) {
		track->keyframe = number;
		track->keyframe_us = now_us;
		track->wants_keyframe = FALSE;
	}
	return kept;
}

const track_packet *track_receive(track *track, const rtp_packet *packet, int64_t now_us, gboolean *restarted)
{
	if (is_foreign(track, packet, now_us))
		return NULL;
	if (is_new_source(track, packet)) {
		begin(track, packet);
		*restarted = TRUE;
	}
	uint64_t sent = rtp_unwrap(track->highest, packet->sequence), number = 0;
	gboolean is_late = sent <= track->highest;
	if (is_late && (number = fill_gap(track, sent)) == 0)
		return NULL;
	track->last_us = now_us;
	track->received++;
	if (!is_late) {
		note_gaps(track, sent, now_us);
		track->highest = sent;
		note_jitter(track, packet, now_us);
		if (packet->payload_length == 0) {
			track->compaction++;
			return NULL;
		}
	}
	/* Padding that comes late is forwarded as an empty packet: its number is spent already. */
	track_packet *kept = keep(track, packet, is_late ? number : number_of(track, sent), now_us);
	note_statistics(track, kept);
	return kept;
}

const track_packet *track_find(const track *track, uint64_t sequence)
{
	const track_packet *kept = &track->ring[sequence % track->ring_size];
	return sequence != 0 && kept->sequence == sequence ? kept : NULL;
}

uint64_t track_newest(const track *track)
{
	return number_of(track, track->highest);
}

uint64_t track_keyframe_since(const track *track, int64_t since_us)
{
	return track->keyframe != 0 && track->keyframe_us >= since_us ? track->keyframe : 0;
}

gboolean track_is_live(const track *track, int64_t now_us)
{
	return now_us - track->content_us < (int64_t)TRACK_LIVE_MS * 1000;
}

/* At first each round trip; who did not answer then has a full queue, and is not helped by being asked more. */
static gboolean is_due(const gap *gap, int64_t now_us, guint rtt_ms)
{
	int64_t interval_ms = (int64_t)MAX(TRACK_NACK_INTERVAL_MS, rtt_ms) * (1 + gap->tries / 4);
	return gap->tries == 0 ? now_us - gap->since_us >= TRACK_NACK_DELAY_MS * 1000
			       : now_us - gap->asked_us >= interval_ms * 1000;
}

/* Nobody can go on without it, or without a keyframe behind it. */
static gboolean has_frozen(const track *track, const gap *gap, int64_t now_us, guint rtt_ms)
{
	return gap->number > track->keyframe && now_us - gap->since_us > (int64_t)MAX(TRACK_FREEZE_MS, rtt_ms * 3) * 1000;
}

guint track_nacks(track *track, int64_t now_us, guint rtt_ms, uint16_t *sequences, guint max)
{
	guint count = 0, kept = 0;
	gboolean is_sound = track->codec == RTP_CODEC_OPUS;
	int64_t patience = (is_sound ? TRACK_SOUND_PATIENCE_MS : TRACK_NACK_PATIENCE_MS + 2 * (int64_t)rtt_ms) * 1000;
	for (guint i = 0; i < track->gap_count; i++) {
		gap *gap = &track->gaps[i];
		if (has_frozen(track, gap, now_us, rtt_ms))
			track_want_keyframe(track);
		if (gap->tries == TRACK_NACK_TRIES_MAX || now_us - gap->since_us > patience)
			continue; /* given up */
		if (count < max && is_due(gap, now_us, rtt_ms)) {
			sequences[count++] = (uint16_t)gap->sequence;
			gap->asked_us = now_us;
			gap->tries++;
		}
		track->gaps[kept++] = *gap;
	}
	track->gap_count = kept;
	return count;
}

void track_want_keyframe(track *track)
{
	track->wants_keyframe = track->codec != RTP_CODEC_OPUS;
}

gboolean track_asks_keyframe(track *track, int64_t now_us, guint rtt_ms)
{
	int64_t interval = (int64_t)MAX(TRACK_KEYFRAME_INTERVAL_MS, rtt_ms * 5 / 4) * 1000;
	if (!track->wants_keyframe || !track->is_started || now_us - track->keyframe_asked_us < interval)
		return FALSE;
	track->keyframe_asked_us = now_us;
	return TRUE;
}

gboolean track_report(track *track, int64_t now_us, rtcp_report *report)
{
	if (!track->is_started || track->received == 0)
		return FALSE;
	uint64_t expected = track->highest - track->first + 1;
	uint64_t interval = expected - track->expected_before;
	int64_t lost = (int64_t)interval - (int64_t)(track->received - track->received_before);
	*report = (rtcp_report){
		.ssrc = track->ssrc,
		.fraction_lost = interval > 0 && lost > 0 ? (uint8_t)MIN(lost * 256 / (int64_t)interval, 255) : 0,
		.lost = (int32_t)((int64_t)expected - (int64_t)track->received),
		.highest = (uint32_t)(track->highest - (track->first & ~UINT64_C(0xffff))), /* its cycles begin at 0 */
		.jitter = (uint32_t)track->jitter,
	};
	track->expected_before = expected;
	track->received_before = track->received;
	if (track->has_report) {
		report->last_report = (uint32_t)(track->report.ntp >> 16);
		report->delay = (uint32_t)((now_us - track->report_us) * 65536 / G_USEC_PER_SEC);
	}
	return TRUE;
}

void track_note_sender_report(track *track, const rtcp_sender_info *info, int64_t now_us)
{
	track->has_report = TRUE;
	track->report = *info;
	track->report_us = now_us;
}

gboolean track_clock(const track *track, uint64_t *ntp, uint32_t *timestamp)
{
	*ntp = track->report.ntp;
	*timestamp = track->report.timestamp;
	return track->has_report;
}

/* Is the packet still waited for? */
static gboolean is_waited_for(const track *track, uint64_t number, guint hold_ms, int64_t now_us)
{
	for (guint i = 0; i < track->gap_count; i++) {
		if (track->gaps[i].number == number)
			return now_us - track->gaps[i].since_us < (int64_t)hold_ms * 1000;
	}
	return FALSE;
}

const track_packet *track_next_in_order(const track *track, uint64_t *position, guint hold_ms, int64_t now_us)
{
	if (!track->is_started || track->received == 0)
		return NULL;
	uint64_t newest = track_newest(track);
	if (*position == 0)
		*position = newest + 1; /* a recording begins with what comes next */
	if (*position + track->ring_size <= newest)
		*position = newest + 1 - track->ring_size;
	for (; *position <= newest; (*position)++) {
		const track_packet *kept = track_find(track, *position);
		if (kept != NULL) {
			(*position)++;
			return kept;
		}
		if (is_waited_for(track, *position, hold_ms, now_us))
			return NULL;
	}
	return NULL;
}

void track_take_statistics(track *track, track_statistics *statistics)
{
	*statistics = track->statistics;
	if (track->is_started) {
		uint64_t expected = track->highest - track->first + 1;
		uint64_t lost = expected > track->received ? expected - track->received : 0;
		statistics->lost = lost > track->lost_before ? (guint)(lost - track->lost_before) : 0;
		track->lost_before = lost;
	}
	track->statistics = (track_statistics){
		.width = statistics->width, .height = statistics->height, .audio_level = SILENCE, .voice_level = SILENCE
	};
}
