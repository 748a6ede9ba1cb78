/* SPDX-License-Identifier: EUPL-1.2 */
/* One track that a person sends: the capture, played in a loop at its own pace; keyframes and lost packets on request. */
#pragma once
#include "media/rtcp.h"
#include "tests/load/transport.h"

enum { SOURCE_RING = 2048 }; /* packets remembered: over 10 s of video */

/* A packet that was sent. */
typedef struct {
	const capture_packet *packet;
	int64_t sent_us;
	uint32_t timestamp;
} source_sent;

typedef struct source {
	const capture_track *track;
	transport *transport; /* NULL: nothing is sent yet */
	source_numbers numbers;
	char mid[RTP_EXTENSION_VALUE_MAX_BYTES + 1];
	rtp_extension_ids extensions;
	capture_kind kind;
	guint position;      /* of the capture, next */
	int64_t base_us;     /* when the capture began, this time round */
	int64_t begin_us;    /* when it began the first time */
	int64_t duration_us; /* of the capture */
	int64_t keyframe_us; /* when the last one was begun */
	gboolean wants_keyframe;
	uint16_t first_sequence;
	uint64_t sent; /* packets so far; the next one's number */
	uint64_t octets, resent;
	source_sent ring[SOURCE_RING]; /* by number */
} source;

source *source_new(const capture *capture, capture_kind kind);
/* Begin at a keyframe, at `begin_us` of the monotonic clock. */
void source_start(source *source, transport *transport, const described_media *negotiated, int64_t begin_us);
/* Send what is due. Returns when the next packet is. */
int64_t source_run(source *source, int64_t now_us);
/* The packet `number` if it is still remembered. */
const source_sent *source_find(const source *source, uint64_t number);
/* What the server asked: a keyframe at the next frame; packets again, by their RTP numbers. */
void source_want_keyframe(source *source);
void source_resend(source *source, const uint16_t *sequences, guint count);
/* Append a sender report and CNAME. */
void source_report(const source *source, rtcp_writer *writer, int64_t now_us);
