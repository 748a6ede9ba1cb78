/* SPDX-License-Identifier: EUPL-1.2 */
/* What one person sends of one kind: audio or video, as it arrives.
 *
 * A track keeps the packets of the last second for retransmission and for the recording, knows what is missing and asks for it
 * (NACK), counts for receiver reports, limits keyframe requests, and numbers its packets so that dropped padding leaves no gap.
 * Thread: its room's worker. Nothing is allocated after track_new(). */
#pragma once
#include "media/limits.h"
#include "media/rtcp.h"
#include "media/rtp.h"

/* A packet that is kept. */
typedef struct {
	uint64_t sequence; /* without gaps of dropped padding; 0: empty */
	int64_t arrival_us;
	gboolean is_keyframe; /* its first packet */
	rtp_packet packet;    /* packet.data is `data` */
	uint8_t data[MEDIA_PACKET_MAX_BYTES];
} track_packet;

typedef struct track track;

track *track_new(rtp_codec codec, uint32_t clock_rate);
void track_free(track *track);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(track, track_free)

rtp_codec track_codec(const track *track);
uint32_t track_clock_rate(const track *track);
/* 0 before the first packet, unless told by track_set_ssrc(). */
uint32_t track_ssrc(const track *track);
/* The offer names it: packets of other SSRCs are dropped. Without it the first one is learnt, and another one after a silence.
 * 0 changes nothing. */
void track_set_ssrc(track *track, uint32_t ssrc);

/* Take a packet, or one restored from RTX. Returns what is to be forwarded (borrowed until the next second's packets overwrite
 * it), or NULL when it was seen, is too late, or holds nothing. `restarted` is set TRUE when another source began. */
const track_packet *track_receive(track *track, const rtp_packet *packet, int64_t now_us, gboolean *restarted);
/* A kept packet by its number, or NULL. */
const track_packet *track_find(const track *track, uint64_t sequence);
/* The highest number so far. */
uint64_t track_newest(const track *track);
/* The number of the last keyframe's first packet when it came since then, else 0. */
uint64_t track_keyframe_since(const track *track, int64_t since_us);
/* Something other than padding came in the last TRACK_LIVE_MS. */
gboolean track_is_live(const track *track, int64_t now_us);

/* What to ask for now: the count of sequence numbers written to `sequences`, ascending. */
guint track_nacks(track *track, int64_t now_us, guint rtt_ms, uint16_t *sequences, guint max);

/* Somebody needs a keyframe. */
void track_want_keyframe(track *track);
/* TRUE when a request is to be sent now: at most one in TRACK_KEYFRAME_INTERVAL_MS or a round trip, again until a keyframe came. */
gboolean track_asks_keyframe(track *track, int64_t now_us, guint rtt_ms);

/* A report about it since the last call (RFC 3550, A.3). FALSE before the first packet. */
gboolean track_report(track *track, int64_t now_us, rtcp_report *report);
void track_note_sender_report(track *track, const rtcp_sender_info *info, int64_t now_us);
/* The last sender report; FALSE before it. */
gboolean track_clock(const track *track, uint64_t *ntp, uint32_t *timestamp);

/* Walk the packets in order for a recording. `position` starts at 0. Returns the next packet that came, or that is not waited
 * for any longer; NULL when there is none yet. */
const track_packet *track_next_in_order(const track *track, uint64_t *position, guint hold_ms, int64_t now_us);

/* Since the last call. */
typedef struct {
	guint received, lost, bytes, frames;
	uint16_t width, height; /* of the last keyframe */
	int audio_level;        /* loudest, dBov; -127: silence or unknown */
	int voice_level;        /* the same of what the client's detector took for a voice (RFC 6464) */
	gboolean has_audio_level, has_voice;
} track_statistics;
void track_take_statistics(track *track, track_statistics *statistics);
