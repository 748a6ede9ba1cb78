/* SPDX-License-Identifier: EUPL-1.2 */
/* The bytes of an entry's leaf and of its digest; for booking/audit only. */
#pragma once
#include "booking/audit/log.h"

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
