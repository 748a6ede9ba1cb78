/* SPDX-License-Identifier: EUPL-1.2 */
/* One part's file NNN-PERSON.webm.age: plain text goes in, an age v1 stream (core/age.h) comes out and is appended to a
 * file that outlives a full disk. A chunk of the stream leaves when its 64 KiB are full, and not before: see README.md for
 * why the last, incomplete chunk is never written early. Thread: the owner's. */
#pragma once
#include "media/record/out.h"

typedef struct record_part record_part;
record_part *record_part_new(const char *path, const char *recipient, GError **error);
/* What was not finished is lost, visibly. */
void record_part_free(record_part *part);
/* Encrypt. Returns TRUE when at least one chunk became full with it and left. */
gboolean record_part_write(record_part *part, const void *data, gsize length);
/* Bytes that the current chunk still takes, 1 to 65536. */
gsize record_part_room(const record_part *part);
/* The last chunk. */
gboolean record_part_finish(record_part *part, GError **error);
/* The file, to flush and to ask. */
record_out *record_part_out(record_part *part);
