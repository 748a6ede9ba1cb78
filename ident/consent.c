/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/log.h"
#include "core/id.h"
#include "core/json.h"
#include "ident/attempt.h"
#include "ident/consent.h"
#include "ident/data.h"
#include "ident/error.h"
#include "ident/forget.h"
#include "ident/sql.h"
#include <string.h>

static const char *const state_names[] = { "open", "given", "refused", "withdrawn" };
static const char *const actions[] = { NULL, "consent.given", "consent.refused", "consent.withdrawn" };

static const gboolean moves[G_N_ELEMENTS(state_names)][G_N_ELEMENTS(state_names)] = {
	[IDENT_CONSENT_OPEN] = { [IDENT_CONSENT_GIVEN] = TRUE, [IDENT_CONSENT_REFUSED] = TRUE },
	[IDENT_CONSENT_GIVEN] = { [IDENT_CONSENT_WITHDRAWN] = TRUE },
	[IDENT_CONSENT_REFUSED] = { [IDENT_CONSENT_GIVEN] = TRUE },
};

const char *ident_consent_state_name(ident_consent_state state)
{
	return state_names[state];
}

gboolean ident_consent_next(ident_consent_state from, ident_consent_state to)
{
	return moves[from][to];
}

/* The latest declaration; `number` (out) is 0 without one. */
static int latest(db *db, const char *session, const char *person, int64_t *number, GError **error)
{
	g_autoptr(db_rows) rows =
		db_select(db, error, SQL_CONSENT_LATEST, DB_TEXT("session", session), DB_TEXT("person", person));
	if (rows == NULL)
		return -1;
	int state = IDENT_CONSENT_OPEN;
	*number = 0;
	if (db_next(rows)) {
		*number = db_int(rows, "number");
		while (strcmp(state_names[state], db_text(rows, "state")) != 0)
			state++; /* the column's CHECK allows no other word */
	}
	return state;
}

int ident_consent_get(db *db, const char *session, const char *person, GError **error)
{
	int64_t number;
	return latest(db, session, person, &number, error);
}

gboolean ident_consent_declare(const booking_context *context, const char *organisation, const char *session, const char *person,
	ident_consent_state state, const char *text_version, const char *language, GError **error)
{
	int64_t number;
	int before = latest(context->db, session, person, &number, error);
	if (before < 0)
		return FALSE;
	if (!ident_consent_next(before, state))
		return ident_refuse(error, IDENT_REFUSAL_CONSENT_DECIDED, NULL, state_names[before]);
	g_autoptr(json_t) text = ident_consent_text(language);
	if (text_version == NULL)
		text_version = json_text(text, "version");
	if (state != IDENT_CONSENT_WITHDRAWN && strcmp(text_version, json_text(text, "version")) != 0)
		return ident_refuse(error, IDENT_REFUSAL_CONSENT_TEXT_CHANGED, "V-22", NULL);

	g_autofree char *id = id_new("consent");
	if (db_run(context->db, error, SQL_CONSENT_ADD, DB_TEXT("id", id), DB_TEXT("organisation", organisation),
		    DB_TEXT("session", session), DB_TEXT("person", person), DB_TEXT("state", state_names[state]),
		    DB_TEXT("version", text_version), DB_TEXT("language", language), DB_TEXT("actor", context->actor),
		    DB_INT("now", context->now_ms), DB_INT("number", number + 1)) < 0)
		return FALSE;
	store_touch(context->db, "session:%s", session);
	g_autoptr(json_t) details = json_pack("{s:s, s:s}", "text_version", text_version, "language", language);
	if (audit_append(context->db,
		    &(audit_entry){ .organisation = organisation,
			    .actor = context->actor,
			    .action = actions[state],
			    .subjects = { person, session },
			    .details = details,
			    .time_ms = context->now_ms },
		    error) < 0)
		return FALSE;
	/* The recording goes for all: nobody can be identified without it. */
	return state != IDENT_CONSENT_WITHDRAWN ||
	       (ident_attempt_interrupt(context, session, NULL, "consent_withdrawn", error) &&
		       ident_forget_unfinished(context, organisation, session, "consent_withdrawn", error));
}

json_t *ident_consent_text(const char *language)
{
	g_autoptr(json_t) texts = ident_data("data/consent.json");
	json_t *text = json_object_get(texts, language);
	json_t *copy = json_copy(text != NULL ? text : json_object_get(texts, "en"));
	json_object_set(copy, "version", json_object_get(texts, "version"));
	return copy;
}
