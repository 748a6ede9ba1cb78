/* SPDX-License-Identifier: EUPL-1.2 */
/* RTP payloads, in order, made into frames. A part of track.h; see there. */
#pragma once
#include "media/record/track.h"

typedef struct {
	const guint8 *data;
	gsize length; /* at least 1 */
	gint64 rtp;
	gint64 sequence;
	gboolean marker;
	guint orientation;
	gint64 arrival_us;
} record_payload_packet;

typedef struct record_payload record_payload;
record_payload *record_payload_new(record_codec codec);
void record_payload_free(record_payload *payload);
/* Returns (transfer full) the frame that is complete with this packet, or NULL. */
record_frame *record_payload_add(record_payload *payload, const record_payload_packet *packet);
/* Packets are missing before the next one. */
void record_payload_lost(record_payload *payload);
gboolean record_payload_needs_keyframe(const record_payload *payload);
GBytes *record_payload_codec_private(const record_payload *payload);
