/* SPDX-License-Identifier: EUPL-1.2 */
/* Header extensions of any shape, read with any ids, and written anew with others: what is kept arrives unchanged.
 * Input: five ids to read with, five to write with, then a packet. */
#include "media/rtp.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const rtp_packet *packet, const rtp_packet *again, const rtp_extension_ids *ids)
{
	for (guint i = 0; i < RTP_EXTENSION_COUNT; i++) {
		const typeof(packet->extension[0]) *before = &packet->extension[i], *after = &again->extension[i];
		gboolean is_alone = TRUE; /* two extensions of one id: only the last is found */
		for (guint j = 0; j < RTP_EXTENSION_COUNT; j++)
			is_alone &= i == j || ids->id[i] != ids->id[j];
		if (!is_alone || after->length == 0)
			continue;
		if (after->length != before->length ||
			memcmp(packet->data + before->offset, again->data + after->offset, before->length) != 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	rtp_extension_ids ids, other;
	rtp_packet packet, again;
	if (size < 2 * RTP_EXTENSION_COUNT)
		return 0;
	for (guint i = 0; i < RTP_EXTENSION_COUNT; i++) {
		ids.id[i] = data[i] % 15;
		other.id[i] = data[RTP_EXTENSION_COUNT + i] % 15;
	}
	if (!rtp_parse(&packet, data + 2 * RTP_EXTENSION_COUNT, size - 2 * RTP_EXTENSION_COUNT, &ids))
		return 0;
	rtp_header header = { .payload_type = packet.payload_type, .sequence = packet.sequence, .ssrc = packet.ssrc };
	for (guint i = 0; i < RTP_EXTENSION_COUNT; i++) {
		if (packet.extension[i].length == 0 || packet.extension[i].length > RTP_EXTENSION_VALUE_MAX_BYTES)
			continue;
		header.extension[i].value = packet.data + packet.extension[i].offset;
		header.extension[i].length = packet.extension[i].length;
	}
	uint8_t out[RTP_HEADER_MAX_BYTES];
	size_t length = rtp_header_write(out, &header, &other);
	if (length > sizeof(out) || !rtp_parse(&again, out, length, &other) || again.payload_length != 0)
		abort();
	check(&packet, &again, &other);
	return 0;
}
