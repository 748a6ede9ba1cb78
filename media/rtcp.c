/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rtcp.h"
#include "media/bytes.h"
#include <string.h>

enum {
	HEADER_BYTES = 4,
	SENDER_INFO_BYTES = 20,
	REPORT_BYTES = 24,
	FEEDBACK_BYTES = 8, /* sender and media SSRC */
	CNAME_ITEM = 1,
	REMB_MANTISSA_BITS = 18,
};

gboolean rtcp_next(const uint8_t **data, size_t *length, rtcp_packet *packet)
{
	const uint8_t *head = *data;
	if (*length < HEADER_BYTES || head[0] >> 6 != 2)
		return FALSE;
	size_t size = 4u * (bytes_get16(head + 2) + 1u), padding = 0;
	if (size > *length)
		return FALSE;
	if (head[0] & 0x20) {
		padding = head[size - 1];
		if (padding == 0 || padding > size - HEADER_BYTES)
			return FALSE;
	}
	*packet = (rtcp_packet){
		.type = head[1], .count = head[0] & 31, .body = head + HEADER_BYTES, .length = size - HEADER_BYTES - padding
	};
	*data += size;
	*length -= size;
	return TRUE;
}

gboolean rtcp_get_report(const rtcp_packet *packet, guint index, rtcp_report *report)
{
	size_t offset = 4 + (packet->type == RTCP_SENDER_REPORT ? SENDER_INFO_BYTES : 0) + (size_t)index * REPORT_BYTES;
	if (index >= packet->count || (packet->type != RTCP_SENDER_REPORT && packet->type != RTCP_RECEIVER_REPORT) ||
		offset + REPORT_BYTES > packet->length)
		return FALSE;
	const uint8_t *block = packet->body + offset;
	*report = (rtcp_report){
		.ssrc = bytes_get32(block),
		.fraction_lost = block[4],
		.lost = (int32_t)(bytes_get24(block + 5) << 8) >> 8,
		.highest = bytes_get32(block + 8),
		.jitter = bytes_get32(block + 12),
		.last_report = bytes_get32(block + 16),
		.delay = bytes_get32(block + 20),
	};
	return TRUE;
}

uint32_t rtcp_get_sender(const rtcp_packet *packet)
{
	return packet->length >= 4 ? bytes_get32(packet->body) : 0;
}

gboolean rtcp_get_sender_info(const rtcp_packet *packet, rtcp_sender_info *info)
{
	if (packet->type != RTCP_SENDER_REPORT || packet->length < 4 + SENDER_INFO_BYTES)
		return FALSE;
	const uint8_t *body = packet->body + 4;
	*info = (rtcp_sender_info){
		.ntp = bytes_get64(body),
		.timestamp = bytes_get32(body + 8),
		.packets = bytes_get32(body + 12),
		.octets = bytes_get32(body + 16),
	};
	return TRUE;
}

uint32_t rtcp_get_media(const rtcp_packet *packet)
{
	gboolean is_fir = packet->type == RTCP_PAYLOAD_FEEDBACK && packet->count == RTCP_FORMAT_FIR;
	size_t offset = is_fir ? FEEDBACK_BYTES : 4;
	return packet->length >= offset + 4 ? bytes_get32(packet->body + offset) : 0;
}

guint rtcp_get_nack(const rtcp_packet *packet, uint16_t *sequences, guint max)
{
	guint count = 0;
	for (size_t offset = FEEDBACK_BYTES; offset + 4 <= packet->length; offset += 4) {
		uint16_t first = bytes_get16(packet->body + offset), following = bytes_get16(packet->body + offset + 2);
		if (count < max)
			sequences[count++] = first;
		for (guint bit = 0; bit < 16 && count < max; bit++) {
			if (following >> bit & 1)
				sequences[count++] = (uint16_t)(first + bit + 1);
		}
	}
	return count;
}

gboolean rtcp_get_remb(const rtcp_packet *packet, uint64_t *bitrate)
{
	const uint8_t *remb = packet->body + FEEDBACK_BYTES;
	if (packet->type != RTCP_PAYLOAD_FEEDBACK || packet->count != RTCP_FORMAT_REMB || packet->length < FEEDBACK_BYTES + 8 ||
		memcmp(remb, "REMB", 4) != 0)
		return FALSE;
	uint32_t word = bytes_get24(remb + 5);
	guint exponent = word >> REMB_MANTISSA_BITS;
	*bitrate = exponent < 46 ? (uint64_t)(word & ((1 << REMB_MANTISSA_BITS) - 1)) << exponent : G_MAXINT64;
	return TRUE;
}

/* Room for a packet of `body` bytes with its header written; NULL when it does not fit. */
static uint8_t *begin(rtcp_writer *writer, uint8_t type, guint count, size_t body)
{
	uint8_t *packet = writer->data + writer->length;
	if (writer->length + HEADER_BYTES + body > writer->size)
		return NULL;
	packet[0] = (uint8_t)(2 << 6 | count);
	packet[1] = type;
	bytes_put16(packet + 2, (uint16_t)(body / 4));
	writer->length += HEADER_BYTES + body;
	return packet + HEADER_BYTES;
}

void rtcp_write_sender_report(rtcp_writer *writer, uint32_t ssrc, const rtcp_sender_info *info)
{
	uint8_t *body = begin(writer, RTCP_SENDER_REPORT, 0, 4 + SENDER_INFO_BYTES);
	if (body == NULL)
		return;
	bytes_put32(body, ssrc);
	bytes_put64(body + 4, info->ntp);
	bytes_put32(body + 12, info->timestamp);
	bytes_put32(body + 16, info->packets);
	bytes_put32(body + 20, info->octets);
}

void rtcp_write_receiver_report(rtcp_writer *writer, uint32_t ssrc, const rtcp_report *reports, guint count)
{
	uint8_t *body = begin(writer, RTCP_RECEIVER_REPORT, count, 4 + (size_t)count * REPORT_BYTES);
	if (body == NULL)
		return;
	bytes_put32(body, ssrc);
	for (guint i = 0; i < count; i++) {
		uint8_t *block = body + 4 + (size_t)i * REPORT_BYTES;
		bytes_put32(block, reports[i].ssrc);
		block[4] = reports[i].fraction_lost;
		bytes_put24(block + 5, (uint32_t)CLAMP(reports[i].lost, -0x800000, 0x7fffff) & 0xffffff);
		bytes_put32(block + 8, reports[i].highest);
		bytes_put32(block + 12, reports[i].jitter);
		bytes_put32(block + 16, reports[i].last_report);
		bytes_put32(block + 20, reports[i].delay);
	}
}

void rtcp_write_cname(rtcp_writer *writer, uint32_t ssrc, const char *cname)
{
	size_t length = MIN(strlen(cname), 255);
	size_t size = (4 + 2 + length + 1 + 3) & ~(size_t)3; /* the list ends with at least one zero */
	uint8_t *body = begin(writer, RTCP_SOURCE_DESCRIPTION, 1, size);
	if (body == NULL)
		return;
	memset(body, 0, size);
	bytes_put32(body, ssrc);
	body[4] = CNAME_ITEM;
	body[5] = (uint8_t)length;
	memcpy(body + 6, cname, length);
}

static uint8_t *begin_feedback(rtcp_writer *writer, uint8_t type, guint format, uint32_t ssrc, uint32_t media, size_t size)
{
	uint8_t *body = begin(writer, type, format, FEEDBACK_BYTES + size);
	if (body == NULL)
		return NULL;
	bytes_put32(body, ssrc);
	bytes_put32(body + 4, media);
	return body + FEEDBACK_BYTES;
}

/* How many of `sequences` one NACK entry holds: the first and those within 16 behind it. */
static guint nack_entry(const uint16_t *sequences, guint count, uint16_t *following)
{
	guint used = 1;
	*following = 0;
	for (; used < count; used++) {
		uint16_t distance = (uint16_t)(sequences[used] - sequences[0]);
		if (distance == 0 || distance > 16)
			break;
		*following |= (uint16_t)(1 << (distance - 1));
	}
	return used;
}

void rtcp_write_nack(rtcp_writer *writer, uint32_t ssrc, uint32_t media, const uint16_t *sequences, guint count)
{
	guint entries = 0;
	uint16_t following;
	for (guint i = 0; i < count; i += nack_entry(sequences + i, count - i, &following))
		entries++;
	uint8_t *entry =
		entries > 0 ? begin_feedback(writer, RTCP_TRANSPORT_FEEDBACK, RTCP_FORMAT_NACK, ssrc, media, 4u * entries) : NULL;
	if (entry == NULL)
		return;
	for (guint i = 0; i < count; entry += 4) {
		bytes_put16(entry, sequences[i]);
		i += nack_entry(sequences + i, count - i, &following);
		bytes_put16(entry + 2, following);
	}
}

void rtcp_write_pli(rtcp_writer *writer, uint32_t ssrc, uint32_t media)
{
	begin_feedback(writer, RTCP_PAYLOAD_FEEDBACK, RTCP_FORMAT_PLI, ssrc, media, 0);
}

void rtcp_write_remb(rtcp_writer *writer, uint32_t ssrc, uint64_t bitrate, const uint32_t *media, guint count)
{
	uint8_t *remb = begin_feedback(writer, RTCP_PAYLOAD_FEEDBACK, RTCP_FORMAT_REMB, ssrc, 0, 8 + 4u * count);
	if (remb == NULL)
		return;
	guint exponent = 0;
	while (bitrate >> exponent >= 1 << REMB_MANTISSA_BITS)
		exponent++;
	memcpy(remb, "REMB", 4);
	remb[4] = (uint8_t)count;
	bytes_put24(remb + 5, exponent << REMB_MANTISSA_BITS | (uint32_t)(bitrate >> exponent));
	for (guint i = 0; i < count; i++)
		bytes_put32(remb + 8 + 4 * i, media[i]);
}

uint64_t rtcp_ntp(int64_t monotonic_us)
{
	uint64_t us = (uint64_t)monotonic_us;
	return us / 1000000 << 32 | ((us % 1000000) << 32) / 1000000;
}
