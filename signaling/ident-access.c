/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/ident-access.h"

#include "booking/error.h"
#include "booking/person.h"
#include "ident/error.h"
#include "signaling/error.h"

#include <string.h>

/* What is missing and what is somebody else's get the same answer; other errors pass. Returns NULL, for any pointer. */
static void *hide(GError *cause, GError **error)
{
	gboolean is_missing = cause == NULL || g_error_matches(cause, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND) ||
			      g_error_matches(cause, IDENT_ERROR, IDENT_ERROR_NOT_FOUND) ||
			      g_error_matches(cause, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND);
	if (!is_missing) {
		g_propagate_error(error, cause);
		return NULL;
	}
	g_clear_error(&cause);
	g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND, "There is no such identification.");
	return NULL;
}

/* Themself, or the other partner at the same device. */
static gboolean is_covered(db *db, const actor *actor, const char *person_id, GError **error)
{
	if (actor->kind != ACTOR_PERSON || g_strcmp0(actor->id, person_id) == 0)
		return actor->kind == ACTOR_PERSON;
	g_autoptr(person) person = person_load(db, person_id, error);
	g_autoptr(appointment) appointment = person != NULL ? appointment_of_case(db, actor->case_id, error) : NULL;
	return appointment != NULL && appointment->is_together && g_strcmp0(person->case_id, actor->case_id) == 0;
}

session *session_of_covered(db *db, const actor *actor, const char *person, GError **error)
{
	GError *cause = NULL;
	g_autoptr(session) session = is_covered(db, actor, person, &cause) ? session_of_person(db, actor, &cause) : NULL;
	return session != NULL ? g_steal_pointer(&session) : hide(cause, error);
}

ident_attempt *attempt_of_actor(db *db, const actor *actor, const char *id, GError **error)
{
	GError *cause = NULL;
	g_autoptr(ident_attempt) attempt = ident_attempt_load(db, id, &cause);
	if (attempt == NULL)
		return hide(cause, error);
	g_autoptr(session) session = actor->kind == ACTOR_STAFF ? session_of_officer(db, actor, attempt->session, &cause)
								: session_of_covered(db, actor, attempt->person, &cause);
	return session != NULL ? g_steal_pointer(&attempt) : hide(cause, error);
}

/* The organisation's own, if they work for that office; of other organisations only the officer, until the session is closed. */
static gboolean may_read(db *db, const actor *actor, const ident_report *report, GError **error)
{
	if (actor->kind != ACTOR_STAFF)
		return is_covered(db, actor, report->person, error);
	g_autoptr(session) session = session_load(db, report->session, error);
	g_autoptr(appointment) appointment = session != NULL ? appointment_load(db, session->appointment, error) : NULL;
	if (appointment == NULL)
		return FALSE;
	if (g_strcmp0(session->officer, actor->id) == 0 && session->state != SESSION_ENDED)
		return TRUE;
	gboolean is_own = g_strcmp0(actor->organisation, report->organisation) == 0 &&
			  (actor->office == NULL || strcmp(actor->office, appointment->office) == 0);
	return is_own && (actor->roles & (ROLE_REGISTRAR | ROLE_REVIEWER)) != 0;
}

ident_report *report_of_actor(db *db, const actor *actor, const char *id, GError **error)
{
	GError *cause = NULL;
	g_autoptr(ident_report) report = ident_report_load(db, id, &cause);
	if (report != NULL && may_read(db, actor, report, &cause))
		return g_steal_pointer(&report);
	return hide(cause, error);
}
