/* SPDX-License-Identifier: EUPL-1.2 */
/* A sequence of RTP packets, each behind its length: extensions, keyframes, gaps, and the walk of a recording. */
#include "media/track.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const rtp_packet *packet)
{
	if ((size_t)packet->payload_offset + packet->payload_length > packet->length)
		abort();
	for (guint i = 0; i < RTP_EXTENSION_COUNT; i++) {
		if ((size_t)packet->extension[i].offset + packet->extension[i].length > packet->length)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const rtp_extension_ids ids = { { 4, 3, 1, 13, 2 } };
	rtp_codec codec = size > 0 && data[0] & 1 ? RTP_CODEC_H264 : RTP_CODEC_VP8;
	g_autoptr(track) track = track_new(codec, 90000);
	uint64_t position = 0;
	uint16_t sequences[TRACK_GAPS_MAX];
	int64_t now_us = 1000000;
	while (size > 1) {
		size_t length = MIN(data[0] & 0x7f, size - 1);
		rtp_packet packet;
		gboolean has_restarted = FALSE;
		if (rtp_parse(&packet, data + 1, length, &ids)) {
			check(&packet);
			track_receive(track, &packet, now_us, &has_restarted);
		}
		now_us += data[0] * 1000;
		track_nacks(track, now_us, 50, sequences, TRACK_GAPS_MAX);
		const track_packet *kept = track_next_in_order(track, &position, 300, now_us);
		if (kept != NULL)
			check(&kept->packet);
		data += 1 + length;
		size -= 1 + length;
	}
	rtcp_report report;
	track_report(track, now_us, &report);
	return 0;
}
