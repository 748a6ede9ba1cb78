/* SPDX-License-Identifier: EUPL-1.2 */
/* Who may act on identifications: the one place where it is decided. What may not be seen is SIGNALING_ERROR_NOT_FOUND.
 * Thread: inside a job. */
#pragma once
#include "ident/attempt.h"
#include "ident/report.h"
#include "signaling/session.h"

/* A person may act for themself, and for the other partner when both sit at one device (appointment.together).
 * (transfer full) The session of their case. */
session *session_of_covered(db *db, const actor *actor, const char *person, GError **error);

/* (transfer full) An attempt of a session that this officer holds, or of a person whom the actor may act for. */
ident_attempt *attempt_of_actor(db *db, const actor *actor, const char *id, GError **error);

/* (transfer full) A report that the actor may read: persons those they act for; the officer who made it; registrars and reviewers
 * of the responsible organisation all of theirs. */
ident_report *report_of_actor(db *db, const actor *actor, const char *id, GError **error);
