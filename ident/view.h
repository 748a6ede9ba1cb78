/* SPDX-License-Identifier: EUPL-1.2 */
/* What pages see of identifications, in the shapes of signaling/protocol/protocol.json. Thread: inside a read job. */
#pragma once
#include "core/db/db.h"

/* (transfer full) Array of "attempt": all attempts of a session, by person and number, for the desk. */
json_t *ident_attempts_view(db *db, const char *session, int64_t now_ms, GError **error);

/* (transfer full) The step the persons of a session are at, for the visit:
 * {"person","step","kind","number","count","parameters"}, where parameters hold only the banner's texts; json_null() when no
 * attempt runs. */
json_t *ident_now_view(db *db, const char *session, GError **error);

/* (transfer full) The visit's "tan" of the session's running attempt, json_null() when none is awaited. */
json_t *ident_session_tan_view(db *db, const char *session, GError **error);

/* (transfer full) Array of "report_card": the reports of a session, of one person when `person` is not NULL. */
json_t *ident_reports_view(db *db, const char *session, const char *person, GError **error);
