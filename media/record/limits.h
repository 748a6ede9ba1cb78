/* SPDX-License-Identifier: EUPL-1.2 */
/* The recorder's limits. A killed recorder loses at most one second: what arrived is held back for HOLD, then muxed, and
 * leaves in a full 64 KiB chunk at FLUSH after its arrival at the latest (README.md). */
#pragma once

enum {
	RECORD_TRACKS_MAX = 32,             /* of one recording: 6 people with 2 tracks each, and some device changes */
	RECORD_PEOPLE_MAX = 12,             /* of one recording; a room holds 6, and each may be exchanged once */
	RECORD_NAME_MAX_BYTES = 64,         /* of a person or still: becomes part of a file name */
	RECORD_TITLE_MAX_BYTES = 200,       /* of a chapter */
	RECORD_REORDER_PACKETS = 1024,      /* per track: a second of 8 Mbit/s video. A power of two */
	RECORD_FRAME_MAX_BYTES = 4000000,   /* one coded picture; a 4K keyframe of good quality has under 1 MB */
	RECORD_PARAMETERS_MAX_BYTES = 4096, /* an H.264 parameter set, real ones have under 200; avcC has 16 bits for it */
	RECORD_REPAIR_AUDIO_MS = 120,       /* wait this long for a missing packet, on top of what `media` waited */
	RECORD_REPAIR_VIDEO_MS = 250,
	RECORD_HOLD_MS = 200,          /* every frame waits, so that the clock sees what comes after it (clock.h) */
	RECORD_HOLD_MAX_MS = 400,      /* longest wait for the other track, so that blocks are in order of time */
	RECORD_HEAD_WAIT_MS = 500,     /* a part's head waits for the first picture, to know its codec and rotation */
	RECORD_FLUSH_MS = 850,         /* arrival to file, with 150 ms left for the loop */
	RECORD_TICK_MS = 120,          /* the loop looks after waiting frames at least this often; media feeds it each 100 ms */
	RECORD_TICK_LEAST_MS = 60,     /* and with each batch, but not more often than this */
	RECORD_WATCHDOG_S = 30,        /* a loop that stands still so long is ended: it hangs */
	RECORD_LOCK_WAIT_MS = 8000,    /* for the recorder before, which may still be finishing the folder */
	RECORD_LINE_MS = 1000,         /* one line of the manifest per file and second */
	RECORD_CHAIN_MS = 10000,       /* the manifest's hash goes to the audit log */
	RECORD_CLUSTER_MS = 5000,      /* a WebM cluster without a keyframe; its times have 16 bits */
	RECORD_ROLL_MS = 2000,         /* least time between two parts with the same tracks: a flapping phone fills no folder */
	RECORD_GAP_MS = 1000,          /* no frame for this time is a gap worth a line */
	RECORD_KEYFRAME_ASK_MS = 1000, /* ask for a keyframe at most this often per track */
	RECORD_BACKLOG_MAX_BYTES = 16777216,  /* per file, kept in memory while the disk is full: two minutes of 1 Mbit/s */
	RECORD_MANIFEST_MAX_BYTES = 67108864, /* a day of six people has 50 MB */
	RECORD_PREVIEW_MAX_PIXELS = 960,      /* longer side of a still's JPEG preview */
	RECORD_PREVIEW_MAX_BYTES = 120000,    /* of it; in Base64 it fits into RECORD_EVENT_MAX_BYTES */
	RECORD_STILLS_WAITING_MAX = 4,        /* asked for and not yet answered */
};
