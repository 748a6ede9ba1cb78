/* SPDX-License-Identifier: EUPL-1.2 */
/* What a worker counts: written by its thread only, read by any. */
#pragma once
#include <glib.h>
#include <stdint.h>

typedef enum {
	COUNTER_RECEIVED,      /* RTP packets in */
	COUNTER_FORWARDED,     /* RTP packets out, once a receiver */
	COUNTER_RETRANSMITTED, /* packets sent as RTX */
	COUNTER_RESTORED,      /* packets that came as RTX to us */
	COUNTER_REFUSED,       /* not authentic, replayed or malformed */
	COUNTER_NACKED,        /* packets asked for */
	COUNTER_KEYFRAMES_ASKED,
	COUNTER_UNROUTED,       /* of an SSRC or payload type that nobody negotiated */
	COUNTER_RECORDED,       /* packets given to a recorder */
	COUNTER_UNRECORDED,     /* packets a recording lacks: lost for good, or overwritten while a recorder stalled */
	COUNTER_STRANGE,        /* datagrams of nobody we know */
	COUNTER_OVERSIZED,      /* datagrams longer than MEDIA_PACKET_MAX_BYTES */
	COUNTER_CHECKED,        /* authenticated connectivity checks */
	COUNTER_CHECKS_REFUSED, /* checks with a known user name and a wrong password, or of an address that is another's */
	COUNTER_HANDED_OVER,    /* datagrams that the kernel gave to another worker than theirs */
	COUNTER_OVERFLOWED,     /* datagrams that no buffer could hold: the socket's, or the one between workers */
	COUNTER_UNSENT,         /* datagrams that the kernel did not take */
	COUNTER_SENT_BATCHES,   /* sendmmsg(2) calls */
	COUNTER_SENT_MESSAGES,  /* messages in them: fewer than datagrams where the kernel cuts */
	COUNTER_SENT_DATAGRAMS,
	COUNTER_WAKE_UPS, /* because datagrams came */
	COUNTER_COUNT,
} counter;

/* Zeroed is ready. */
typedef struct {
	uint64_t values[COUNTER_COUNT];
} counters;

/* One writer: a plain addition, only the store must be whole. */
static inline void counters_add(counters *counters, counter counter, uint64_t amount)
{
	__atomic_store_n(&counters->values[counter], counters->values[counter] + amount, __ATOMIC_RELAXED);
}

static inline uint64_t counters_read(const counters *counters, counter counter)
{
	return __atomic_load_n(&counters->values[counter], __ATOMIC_RELAXED);
}
