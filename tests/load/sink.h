/* SPDX-License-Identifier: EUPL-1.2 */
/* One track that a person is sent. The server gave it numbers of its own; which of the source's packets each one is, is found by
 * its payload once, and then followed and compared byte by byte. So loss, delay and damage are those of the same packet. */
#pragma once
#include "tests/load/latency.h"
#include "tests/load/source.h"

typedef struct {
	const source *source;
	uint32_t ssrc;
	gboolean has_offset;
	uint64_t offset;  /* the server's number minus the source's */
	uint64_t highest; /* unwrapped, of the server's */
	guint64 received; /* packets in all */
	guint64 strange;  /* none of the source's, or damaged */

	/* The window: what was sent between its begin and end, whenever it arrives. */
	uint64_t window_first, window_end; /* numbers of the source; equal: no window */
	guint64 window_received;
} sink;

void sink_receive(sink *sink, const rtp_packet *packet, int64_t arrival_us, latency *latency);
void sink_begin_window(sink *sink);
void sink_end_window(sink *sink);
/* What was sent and did not arrive; some time after the end. */
guint64 sink_window_lost(const sink *sink);
/* For an RR. */
rtcp_report sink_report(const sink *sink);
