/* SPDX-License-Identifier: EUPL-1.2 */
/* One person of a recording: the tracks of their device, put in order of time into one WebM part after another.
 *
 * Normally that is one part. A new one begins when a file cannot hold what comes: another rotation, a track that was not
 * announced, other H.264 parameter sets. A track that is late, silent or broken never holds the other up for more than
 * RECORD_HOLD_MAX_MS; what is missing stays missing, and is named in the manifest. Thread: the owner's. */
#pragma once
#include "media/record/folder.h"
#include "media/record/track.h"

typedef struct {
	void (*keyframe_wanted)(void *user, guint track);
	void (*keyframe)(void *user, guint track, record_codec codec, const record_frame *frame); /* one has come */
} record_person_events;

typedef struct record_person record_person;
record_person *record_person_new(const char *name, record_folder *folder, const record_person_events *events, void *user);
/* Finish it before; what was not finished is lost, visibly. */
void record_person_free(record_person *person);
const char *record_person_name(const record_person *person);

/* Announce a track. One of the same kind is replaced. `number` is media's. */
void record_person_track(record_person *person, guint number, record_codec codec, guint rate);
/* A packet, or a sender report, of a track that was announced. */
void record_person_packet(
	record_person *person, guint number, const guint8 *packet, gsize length, guint orientation, gint64 arrival_us);
void record_person_report(record_person *person, guint number, guint32 rtp, guint64 ntp);
/* Let time go on: write what is due. FALSE when the disk takes nothing; call it again all the same. */
gboolean record_person_tick(record_person *person, gint64 now_us, GError **error);
/* Write all that waits for its turn now; nothing more comes until the pause is over. */
void record_person_pause(record_person *person, gint64 now_us);
/* The same, and complete the file. */
gboolean record_person_finish(record_person *person, gint64 now_us, GError **error);
/* Bytes of all parts so far. */
guint64 record_person_bytes(const record_person *person);
