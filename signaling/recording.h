/* SPDX-License-Identifier: EUPL-1.2 */
/* The recording of a session, as it stands in the database.
 *
 * Each change is an entry in the responsible organisation's audit log: when it began and ended, the chain that its manifest
 * had reached, what files there are. Thread: recording_job inside a write job. */
#pragma once
#include "booking/context.h"
#include <jansson.h>

typedef enum {
	RECORDING_CREATED,   /* is about to start */
	RECORDING_NEXT_PART, /* starts again after an interruption, as part `part` */
	RECORDING_STARTED,
	RECORDING_PAUSED,
	RECORDING_RESUMED,
	RECORDING_PART,     /* a crashed recorder was replaced and writes `part` now */
	RECORDING_ANCHORED, /* `answer` has "chain" and "bytes" */
	RECORDING_STOPPED,  /* `answer` has "parts" and "chain", or is NULL when the recorder died before */
	RECORDING_DESTROYED,
	RECORDING_FAILED, /* `reason` */
} recording_event;

typedef struct {
	const char *session; /* NULL: looked up */
	const char *recording;
	recording_event event;
	int64_t part;
	const char *reason;
	const json_t *answer;
	const char *data_folder; /* for RECORDING_DESTROYED: its folder is emptied */
} recording_change;

/* A store_job; `data` is a recording_change. */
gboolean recording_job(db *db, gpointer data, GError **error);

/* (transfer full) */
char *recording_new_id(void);
/* (transfer full) Its folder, relative to the data folder. */
char *recording_folder(const char *id);
