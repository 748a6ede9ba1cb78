/* SPDX-License-Identifier: EUPL-1.2 */
/* A thread that forwards: one GMainContext with the sockets of its peers, a tick, and a flush before each wait.
 *
 * A room lives on exactly one worker, and with it its peers; workers share nothing. What one wake-up brought leaves
 * together, just before the thread waits again. Others have work done by worker_run(), which waits for the result.
 * Thread: as said at each call. */
#pragma once
#include "media/ice.h"
#include <jansson.h>

typedef struct worker worker;
struct peer;
struct room;

/* "packets_received" …, as `stats` says it. */
const char *worker_counter_name(counter counter);

/* `emit` takes an event (transfer full) from any thread. `port` outlives it; NULL: each peer has a port of its own. */
worker *worker_new(guint number, port *port, void (*emit)(json_t *event, void *data), void *data);
/* Joins the thread. It has no peers or rooms any more. */
void worker_free(worker *worker);

/* Any thread but the worker's: run `work` there, and wait. */
void worker_run(worker *worker, void (*work)(void *data), void *data);
/* Any thread: how many peers it has, and what share of a processor it takes (percent, of the last second). */
guint worker_peer_count(const worker *worker);
guint worker_busy_percent(const worker *worker);
uint64_t worker_count(const worker *worker, counter counter);

/* On the worker. */
void worker_add_peer(worker *worker, struct peer *peer);
void worker_remove_peer(worker *worker, struct peer *peer);
void worker_add_room(worker *worker, struct room *room);
void worker_remove_room(worker *worker, struct room *room);
void worker_emit(const worker *worker, json_t *event);
void worker_add_count(worker *worker, counter counter, guint amount);
/* What its peers' paths need of it. */
const ice_loop *worker_loop(const worker *worker);
/* Room for one decrypted packet, valid until the next. */
uint8_t *worker_scratch(worker *worker);
