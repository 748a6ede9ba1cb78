/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/twcc.h"
#include "media/bytes.h"
#include "media/rtp.h"
#include <string.h>

enum {
	DELTA_US = 250,
	REFERENCE_US = 64000,
	SYMBOLS_PER_CHUNK = 7, /* two bits each */
	REPORTED_MAX = 420,    /* packets in one feedback: fits the MTU at two bytes a delta */
	HEADER_BYTES = 16,     /* SSRCs, base, count, reference time and feedback number */
};
enum { SYMBOL_MISSING = 0, SYMBOL_SMALL = 1, SYMBOL_LARGE = 2 };

static int64_t *arrival(twcc *twcc, uint64_t sequence)
{
	return &twcc->arrival_us[sequence % TWCC_RING];
}

void twcc_note(twcc *twcc, uint16_t number, int64_t arrival_us)
{
	if (!twcc->is_started) {
		twcc->is_started = TRUE;
		twcc->next = twcc->highest = 0x10000u + number;
	}
	uint64_t sequence = rtp_unwrap(twcc->highest, number);
	if (sequence < twcc->next)
		return;                           /* reported as missing already */
	if (sequence >= twcc->next + TWCC_RING) { /* an outage, or nonsense: begin anew here */
		memset(twcc->arrival_us, 0, sizeof(twcc->arrival_us));
		twcc->next = sequence;
		twcc->highest = sequence;
	}
	twcc->highest = MAX(twcc->highest, sequence);
	*arrival(twcc, sequence) = arrival_us;
}

static guint symbol_of(int64_t delta)
{
	return delta >= 0 && delta <= G_MAXUINT8 ? SYMBOL_SMALL : SYMBOL_LARGE;
}

static void write_chunks(uint8_t *out, const uint8_t *symbols, guint count)
{
	for (guint i = 0; i < count; i += SYMBOLS_PER_CHUNK, out += 2) {
		uint16_t chunk = 3 << 14; /* a vector of two-bit symbols */
		for (guint j = 0; j < SYMBOLS_PER_CHUNK && i + j < count; j++)
			chunk |= (uint16_t)(symbols[i + j] << (12 - 2 * j));
		bytes_put16(out, chunk);
	}
}

gboolean twcc_write(twcc *twcc, rtcp_writer *writer, uint32_t ssrc, uint32_t media)
{
	uint64_t first = twcc->next;
	while (twcc->is_started && first <= twcc->highest && *arrival(twcc, first) == 0)
		first++;
	if (!twcc->is_started || first > twcc->highest)
		return FALSE;
	if (first - twcc->next >= REPORTED_MAX)
		twcc->next = first;
	uint8_t symbols[REPORTED_MAX], deltas[2 * REPORTED_MAX];
	int64_t reference = *arrival(twcc, first) / REFERENCE_US, last = reference * (REFERENCE_US / DELTA_US);
	guint count = 0;
	size_t delta_bytes = 0;
	for (uint64_t sequence = twcc->next; sequence <= twcc->highest && count < REPORTED_MAX; sequence++, count++) {
		int64_t time = *arrival(twcc, sequence);
		symbols[count] = SYMBOL_MISSING;
		if (time == 0)
			continue;
		int64_t delta = time / DELTA_US - last;
		if (delta < G_MININT16 || delta > G_MAXINT16)
			break; /* more than 8 s: it begins the next feedback */
		symbols[count] = (uint8_t)symbol_of(delta);
		if (symbols[count] == SYMBOL_SMALL)
			deltas[delta_bytes++] = (uint8_t)delta;
		else
			bytes_put16(deltas + delta_bytes, (uint16_t)delta), delta_bytes += 2;
		last += delta;
	}
	size_t chunk_bytes = 2u * ((count + SYMBOLS_PER_CHUNK - 1) / SYMBOLS_PER_CHUNK);
	size_t size = (HEADER_BYTES + chunk_bytes + delta_bytes + 3) & ~(size_t)3;
	if (writer->length + 4 + size > writer->size)
		return FALSE;
	uint8_t *packet = writer->data + writer->length;
	memset(packet, 0, 4 + size);
	packet[0] = 2 << 6 | RTCP_FORMAT_TRANSPORT_CC;
	packet[1] = RTCP_TRANSPORT_FEEDBACK;
	bytes_put16(packet + 2, (uint16_t)(size / 4));
	bytes_put32(packet + 4, ssrc);
	bytes_put32(packet + 8, media);
	bytes_put16(packet + 12, (uint16_t)twcc->next);
	bytes_put16(packet + 14, (uint16_t)count);
	bytes_put24(packet + 16, (uint32_t)reference & 0xffffff);
	packet[19] = twcc->feedbacks++;
	write_chunks(packet + 20, symbols, count);
	memcpy(packet + 20 + chunk_bytes, deltas, delta_bytes);
	writer->length += 4 + size;
	for (guint i = 0; i < count; i++)
		*arrival(twcc, twcc->next++) = 0;
	return twcc->next <= twcc->highest;
}
