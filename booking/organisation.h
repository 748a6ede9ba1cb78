/* SPDX-License-Identifier: EUPL-1.2 */
/* An organisation: a tenant, municipality or contractor. */
#pragma once
#include "core/db/db.h"

typedef struct organisation {
	char *id;
	char *kind; /* "municipality" or "contractor" */
	char *name;
	char *address;
	GStrv recipients;        /* `age` recipients its recordings are encrypted to: reviewers' (outer) */
	GStrv second_recipients; /* of the second person for opening (privacy officers'), empty without two-person opening */
} organisation;

/* (transfer full), NULL with BOOKING_ERROR_NOT_FOUND. */
organisation *organisation_load(db *db, const char *id, GError **error);
void organisation_free(organisation *organisation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(organisation, organisation_free)
