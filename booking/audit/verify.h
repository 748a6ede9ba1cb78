/* SPDX-License-Identifier: EUPL-1.2 */
/* Checks audit logs as a whole: every leaf from its fields, every stored hash, every checkpoint's signature and root, every
 * details' digest. What does not fit is named in words. Takes a database (read only) or an export.
 *
 * A changed, missing or moved row is named by its sequence. Whoever rewrites all stored hashes too is found by the next
 * checkpoint, and the range since the last good one is named. Missing details need a later entry "details.erased" about
 * one of the same subjects.
 *
 * An export is a text of JSON lines, for each log
 *   {"format":"jawort-audit-1","key":K|null,"organisation":O,"size":N}
 *   {"checkpoint":NOTE}                                                          oldest first
 *   {"details":{…}|null,"hashes":HEX,"leaf":{…},"salt":HEX|null}                 N of them
 * Thread: any; database calls inside a job. */
#pragma once
#include "core/db/db.h"
#include <stdio.h>

typedef struct {
	int64_t logs, entries, signed_entries, erased_details, checkpoints, findings;
} audit_figures;

typedef struct {
	/* Verifier keys to trust, NULL ends; a log whose key is not among them is a finding. NULL: take the keys that come with
	 * the logs, which proves only that they belong together. */
	const char *const *trusted_keys;
	/* Called for each finding with a sentence; at most 1000 a log, then counted only. */
	void (*on_finding)(gpointer data, const char *text);
	gpointer data;
} audit_verifier;

/* FALSE with an error when it cannot be read at all; otherwise look at `figures->findings`. */
gboolean audit_verify_database(db *db, const audit_verifier *verifier, audit_figures *figures, GError **error);
gboolean audit_verify_export(FILE *file, const audit_verifier *verifier, audit_figures *figures, GError **error);
/* Write the export of one organisation's log, or of all (NULL). */
gboolean audit_export(db *db, const char *organisation, FILE *file, GError **error);
