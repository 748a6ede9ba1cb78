/* SPDX-License-Identifier: EUPL-1.2 */
/* Datagrams on their way out: all peers of a worker write into one, and they leave together before the worker waits.
 *
 * One sendmmsg(2) takes all that goes through one socket, whoever the receivers are. Datagrams to one receiver that follow each
 * other with equal lengths (the last may be shorter) are one message for the kernel to cut (UDP_SEGMENT), where it can.
 * What the kernel does not take is counted and lost, as on any network. Nothing is allocated after outbox_new().
 * Thread: the worker's. */
#pragma once
#include "media/address.h"
#include "media/counters.h"
#include <stddef.h>

typedef struct outbox outbox;

/* One receiver, and through which socket. Kept by its owner as long as something waits for it: outbox_flush() before it goes
 * or changes. */
typedef struct outbox_way {
	int fd; /* borrowed */
	address to;
	uint16_t first, last; /* of what waits, in the outbox; the rest is the outbox's too */
	gboolean is_waiting;
	struct outbox_way *next;
} outbox_way;

outbox *outbox_new(counters *counters);
void outbox_free(outbox *outbox);

/* Room for one datagram of up to MEDIA_PACKET_MAX_BYTES, until outbox_commit(). */
uint8_t *outbox_reserve(outbox *outbox);
/* Queue what was written there. */
void outbox_commit(outbox *outbox, outbox_way *way, size_t length);
void outbox_flush(outbox *outbox);
