/* SPDX-License-Identifier: EUPL-1.2 */
/* manifest.jsonl: what a recording consists of, provable without any key.
 *
 * One canonical JSON object (RFC 8785) a line, with "n" (counted from 1), "at_ms" (UTC) and "chain": the SHA-256, in hex, of
 * the previous line's chain (64 zeros for the first) followed by this line without its "chain". Times of media are UTC ms.
 *   type         further members
 *   start        recording, recipient (of the parts; public), part
 *   restart      recording, part, interrupted (TRUE when the process before did not end in order), since_ms
 *   track        track, person, kind, codec, clock_rate
 *   file         file, person, began_ms, tracks          a part begins
 *   data         file, from, bytes, sha256, until_ms, audio_frames, video_frames, audio_lost, video_lost (packets)
 *                                                        a range of the encrypted file; each second. sha256 is
 *                                                        that of the file from its beginning to the end of the range
 *   gap          person, kind, from_ms, until_ms, reason (lost, stalled, silent, paused, overload, disk_full)
 *   slip         person, kind, by_us                     a stall of the capture was made a gap of this length
 *   chapter      title
 *   pause        paused
 *   still        file, sha256, bytes, person, track, captured_ms, width, height, orientation, sequence_first, sequence_last
 *   end          files: [{file, sha256, bytes}], all of the folder but the manifest
 * Thread: the owner's. */
#pragma once
#include <jansson.h>
#include "media/record/out.h"

#define RECORD_MANIFEST_NAME "manifest.jsonl"

typedef struct record_manifest record_manifest;
/* Create it in `folder`, or go on after the last line of the one that is there; half a line at its end is cut off. */
record_manifest *record_manifest_open(const char *folder, GError **error);
void record_manifest_free(record_manifest *manifest);
/* Add a line of `type` with the members of `line` (transfer full); it leaves with the next flush of out(). */
void record_manifest_add(record_manifest *manifest, const char *type, gint64 at_ms, json_t *line);
/* Of the last line, in hex. */
const char *record_manifest_chain(const record_manifest *manifest);
/* The lines that were there when it was opened, objects. */
const GPtrArray *record_manifest_before(const record_manifest *manifest);
record_out *record_manifest_out(record_manifest *manifest);

/* (transfer full) All whole lines of `folder`'s manifest, objects, the chain verified. `chain` gets that of the last one;
 * `whole_bytes` (may be NULL) how far the whole lines reach. A file that is missing has no lines. */
GPtrArray *record_manifest_read(const char *folder, char chain[65], gsize *whole_bytes, GError **error);
