/* SPDX-License-Identifier: EUPL-1.2 */
/* Staff: who may sign in, in which organisation and role, trained until when. */
#pragma once
#include "booking/context.h"

typedef struct staff {
	char *id;
	char *name;
	char *language;      /* of the pages */
	char *languages;     /* spoken, "de,en,uk" */
	char *password_hash; /* core/crypto: scrypt */
	char *organisation;  /* where signed in: the one of the first role */
	char *office;        /* NULL: all of the organisation */
	GStrv roles;         /* "registrar", "examiner" … held in `organisation` */
} staff;

/* (transfer full), NULL with BOOKING_ERROR_NOT_FOUND (also when inactive). */
staff *staff_load(db *db, const char *id, GError **error);
staff *staff_by_login(db *db, const char *login, GError **error);
void staff_free(staff *staff);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(staff, staff_free)

/* Until when the person's training for identifications is valid (V-03), 0 if there is none, -1 on error. */
int64_t staff_trained_until_ms(db *db, const char *id, GError **error);
/* (transfer full) The staff of an organisation: {id, name, login, roles: [{role, office}],
 * languages, trained_until_ms, is_active}. */
json_t *staff_list(db *db, const char *organisation, GError **error);
