/* SPDX-License-Identifier: EUPL-1.2 */
/* A person of a case: a partner, later also an interpreter, a witness or a proxy.
 *
 * Names are kept as given, in Unicode NFC, with all diacritics (PStV § 15(3)). */
#pragma once
#include "booking/appointment.h"

typedef struct person {
	char *id;
	char *case_id;
	char *role; /* "partner_1" … */
	char *given_names;
	char *family_name;
	char *birth_name; /* or NULL */
	char *birth_date; /* "YYYY-MM-DD" */
	char *email;
	char *phone; /* or NULL */
	char *language;
	char *document_type;    /* "id_card" or "passport" */
	gboolean has_confirmed; /* opened the own link */
} person;

/* (transfer full), NULL with BOOKING_ERROR_NOT_FOUND. */
person *person_load(db *db, const char *id, GError **error);
/* (transfer full) The persons of a case by role: partner_1 first. Elements are freed with the array. */
GPtrArray *person_list(db *db, const char *case_id, GError **error);
void person_free(person *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(person, person_free)
/* (transfer full) "Zoë Marie Dvořák". */
char *person_name(const person *person);

/* Check one person's input; `index` names the field in the error ("persons[INDEX].family_name"). `today` is the office's. */
gboolean person_intake_check(const person_intake *intake, size_t index, const char *today, GError **error);
