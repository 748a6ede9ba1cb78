/* SPDX-License-Identifier: EUPL-1.2 */
/* One track's packets made into whole frames: puts packets in order, waits for missing ones, takes the payload formats
 * apart (Opus RFC 7587, VP8 RFC 7741, H.264 RFC 6184 packetization-mode 1).
 *
 * After a loss that was not repaired, no picture is given until the next keyframe; each lost audio packet is just missing.
 * Everything here is written by strangers: what is malformed is dropped and counts as lost.
 * Thread: the owner's; no callback is made from outside packet(), tick() and flush(). */
#pragma once
#include <glib.h>

typedef enum { RECORD_OPUS, RECORD_VP8, RECORD_H264 } record_codec;

typedef struct {
	GBytes *data;                          /* H.264: NAL units, each after its length in 4 bytes (ISO/IEC 14496-15) */
	gint64 rtp;                            /* unwrapped */
	gint64 arrival_us;                     /* of its last packet */
	gint64 first_us;                       /* of its first packet */
	gint64 time_us;                        /* set by the owner */
	guint32 sequence_first, sequence_last; /* unwrapped */
	guint width, height;                   /* of a keyframe */
	guint orientation;                     /* quarter turns clockwise, 0 to 3 */
	gboolean is_keyframe;
	gboolean is_mapped; /* set by the owner: `time_us` is right */
	const char *gap;    /* set by the owner: why something is missing before it, or NULL */
} record_frame;
void record_frame_free(record_frame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(record_frame, record_frame_free)

typedef struct {
	void (*frame)(void *user, record_frame *frame); /* (transfer full) */
	void (*lost)(void *user, guint packets);        /* 0: frames were dropped while waiting for a keyframe */
	void (*restarted)(void *user);                  /* another SSRC: RTP times mean something else now */
} record_track_events;

typedef struct record_track record_track;
record_track *record_track_new(record_codec codec, const record_track_events *events, void *user);
void record_track_free(record_track *track);

/* One RTP packet as received. FALSE when it is no RTP packet. */
gboolean record_track_packet(record_track *track, const guint8 *packet, gsize length, guint orientation, gint64 arrival_us);
/* Stop waiting for what has been missing too long. */
void record_track_tick(record_track *track, gint64 now_us);
/* Stop waiting at all: the end, or a pause. What follows begins with a keyframe. */
void record_track_flush(record_track *track);
/* A packet is missing and may still come. */
gboolean record_track_is_waiting(const record_track *track);
/* No picture is given before a keyframe has come. FALSE for audio. */
gboolean record_track_needs_keyframe(const record_track *track);
/* The 32-bit RTP time near the last packet's, unwrapped. */
gint64 record_track_unwrap(record_track *track, guint32 rtp);
/* (transfer full) H.264: the avcC record (ISO/IEC 14496-15) of the last parameter sets; NULL while there is none, or for another
 * codec. */
GBytes *record_track_codec_private(const record_track *track);
