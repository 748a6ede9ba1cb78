/* SPDX-License-Identifier: EUPL-1.2 */
/* The process that every recorder is forked from: `jawort record`, which has loaded its libraries once (record/link.h).
 *
 * A recorder so costs a fork instead of a start, and shares all that it does not write. Should the process die, the next
 * recorder starts another; the recorders that run are not concerned. Thread: any. */
#pragma once
#include <glib.h>

typedef struct recorder_launcher recorder_launcher;

/* This executable is started as "jawort record --sandbox=SANDBOX" now. Never NULL; a failure is tried again with the first link. */
recorder_launcher *recorder_launcher_new(const char *sandbox);
/* Recorders that run go on to the end of their links. */
void recorder_launcher_free(recorder_launcher *launcher);
/* Our end of a link (record/link.h) with a new recorder at the other; -1 with MEDIA_ERROR_RECORDER, always for NULL. */
int recorder_launcher_start(recorder_launcher *launcher, GError **error);
