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

/* Counted by the worker, read from any thread. */
typedef enum {
	COUNTER_RECEIVED,      /* RTP packets in */
	COUNTER_FORWARDED,     /* RTP packets out, once a receiver */
	COUNTER_RETRANSMITTED, /* packets sent as RTX */
	COUNTER_RESTORED,      /* packets that came as RTX to us */
	COUNTER_REFUSED,       /* not authentic, replayed or malformed */
	COUNTER_NACKED,        /* packets asked for */
	COUNTER_KEYFRAMES_ASKED,
	COUNTER_UNROUTED,   /* of an SSRC or payload type that nobody negotiated */
	COUNTER_RECORDED,   /* packets given to a recorder */
	COUNTER_UNRECORDED, /* packets a recording lacks: lost for good, or overwritten while a recorder stalled */
	COUNTER_COUNT,
} worker_counter;
const char *worker_counter_name(worker_counter counter);

/* `emit` takes an event (transfer full) from any thread. */
worker *worker_new(guint number, void (*emit)(json_t *event, void *data), void *data);
/* Joins the thread. It has no peers or rooms any more. */
void worker_free(worker *worker);

/* Any thread but the worker's: run `work` there, and wait. */
void worker_run(worker *worker, void (*work)(void *data), void *data);
GMainContext *worker_context(const worker *worker);
/* Any thread: how many peers it has. */
guint worker_load(const worker *worker);
uint64_t worker_count(const worker *worker, worker_counter counter);

/* On the worker. */
void worker_add_peer(worker *worker, struct peer *peer);
void worker_remove_peer(worker *worker, struct peer *peer);
void worker_add_room(worker *worker, struct room *room);
void worker_remove_room(worker *worker, struct room *room);
void worker_emit(const worker *worker, json_t *event);
void worker_add_count(worker *worker, worker_counter counter, guint amount);
ice_outbox *worker_outbox(worker *worker);
/* Room for one decrypted packet, valid until the next. */
uint8_t *worker_scratch(worker *worker);
