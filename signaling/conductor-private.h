/* SPDX-License-Identifier: EUPL-1.2 */
/* The inside of the conductor, for its own files: conductor.c is its thread, its queue and the comparing; conductor-media.c media
 * as it comes, goes and reports; conductor-places.c who is in which room; conductor-recording.c the recordings.
 * Thread: the conductor's, but for what says otherwise. */
#pragma once
#include "signaling/app-private.h"
#include "signaling/conductor.h"
#include "signaling/score.h"

/* What arrives in the conductor's queue. */
typedef struct note note;
typedef void conductor_run(conductor *conductor, note *note);
struct note {
	conductor_run *run;
	char *text;
	json_t *json;
	guint64 generation;
};

struct conductor {
	app *app;
	GThread *thread;
	GAsyncQueue *notes;
	GMutex mutex;
	GHashTable *touched; /* topics that wait in the queue: once is enough */
	gboolean is_stopping;
	gboolean is_up;
	guint64 generation;    /* of the connection to media: answers to an earlier one are void */
	GHashTable *peers;     /* that media has */
	GHashTable *placed;    /* peer to place, as media was told */
	GHashTable *found;     /* placed before a restart of this process: they stay until their page is back */
	GHashTable *running;   /* recordings that media has: id to set of "PEER NAME" */
	GHashTable *unsure;    /* recordings found running after a restart: whether they are paused is not known */
	GHashTable *busy;      /* sessions with a recording command on its way */
	GHashTable *unsettled; /* sessions of which something could not be done yet: looked at again with each tick */
	GHashTable *chapters;  /* session to the step last marked */
	GHashTable *separated; /* session to who was apart when last marked */
	GHashTable *officers;  /* session to the officer's peer, who is told of qualities */
};

/* Have `run` called with a note of `text` and `json` (taken). Thread: any. */
void conductor_post(conductor *conductor, conductor_run *run, const char *text, json_t *json);
/* Send media `message` (taken); `run` gets a note with `text` and `context` (taken, may be NULL), to which "answer" was added. */
void conductor_command(conductor *conductor, json_t *message, conductor_run *run, const char *text, json_t *context);
/* What media answered: NULL when it refused, or the connection broke before. */
const json_t *conductor_answer(const note *note);
/* Why it refused, for the log. */
const char *conductor_refusal(const note *note);
/* Log `error` (taken) as the cause of `what`. */
void conductor_report(const char *what, GError *error);
GHashTable *conductor_string_set(void);

/* Compare a session with what media has of it, and send what is missing. */
void conductor_sync_session(conductor *conductor, const char *session);
/* The same for each id of a query. `participant`: its parameter of that name, or NULL. */
void conductor_sync_all_of(conductor *conductor, const char *sql, const char *participant);

/* Where a peer is: the session's room, and in it the meeting or apart from it. */
typedef struct {
	char *room;
	gboolean is_apart;
} place;

/* conductor-places.c: bring the people of a session into its room, and others out of it. */
void conductor_note_place(conductor *conductor, const char *peer, const char *room, gboolean is_apart);
void conductor_place_free(gpointer place);
void conductor_sync_places(conductor *conductor, const score *score);
/* Media has this device no more. */
void conductor_forget_peer(conductor *conductor, const char *peer);
/* Close the devices that nobody needs any more: replaced, signed out, or of a session that ended. */
void conductor_close_peers(conductor *conductor);

/* conductor-recording.c: begin, pause, end or destroy the recording. Not while a command about it is on its way. */
void conductor_sync_recording(conductor *conductor, const score *score);
/* Media paused these recordings by itself while no `serve` was there. */
void conductor_note_left_alone(conductor *conductor, const json_t *recordings);
/* Events of media. */
void conductor_on_record_state(conductor *conductor, const json_t *event);
void conductor_on_record_chain(conductor *conductor, const json_t *event);

/* conductor-media.c: ask media for its counters, which become gauges. */
void conductor_ask_counters(conductor *conductor);
