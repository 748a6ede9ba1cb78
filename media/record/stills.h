/* SPDX-License-Identifier: EUPL-1.2 */
/* The stills that were asked for. Each waits for a keyframe of its track, is taken and sealed into the folder on a thread of its
 * own, then noted in the manifest, and answered by the event "still" of link.h; a failure is only answered.
 * Thread: the loop's. */
#pragma once
#include <jansson.h>
#include "media/record/folder.h"
#include "media/record/track.h"

typedef struct record_stills record_stills;

/* `folder` outlives it. `tell` takes an event. Starts a thread: after record_still_init() and record_sandbox_enter(). */
record_stills *record_stills_new(record_folder *folder, void (*tell)(void *user, json_t *event), void *user);
/* Waits for the thread. */
void record_stills_free(record_stills *stills);

/* As many wait as may: RECORD_STILLS_WAITING_MAX. */
gboolean record_stills_is_full(const record_stills *stills);
/* Take the next keyframe of `track`, within RECORD_STILL_WAIT_MS. Asking for that keyframe is the caller's part. */
void record_stills_add(record_stills *stills, const char *id, guint track, gboolean with_mrz);
/* Answer that there will be none. */
void record_stills_refuse(record_stills *stills, const char *id, const char *text);
/* A keyframe of a track, which shows `person` (who outlives the answer). */
void record_stills_keyframe(
	record_stills *stills, guint track, const char *person, record_codec codec, const record_frame *frame);
/* Refuse what waited too long. */
void record_stills_tick(record_stills *stills, gint64 now_us);
/* Refuse all that wait, answer all that are being taken: nothing is written into the folder any more. */
void record_stills_finish(record_stills *stills);
