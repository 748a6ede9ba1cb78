/* SPDX-License-Identifier: EUPL-1.2 */
/* A file that is only appended to and outlives a full disk: what cannot be written waits in memory, in order.
 * Keeps the SHA-256 of all that was written. Thread: the owner's; syncing has its own. */
#pragma once
#include <glib.h>

typedef struct record_out record_out;
/* A new file (mode 0600), or with `is_continued` the end of an existing one, whose hash is then only of what is added. */
record_out *record_out_new(const char *path, gboolean is_continued, GError **error);
/* Waits for a sync that runs. */
void record_out_free(record_out *out);
void record_out_append(record_out *out, const void *data, gsize length);
/* Write what waits. FALSE when the disk does not take it all now; try again later. */
gboolean record_out_flush(record_out *out, GError **error);
/* Bytes that wait in memory. */
gsize record_out_backlog(const record_out *out);
/* Bytes in the file, and their hash in hex. */
guint64 record_out_bytes(const record_out *out);
char *record_out_hash(const record_out *out);
/* What was flushed since the last call: where it begins, how much, and (transfer full) the hash of the file up to its end. NULL
 * when nothing was. */
char *record_out_take_range(record_out *out, guint64 *from, guint64 *bytes);
/* fdatasync on another thread, at most one at a time. A power cut then costs what came since. */
void record_out_sync(record_out *out);
/* fdatasync now. */
gboolean record_out_sync_now(record_out *out, GError **error);
