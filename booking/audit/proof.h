/* SPDX-License-Identifier: EUPL-1.2 */
/* Roots and proofs of an organisation's log, from the hashes stored with its entries: a handful of rows each.
 * Errors: DB_ERROR_UNAVAILABLE also when the log does not reach so far. Thread: inside any job. */
#pragma once
#include "booking/audit/merkle.h"
#include "core/db/db.h"

/* Root of the first `size` entries. */
gboolean audit_root(db *db, const char *organisation, int64_t size, merkle_hash *root, GError **error);
/* (transfer full) Array of hex hashes showing that entry `sequence` is among the first `size` (RFC 6962, 2.1.1). */
json_t *audit_inclusion(db *db, const char *organisation, int64_t sequence, int64_t size, GError **error);
/* (transfer full) Array of hex hashes showing that the first `second` entries begin with the first `first` (2.1.2).
 * 0 < `first` <= `second`. */
json_t *audit_consistency(db *db, const char *organisation, int64_t first, int64_t second, GError **error);
