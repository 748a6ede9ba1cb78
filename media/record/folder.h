/* SPDX-License-Identifier: EUPL-1.2 */
/* The folder of one recording (record.h): its key, its manifest, the numbers of its parts.
 *
 * Opened for the first time it gets a fresh key.age, whose secret is forgotten before open() returns. Opened again, after an
 * interruption, the parts go on to the same public key, which the manifest's first line names: one key.age opens all.
 * Thread: the owner's. */
#pragma once
#include "media/record/manifest.h"

#define RECORD_KEY_NAME "key.age"

typedef struct record_folder record_folder;
/* `path` is absolute; it is created (0700) when missing, its parent must exist. `recipients` and `second` as in
 * age_key_create() (core/age.h), needed the first time only. Returns only after key.age is on disk. */
record_folder *record_folder_open(const char *path, const char *recording, guint part, const char *const *recipients,
	const char *const *second, GError **error);
void record_folder_free(record_folder *folder);
/* What the parts are encrypted to. */
const char *record_folder_recipient(const record_folder *folder);
record_manifest *record_folder_manifest(record_folder *folder);
/* Number of this process's first part, as asked for or the next free one. */
guint record_folder_part(const record_folder *folder);
/* (transfer full) The name of the next part of a person: same number for the first of each, a higher one afterwards. */
char *record_folder_name_part(record_folder *folder, const char *person);
/* (transfer full) */
char *record_folder_path(const record_folder *folder, const char *name);
/* The wall clock, UTC ms, at a monotonic time: steps of the system's clock during a recording do not move it. */
gint64 record_folder_utc_ms(const record_folder *folder, gint64 monotonic_us);
/* Tell the manifest. */
void record_folder_note(record_folder *folder, const char *type, json_t *line);
/* A file is complete: finish() need not read it again. */
void record_folder_know(record_folder *folder, const char *name, guint64 bytes, const char *sha256);
/* The last line, all on disk. Returns (transfer full) the list of files, or NULL. */
json_t *record_folder_finish(record_folder *folder, GError **error);
/* Destroy the recording: key.age first, overwritten and gone for good, then everything else. The empty folder stays. */
gboolean record_folder_destroy(const char *path, GError **error);

/* (transfer full) Names of all files of the recording in `path` but the manifest, sorted. */
GPtrArray *record_folder_list(const char *path, GError **error);
/* (transfer full) SHA-256 of a file, in hex, and its length. */
char *record_folder_hash(const char *path, guint64 *bytes, GError **error);
