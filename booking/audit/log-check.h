/* SPDX-License-Identifier: EUPL-1.2 */
/* The check of one log, fed row by row; for booking/audit/verify.c only. */
#pragma once
#include "booking/audit/leaf.h"
#include "booking/audit/verify.h"

typedef struct log_check log_check;

/* `key`: NULL when the log has none. `figures` are added to. */
log_check *log_check_new(const char *organisation, const char *key, const audit_verifier *verifier, audit_figures *figures);
/* All checkpoints first, by rising size. `row_size`: where the store files it, -1 when it says nothing. */
void log_check_checkpoint(log_check *check, const char *note, int64_t row_size);
/* Then all entries. `hashes` as stored. `salt` and `details` NULL when there are none (any more). */
void log_check_entry(
	log_check *check, const audit_leaf_fields *fields, const char *hashes, const char *salt, const char *details);
/* Then the end. `size`: how long the log says it is. Frees `check`. */
void log_check_end(log_check *check, int64_t size);
