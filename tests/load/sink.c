/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/sink.h"
#include <string.h>

static gboolean is_same(const source_sent *sent, const rtp_packet *packet)
{
	return sent != NULL && sent->packet->length == packet->payload_length &&
	       memcmp(sent->packet->payload, packet->data + packet->payload_offset, packet->payload_length) == 0;
}

/* The source's number of a packet: the last one it sent with this payload. FALSE: none. */
static gboolean find_number(const source *source, const rtp_packet *packet, uint64_t *number)
{
	for (*number = source->sent; (*number)-- > 0;) {
		const source_sent *sent = source_find(source, *number);
		if (sent == NULL || is_same(sent, packet))
			return sent != NULL;
	}
	return FALSE;
}

static const source_sent *identify(sink *sink, const rtp_packet *packet, uint64_t sequence, uint64_t *number)
{
	*number = sequence - sink->offset;
	const source_sent *sent = sink->has_offset ? source_find(sink->source, *number) : NULL;
	if (is_same(sent, packet))
		return sent;
	sink->strange += sink->has_offset;
	sink->has_offset = find_number(sink->source, packet, number);
	sink->offset = sequence - *number;
	return sink->has_offset ? source_find(sink->source, *number) : NULL;
}

void sink_receive(sink *sink, const rtp_packet *packet, int64_t arrival_us, latency *latency)
{
	uint64_t sequence = rtp_unwrap(sink->highest, packet->sequence), number;
	sink->highest = MAX(sink->highest, sequence);
	sink->received++;
	const source_sent *sent = identify(sink, packet, sequence, &number);
	if (sent == NULL || number < sink->window_first || number >= sink->window_end)
		return;
	sink->window_received++;
	latency_note(latency, arrival_us - sent->sent_us);
}

void sink_begin_window(sink *sink)
{
	sink->window_first = sink->source->sent;
	sink->window_end = UINT64_MAX;
	sink->window_received = 0;
	sink->strange = 0;
}

void sink_end_window(sink *sink)
{
	sink->window_end = sink->source->sent;
}

guint64 sink_window_lost(const sink *sink)
{
	guint64 sent = sink->window_end - sink->window_first;
	return sent - MIN(sent, sink->window_received);
}

rtcp_report sink_report(const sink *sink)
{
	return (rtcp_report){ .ssrc = sink->ssrc, .highest = (uint32_t)sink->highest };
}
