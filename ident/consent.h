/* SPDX-License-Identifier: EUPL-1.2 */
/* The consent of one person to recording and stills in one session (V-22): given on the person's own page, said aloud later at
 * the first step of the script. Nothing is recorded before it; a refusal or withdrawal stands in the log like the consent itself.
 *
 *   open ──▶ given ──▶ withdrawn (final for the session)
 *        ──▶ refused ──▶ given */
#pragma once
#include "booking/context.h"

typedef enum { IDENT_CONSENT_OPEN, IDENT_CONSENT_GIVEN, IDENT_CONSENT_REFUSED, IDENT_CONSENT_WITHDRAWN } ident_consent_state;

/* Declare. `text_version` must be the version of the text in force (ident_consent_text); NULL for a withdrawal. A withdrawal interrupts the
 * attempt that runs in the session, whoever it identifies, and erases what the unfinished ones found out (forget.h). Touches "session:ID". Thread: inside a write job. */
gboolean ident_consent_declare(const booking_context *context, const char *organisation, const char *session, const char *person,
	ident_consent_state state, const char *text_version, const char *language, GError **error);

/* The table of legal moves, as drawn above. */
gboolean ident_consent_next(ident_consent_state from, ident_consent_state to);

/* The state of one person; IDENT_CONSENT_OPEN without a declaration, -1 on a database error. */
int ident_consent_get(db *db, const char *session, const char *person, GError **error);
const char *ident_consent_state_name(ident_consent_state state); /* as the protocol says it */

/* The text in force: {"version","title","paragraphs":[…],"spoken"} in `language` (English when unknown). (transfer full) */
json_t *ident_consent_text(const char *language);
