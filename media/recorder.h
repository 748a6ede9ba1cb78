/* SPDX-License-Identifier: EUPL-1.2 */
/* One recording, seen from `media`: the process `jawort record` at the other end of a socketpair (record/link.h), fed with the
 * packets of a room after the repair window and in their order.
 *
 * It never waits for the process: what cannot be handed over stays in the tracks' rings and is lost when they overflow. A process
 * that dies is started again with the next part. Only people of the room are recorded: who was moved elsewhere is a gap.
 * Thread: the worker of its room. Events "record.…" are emitted by worker_emit(). */
#pragma once
#include "media/recorder-launcher.h"
#include "media/reply.h"
#include "media/worker.h"

typedef struct recorder recorder;
struct room;

/* Start the process. `command` has the folder, the recipients and the first part, as in "record.start", whose `reply` is answered
 * when key.age is written. `launcher` outlives it. Never NULL; a failure goes to `reply`. */
recorder *recorder_new(const char *id, const json_t *command, recorder_launcher *launcher, worker *worker, reply *reply);
/* Ends the process when it has not stopped. */
void recorder_free(recorder *recorder);

/* Stopped or failed for good: it does nothing any more. */
gboolean recorder_is_finished(const recorder *recorder);

/* Record the peer of this id as `name`. The same name again: the person goes on with another peer.
 * FALSE with MEDIA_ERROR_LIMIT. */
gboolean recorder_add_person(recorder *recorder, const char *peer, const char *name, GError **error);
/* What has come before is recorded. */
void recorder_pause(recorder *recorder, struct room *room, gboolean is_paused);
void recorder_chapter(recorder *recorder, const char *title);
/* Answered within RECORDER_STILL_TIMEOUT_MS. The room's peer is asked for a keyframe. */
void recorder_still(recorder *recorder, struct room *room, const char *peer, const char *still, gboolean has_mrz, reply *reply);
void recorder_stop(recorder *recorder, struct room *room, gboolean is_destroyed, reply *reply);

/* Hand over what is due, look after time-outs. Each tick of the room. */
void recorder_feed(recorder *recorder, struct room *room, int64_t now_us);
