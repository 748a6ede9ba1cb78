/* SPDX-License-Identifier: EUPL-1.2 */
/* Between the workers of one port: who has whom, and datagrams that came to the wrong one.
 *
 * The kernel spreads a port's datagrams over the workers' sockets by a hash of the addresses; it knows nothing of rooms. What is
 * not a worker's own is asked for here, a batch at a time: one lock to find the owners, one lock and at most one wake-up for each
 * of them. A full inbox loses datagrams, as a full socket does. Nothing is allocated after exchange_new().
 * Thread: any, unless said otherwise. */
#pragma once
#include "media/counters.h"
#include "media/routes.h"
#include <stddef.h>

typedef struct {
	uint8_t *data;
	uint16_t length;
	uint16_t binding; /* which of the port's addresses it came to */
	address from;
} datagram;

typedef struct exchange exchange;
exchange *exchange_new(guint workers);
void exchange_free(exchange *exchange);

/* `worker` has it from now on. FALSE when another has it, or when there are too many. */
gboolean exchange_claim(exchange *exchange, const route_key *key, guint worker);
void exchange_release(exchange *exchange, const route_key *key);

/* Give each to whom it belongs, if to anybody but `worker`, who counts it. */
typedef struct {
	const datagram *datagram;
	route_key key;
} stray;
void exchange_hand_over(exchange *exchange, guint worker, const stray *strays, guint count, counters *counters);

/* Readable when something waits for the worker. */
int exchange_fd(const exchange *exchange, guint worker);
/* The worker: what waits, valid until it takes again. */
const datagram *exchange_take(exchange *exchange, guint worker, guint *count);
