/* SPDX-License-Identifier: EUPL-1.2 */
/* What was captured in a session: stills and recordings, as rows about encrypted files. The hash is that of the file as it lies
 * in the store, so that it can be checked without a key. Thread: inside a job. */
#pragma once
#include "booking/context.h"

typedef struct {
	const char *id; /* "still_…", "recording_…" */
	const char *organisation, *session;
	const char *attempt, *person, *step; /* may be NULL */
	const char *kind;                    /* "still", "recording" */
	const char *origin;                  /* where it came from, e.g. "stream of partner_1" */
	const char *file;                    /* relative to the store of recordings */
	const char *sha256;
	json_t *details; /* (transfer none) size, light, parts, chain …; no personal data */
} ident_evidence;

gboolean ident_evidence_add(const booking_context *context, const ident_evidence *evidence, GError **error);
/* (transfer full) Array of the evidence of a session (`attempt` NULL) or of one attempt with the session's recordings. */
json_t *ident_evidence_list(db *db, const char *session, const char *attempt, GError **error);
/* Note that the files of a session are gone: the rows stay as proof. */
gboolean ident_evidence_destroyed(
	const booking_context *context, const char *organisation, const char *session, const char *reason, GError **error);
