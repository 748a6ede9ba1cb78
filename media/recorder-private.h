/* SPDX-License-Identifier: EUPL-1.2 */
/* The inside of a recorder, for its own files: recorder.c is its life and what is asked of it, recorder-process.c the process and
 * what it says, recorder-feed.c what it is given. Everybody else knows recorder.h. */
#pragma once
#include "media/error.h"
#include "media/limits.h"
#include "media/recorder.h"
#include "media/record/link.h"
#include "media/room.h"

typedef enum { RECORDER_STARTING, RECORDER_ON, RECORDER_STOPPING, RECORDER_FINISHED } recorder_state;

/* One track of a person, as the recorder numbers it. */
typedef struct {
	gboolean is_announced;
	uint64_t position; /* next packet, track_next_in_order() */
	uint64_t clock;    /* last sender report handed over */
	rtp_continuity continuity;
} feed;

typedef struct person {
	char *name, *peer;
	uint64_t serial; /* of the peer it was fed from last */
	gboolean needs_keyframe;
	feed feeds[SDP_STREAMS];
} person;

typedef struct still {
	char *id;
	reply *reply;
	int64_t deadline_us;
} still;

struct recorder {
	char *id;
	json_t *command;
	worker *worker;
	recorder_state state;
	gint part;
	guint restarts;
	gboolean is_paused, is_stalled;
	recorder_launcher *launcher;
	int fd;
	GSource *source;
	GQueue *messages; /* of GBytes: what must not be lost, in order */
	GPtrArray *people, *stills;
	reply *starting, *stopping;
	int64_t deadline_us; /* of starting or stopping; 0: none */
	int64_t fed_us;      /* when packets were collected last */
	int64_t drained_us;  /* when everything was handed over last */
	guint batch_packets;
	size_t batch_length; /* 0: empty */
	uint8_t batch[RECORD_MESSAGE_MAX_BYTES];
};

/* Say "record.state", with `reason` if there is one. */
void recorder_emit_state(const recorder *recorder, const char *state, const char *reason);
/* Answer that it failed, when somebody waits; nobody does afterwards. */
void recorder_fail_reply(reply **reply, media_error code, const char *text);
void recorder_fail_stills(recorder *recorder, const char *text);

/* recorder-process.c: start the process with the part that is due. FALSE with MEDIA_ERROR_RECORDER. */
gboolean recorder_start_process(recorder *recorder, GError **error);
/* It has gone, or hangs: the next part begins with another, or what was to be stopped has failed. */
void recorder_end_process(recorder *recorder);
/* Let go of the process and of what it was not given; twice does no harm. */
void recorder_disconnect(recorder *recorder);

/* recorder-feed.c: a message that must not be lost; `object` is taken. */
void recorder_post_json(recorder *recorder, uint8_t kind, json_t *object);
/* Hand over what waits, as far as there is room: messages, then packets. FALSE: packets are left. */
void recorder_flush_messages(recorder *recorder);
gboolean recorder_flush_batch(recorder *recorder);
/* What is due of the person at `index`. */
void recorder_feed_person(recorder *recorder, guint index, struct room *room, int64_t now_us);
/* Say when a process stops reading, and when it goes on. */
void recorder_note_stall(recorder *recorder, int64_t now_us);
void recorder_want_keyframe(const peer *peer);
