/* SPDX-License-Identifier: EUPL-1.2 */
/* Everything that `jawort media` holds, by id: workers, peers, rooms, recordings; and the commands that change it.
 *
 * Thread: the main one. What lives on a worker is touched through worker_run() only. */
#pragma once
#include "media/peer.h"
#include "media/reply.h"

typedef struct directory directory;

typedef struct {
	peer_options peer;
	port *port;                   /* all peers', of ICE-lite; NULL: each has its own */
	guint workers, worker_people; /* threads; how many people one takes before the next is used */
	recorder_launcher *launcher;  /* not owned; NULL: every recording fails */
} directory_options;

/* `options` outlives it. `emit` takes events (transfer full) from any thread. */
directory *directory_new(const directory_options *options, void (*emit)(json_t *event, void *data), void *data);
/* Closes all peers; recorders read the end of their socket and finish by themselves. */
void directory_free(directory *directory);

/* Pause all recordings by ourselves; "hello" names them until they are paused or go on by command. */
void directory_pause_recordings(directory *directory);

/* One command of control.h. Answers `reply`, now or later. */
void directory_dispatch(void *directory, json_t *command, reply *reply);
