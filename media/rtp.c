/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rtp.h"
#include "media/bytes.h"
#include "media/limits.h"
#include <string.h>

enum {
	PROFILE_ONE_BYTE = 0xbede,
	PROFILE_TWO_BYTE = 0x1000, /* the low four bits are the application's */
	ONE_BYTE_STOP = 15,
};

gboolean rtp_is_rtcp(const uint8_t *data, size_t length)
{
	return length >= 2 && data[1] >= 192 && data[1] <= 223;
}

static void note_extension(rtp_packet *packet, const rtp_extension_ids *ids, uint8_t id, size_t offset, uint8_t length)
{
	if (id == 0 || length == 0)
		return;
	for (guint i = 0; i < RTP_EXTENSION_COUNT; i++) {
		if (ids->id[i] == id) {
			packet->extension[i].offset = (uint16_t)offset;
			packet->extension[i].length = length;
		}
	}
}

static void parse_extensions(rtp_packet *packet, const rtp_extension_ids *ids, uint16_t profile, size_t offset, size_t end)
{
	const uint8_t *data = packet->data;
	gboolean is_one_byte = profile == PROFILE_ONE_BYTE;
	if (!is_one_byte && (profile & 0xfff0) != PROFILE_TWO_BYTE)
		return;
	while (offset < end) {
		if (data[offset] == 0) { /* padding */
			offset++;
			continue;
		}
		uint8_t id, length;
		if (is_one_byte) {
			id = data[offset] >> 4;
			length = (data[offset] & 15) + 1;
			offset += 1;
		} else {
			if (end - offset < 2)
				return;
			id = data[offset];
			length = data[offset + 1];
			offset += 2;
		}
		if (end - offset < length || (is_one_byte && id == ONE_BYTE_STOP))
			return;
		note_extension(packet, ids, id, offset, length);
		offset += length;
	}
}

gboolean rtp_parse(rtp_packet *packet, const uint8_t *data, size_t length, const rtp_extension_ids *ids)
{
	if (length < RTP_HEADER_BYTES || length > MEDIA_PACKET_MAX_BYTES || data[0] >> 6 != 2)
		return FALSE;
	*packet = (rtp_packet){
		.data = data,
		.length = (uint16_t)length,
		.payload_type = data[1] & 0x7f,
		.has_marker = data[1] >> 7,
		.sequence = bytes_get16(data + 2),
		.timestamp = bytes_get32(data + 4),
		.ssrc = bytes_get32(data + 8),
	};
	size_t offset = RTP_HEADER_BYTES + 4u * (data[0] & 15);
	if (offset > length)
		return FALSE;
	if (data[0] & 0x10) {
		if (length - offset < 4)
			return FALSE;
		uint16_t profile = bytes_get16(data + offset);
		size_t size = 4u * bytes_get16(data + offset + 2);
		offset += 4;
		if (length - offset < size)
			return FALSE;
		parse_extensions(packet, ids, profile, offset, offset + size);
		offset += size;
	}
	size_t padding = 0;
	if (data[0] & 0x20) {
		padding = data[length - 1];
		if (padding == 0 || padding > length - offset)
			return FALSE;
	}
	packet->payload_offset = (uint16_t)offset;
	packet->payload_length = (uint16_t)(length - offset - padding);
	return TRUE;
}

size_t rtp_header_write(uint8_t *out, const rtp_header *header, const rtp_extension_ids *ids)
{
	out[0] = 2 << 6;
	out[1] = (uint8_t)((header->has_marker ? 0x80 : 0) | header->payload_type);
	bytes_put16(out + 2, header->sequence);
	bytes_put32(out + 4, header->timestamp);
	bytes_put32(out + 8, header->ssrc);
	size_t length = RTP_HEADER_BYTES + 4;
	for (guint i = 0; i < RTP_EXTENSION_COUNT; i++) {
		uint8_t size = header->extension[i].length;
		if (header->extension[i].value == NULL || ids->id[i] == 0 || size == 0 ||
			length + 1 + size > RTP_HEADER_MAX_BYTES - 3)
			continue;
		out[length++] = (uint8_t)(ids->id[i] << 4 | (size - 1));
		memcpy(out + length, header->extension[i].value, size);
		length += size;
	}
	if (length == RTP_HEADER_BYTES + 4)
		return RTP_HEADER_BYTES;
	while (length % 4 != 0)
		out[length++] = 0;
	out[0] |= 0x10;
	bytes_put16(out + RTP_HEADER_BYTES, PROFILE_ONE_BYTE);
	bytes_put16(out + RTP_HEADER_BYTES + 2, (uint16_t)((length - RTP_HEADER_BYTES - 4) / 4));
	return length;
}

uint64_t rtp_unwrap(uint64_t reference, uint16_t sequence)
{
	int16_t distance = (int16_t)(sequence - (uint16_t)reference);
	if (distance < 0 && reference < (uint64_t)-distance)
		return reference + (uint16_t)distance; /* there is nothing before 0 */
	return reference + (uint64_t)distance;
}

void rtp_abs_send_time(uint8_t out[3], int64_t now_us)
{
	uint64_t fixed = ((uint64_t)now_us << 18) / 1000000;
	out[0] = (uint8_t)(fixed >> 16);
	out[1] = (uint8_t)(fixed >> 8);
	out[2] = (uint8_t)fixed;
}

void rtp_continuity_init(rtp_continuity *continuity, uint32_t clock_rate, uint16_t first_sequence, uint32_t first_timestamp)
{
	*continuity = (rtp_continuity){
		.clock_rate = clock_rate,
		.is_waiting = TRUE,
		.last_sequence = (first_sequence & 0x7fff),
		.last_timestamp = first_timestamp,
	};
}

void rtp_continuity_restart(rtp_continuity *continuity)
{
	continuity->is_waiting = TRUE;
}

static void begin_source(rtp_continuity *continuity, uint64_t sequence, uint32_t timestamp, int64_t now_us)
{
	uint64_t next = continuity->last_sequence + 1;
	uint32_t elapsed = 0;
	if (continuity->has_sent) {
		int64_t passed = (now_us - continuity->last_us) * continuity->clock_rate / 1000000;
		elapsed = (uint32_t)MAX(passed, 1);
	}
	continuity->is_waiting = FALSE;
	continuity->first_in = sequence;
	continuity->sequence_offset = next - sequence;
	continuity->timestamp_offset = continuity->last_timestamp + elapsed - timestamp;
}

gboolean rtp_continuity_map(rtp_continuity *continuity, uint64_t sequence, uint32_t timestamp, int64_t now_us,
	uint64_t *out_sequence, uint32_t *out_timestamp)
{
	if (continuity->is_waiting)
		begin_source(continuity, sequence, timestamp, now_us);
	else if (sequence < continuity->first_in)
		return FALSE;
	*out_sequence = sequence + continuity->sequence_offset;
	*out_timestamp = timestamp + continuity->timestamp_offset;
	if (*out_sequence > continuity->last_sequence || !continuity->has_sent) {
		continuity->has_sent = TRUE;
		continuity->last_sequence = *out_sequence;
		continuity->last_timestamp = *out_timestamp;
		continuity->last_us = now_us;
	}
	return TRUE;
}

size_t rtp_vp8_descriptor(const uint8_t *payload, size_t length, gboolean *is_start)
{
	size_t end = 1;
	if (length >= 2 && payload[0] & 0x80) {
		uint8_t flags = payload[1];
		end = 2;
		if (flags & 0x80)
			end += length > end && payload[end] & 0x80 ? 2 : 1;
		end += flags & 0x40 ? 1 : 0;
		end += flags & 0x30 ? 1 : 0;
	}
	if (length <= end)
		return 0;
	*is_start = (payload[0] & 0x10) != 0 && (payload[0] & 7) == 0;
	return end;
}

/* RFC 6386, 9.1: the frame header, in the first packet of a picture. */
static gboolean vp8_is_keyframe(const uint8_t *payload, size_t length, uint16_t *width, uint16_t *height)
{
	gboolean is_start = FALSE;
	size_t offset = rtp_vp8_descriptor(payload, length, &is_start);
	if (offset == 0 || !is_start || (payload[offset] & 1) != 0)
		return FALSE;
	const uint8_t *frame = payload + offset;
	if (length >= offset + 10 && frame[3] == 0x9d && frame[4] == 0x01 && frame[5] == 0x2a) {
		*width = (uint16_t)((frame[6] | frame[7] << 8) & 0x3fff);
		*height = (uint16_t)((frame[8] | frame[9] << 8) & 0x3fff);
	}
	return TRUE;
}

enum { NAL_IDR = 5, NAL_SPS = 7, NAL_STAP_A = 24, NAL_FU_A = 28 };

static gboolean h264_nal_is_key(uint8_t nal)
{
	return (nal & 31) == NAL_IDR || (nal & 31) == NAL_SPS;
}

static gboolean h264_is_keyframe(const uint8_t *payload, size_t length)
{
	if (length < 2)
		return FALSE;
	switch (payload[0] & 31) {
	case NAL_FU_A:
		return (payload[1] & 0x80) != 0 && h264_nal_is_key(payload[1]);
	case NAL_STAP_A:
		for (size_t offset = 1; offset + 3 <= length; offset += 2u + bytes_get16(payload + offset)) {
			if (h264_nal_is_key(payload[offset + 2]))
				return TRUE;
		}
		return FALSE;
	default:
		return h264_nal_is_key(payload[0]);
	}
}

gboolean rtp_payload_is_keyframe(rtp_codec codec, const uint8_t *payload, size_t length, uint16_t *width, uint16_t *height)
{
	switch (codec) {
	case RTP_CODEC_VP8:
		return vp8_is_keyframe(payload, length, width, height);
	case RTP_CODEC_H264:
		return h264_is_keyframe(payload, length);
	default:
		return FALSE;
	}
}
