/* SPDX-License-Identifier: EUPL-1.2 */
/* What every person of the load sends: some seconds of VP8 and Opus, cut into packets as Chromium does and with the times at
 * which its pacer lets them go.
 *
 * The file holds encoded frames (make-capture.c); packets are made of them when it is read. It is played in a loop, so it begins
 * with a keyframe. Read-only after capture_load(). */
#pragma once
#include <glib.h>
#include <stdint.h>

typedef enum { CAPTURE_AUDIO, CAPTURE_VIDEO, CAPTURE_KINDS } capture_kind;

/* The file: the magic, then frames, each a header in the machine's byte order and its bytes, in order of time. */
#define CAPTURE_MAGIC "jawort-load-1\n"
typedef struct {
	uint32_t kind; /* capture_kind */
	uint32_t is_keyframe;
	uint32_t time_us;
	uint32_t length;
} capture_frame;

typedef struct {
	int64_t at_us;      /* when it leaves, from the beginning */
	uint32_t timestamp; /* from the beginning, in units of the clock rate */
	const uint8_t *payload;
	uint16_t length;
	gboolean has_marker, begins_frame, begins_keyframe;
} capture_packet;

typedef struct {
	uint32_t clock_rate;
	capture_packet *packets;
	guint count;
} capture_track;

typedef struct capture {
	capture_track tracks[CAPTURE_KINDS];
	int64_t duration_us;
	GPtrArray *payloads; /* owned memory */
} capture;

/* (transfer full), NULL with G_FILE_ERROR. */
capture *capture_load(const char *path, GError **error);
void capture_free(capture *capture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(capture, capture_free)

/* The next packet after `position` that begins a keyframe; the capture is a loop. */
guint capture_next_keyframe(const capture_track *track, guint position);
