/* SPDX-License-Identifier: EUPL-1.2 */
/* The audit log: one append-only Merkle tree (RFC 6962) for each organisation.
 *
 * An entry's leaf is canonical JSON (RFC 8785) of
 *     {"action","actor","details","organisation","sequence","subjects","time_ms"}
 * where "details" is SHA-256 over salt || canonical JSON of the details, or null without details. Details and salt live in
 * an erasable table, so that personal data can be deleted while the tree still verifies.
 * Appending is part of the transaction it describes: no entry, no change.
 * Thread: inside a write job; what only reads, inside any job. */
#pragma once
#include "core/db/store.h"

enum { AUDIT_SUBJECTS_MAX = 5, AUDIT_LEAF_MAX_BYTES = 4096 };

typedef struct {
	const char *organisation;                 /* whose log; required */
	const char *actor;                        /* "staff:ID", "person:ID", "visitor:HASH" or "system" */
	const char *action;                       /* e.g. "appointment.confirmed"; lower case, object.past_participle */
	const char *subjects[AUDIT_SUBJECTS_MAX]; /* ids it is about ("appointment_…", "session_…", "attempt_…"), NULL ends */
	json_t *details;                          /* (transfer none) object, may be NULL; may hold personal data */
	int64_t time_ms;
} audit_entry;

/* Returns the entry's sequence in its organisation's log (0, 1, 2 …), or -1 with the database's error.
 * Touches "entries" and "entries:ORGANISATION". */
int64_t audit_append(db *db, const audit_entry *entry, GError **error);

/* Erase the details of all entries about `subject`, and say so by an entry "details.erased" about it (without which the
 * verifier takes missing details for tampering). `reason` is a constant such as "retention".
 * Returns the count of erased details, -1 on error. */
int64_t audit_erase(db *db, const char *organisation, const char *subject, const char *actor, const char *reason, int64_t now_ms,
	GError **error);

/* (transfer full) The organisations that have a log: array of char*. */
GPtrArray *audit_organisations(db *db, GError **error);
/* Count of entries; 0 for an unknown organisation, -1 on error. */
int64_t audit_size(db *db, const char *organisation, GError **error);
/* (transfer full) The leaf's bytes, to be hashed or shown; NULL with DB_ERROR_UNAVAILABLE when there is no such entry. */
char *audit_leaf(db *db, const char *organisation, int64_t sequence, GError **error);
/* (transfer full) {"salt","details"}: what the digest in a leaf was made of, so that somebody else can recompute it. NULL with
 * DB_ERROR_UNAVAILABLE when there are no details, or no more. */
json_t *audit_opening(db *db, const char *organisation, int64_t sequence, GError **error);
/* (transfer full) The digest in hex, of canonical details; NULL when `salt_hex` is no hex. */
char *audit_digest(const char *salt_hex, const char *details);
/* (transfer full) Leaves from `from` on, at most `count`: array of char*. */
GPtrArray *audit_leaves(db *db, const char *organisation, int64_t from, int64_t count, GError **error);
/* (transfer full) The same for people: array of {"action","actor","details":{…}|null,"sequence","subjects","time_ms"}, where
 * null details were erased or never there. */
json_t *audit_entries(db *db, const char *organisation, int64_t from, int64_t count, GError **error);
/* (transfer full) The same of all entries about one subject, oldest first. */
json_t *audit_entries_about(db *db, const char *organisation, const char *subject, int64_t count, GError **error);
