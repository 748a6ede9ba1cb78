/* SPDX-License-Identifier: EUPL-1.2 */
/* The recorder: one process per recorded session. It trusts nobody, writes one folder and talks to `media` only (link.h).
 *
 * A recording is a folder:
 *   key.age               the recording's own X25519 identity, encrypted to the municipality's recipients
 *   NNN-PERSON.webm.age   what PERSON said and showed; part NNN begins at the start and again after each interruption
 *   still-ID.png.age      pictures taken on request, at full received size
 *   manifest.jsonl        what is in these files, when, with hashes in a running chain; holds no picture or sound (manifest.h)
 * It is opened with stock tools: age -d -i ours.txt key.age > k; age -d -i k 001-partner_1.webm.age | mpv - */
#pragma once
#include "core/sandbox.h"

#define RECORD_ERROR (record_error_quark())
GQuark record_error_quark(void);
typedef enum {
	RECORD_ERROR_LINK,     /* `media` said something that link.h does not allow */
	RECORD_ERROR_FOLDER,   /* the folder cannot be used; the message says why */
	RECORD_ERROR_MEDIA,    /* packets or frames that are not what their codec says */
	RECORD_ERROR_MANIFEST, /* the manifest is broken or does not fit the files */
} record_error;

/* Record what comes over `fd` until RECORD_STOP or its end, then close it. Returns the exit status of the process.
 * Call it once per process, before any thread is started: it locks the process into its folder (core/sandbox.h). */
int record_process(int fd, sandbox_level level);
/* Do that for each link that comes over `fd` (link.h), in a process of its own, forked from this one: the libraries are loaded
 * once, and what nobody changes is shared. Returns the exit status at the end of `fd`; recordings that run go on. */
int record_launch(int fd, sandbox_level level);

typedef struct {
	guint files;     /* as listed, with right hashes */
	gint64 bytes;    /* in them */
	gint64 media_ms; /* longest time that one person's parts cover */
	guint gaps;      /* marked ones */
	guint restarts;
	gboolean complete; /* the recording was stopped in order; otherwise the last second has no proof */
	char chain[65];    /* of the last line: compare it with the audit log */
} record_check_result;

/* Check the folder of a recording without any key: every line of the manifest is in the chain, every byte range and file
 * has its hash, nothing is missing or added. What is wrong is added to `faults` as sentences (may be NULL).
 * Returns FALSE with an error when anything is wrong. Reads all files; any thread. */
gboolean record_check(const char *folder, record_check_result *result, GPtrArray *faults, GError **error);
