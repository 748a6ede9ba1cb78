/* SPDX-License-Identifier: EUPL-1.2 */
/* The audit log: one append-only Merkle tree (RFC 6962) for each organisation.
 *
 * An entry's leaf is canonical JSON (RFC 8785) of
 *     {"action","actor","details","organisation","sequence","subjects","time_ms"}
 * where "details" is SHA-256 over salt || canonical JSON of the details. Details and salt live in an
 * erasable table, so that personal data can be deleted while the tree still verifies.
 * Appending is part of the transaction it describes: no entry, no change.
 * Thread: inside a write job. */
#pragma once
#include "core/db/store.h"

typedef struct {
	const char *organisation; /* whose log; required */
	const char *actor;        /* "staff:ID", "person:ID", "visitor:HASH" or "system" */
	const char *action;       /* e.g. "appointment.confirmed"; lower case, object.past_participle */
	const char *subjects[5];  /* ids it is about ("appointment:…", "session:…", "attempt:…"), NULL ends */
	json_t *details;          /* (transfer none) object, may be NULL; may hold personal data */
	int64_t time_ms;
} audit_entry;

/* Returns the entry's sequence in its organisation's log (0, 1, 2 …), or -1 with the database's error. */
int64_t audit_append(db *db, const audit_entry *entry, GError **error);
