/* SPDX-License-Identifier: EUPL-1.2 */
/* Writes WebM (Matroska, RFC 9559) as a stream: nothing is ever gone back to, so what was written stays right.
 *
 * One audio and one video track of one person, either may be missing, silent or late. Segment and clusters have unknown
 * size. Void elements may stand between blocks: they fill the encryption's 64 KiB chunks (README.md). H.264 makes it a
 * Matroska file by name; the form is the same.
 * Pure: bytes are appended to an array. Thread: the owner's. */
#pragma once
#include <glib.h>
#include "media/record/track.h"

typedef struct {
	gboolean has_audio, has_video;
	record_codec video_codec; /* RECORD_VP8 or RECORD_H264 */
	GBytes *video_private;    /* avcC for H.264 */
	guint width, height;      /* of the first picture; later ones may differ */
	guint orientation;        /* quarter turns clockwise for the player */
	gint64 began_ms;          /* UTC */
} record_webm_head;

typedef enum { RECORD_WEBM_VIDEO = 1, RECORD_WEBM_AUDIO } record_webm_track; /* also their numbers in the file */

typedef struct record_webm record_webm;
/* Appends the head to `out`, which is not owned. */
record_webm *record_webm_new(const record_webm_head *head, GByteArray *out);
void record_webm_free(record_webm *webm);
/* One frame at `time_ms` since `began_ms`. A time before the last block's is written as that. */
void record_webm_frame(record_webm *webm, record_webm_track track, gint64 time_ms, gboolean is_keyframe, GBytes *data);
/* A Void element of `bytes` in all, at least 2. */
void record_webm_void(record_webm *webm, gsize bytes);
