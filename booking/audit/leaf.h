/* SPDX-License-Identifier: EUPL-1.2 */
/* The bytes of an entry's leaf and of its digest; for booking/audit only. */
#pragma once
#include "core/db/db.h"

typedef struct {
	const char *organisation, *actor, *action;
	const char *subjects; /* canonical JSON array */
	const char *digest;   /* hex, or NULL */
	int64_t sequence, time_ms;
} audit_leaf_fields;

/* From a row with columns of these names. */
audit_leaf_fields audit_leaf_fields_of(const db_rows *row);
/* (transfer full) Canonical JSON: the members stand in their order already. */
GString *audit_leaf_text(const audit_leaf_fields *fields);
/* (transfer full) SHA-256 of salt || details in hex; NULL when `salt` is no hex. */
char *audit_digest(const char *salt_hex, const char *details);
