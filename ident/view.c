/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/person.h"
#include "core/json.h"
#include "ident/attempt-private.h"
#include "ident/sql.h"
#include "ident/tan.h"
#include "ident/view.h"

/* What a page needs to know about a step beside its texts. */
static json_t *parameters_of(const ident_attempt *attempt, const ident_check *check)
{
	json_t *parameters = ident_script_texts(attempt->procedure, attempt->document, check);
	json_t *more = json_pack("{s:s?, s:s?, s:b, s:s?, s:i}", "choice", check->choice, "subject", check->rule->subject,
		"still", check->rule->needs_still, "answer", json_text(check->rule->texts, "answer"), "tries_max",
		attempt->procedure->tries);
	json_object_update(parameters, more);
	json_decref(more);
	return parameters;
}

static json_t *check_view(const ident_attempt *attempt, const ident_check *check, const ident_check *due)
{
	static const char *const states[] = { "later", "done", "failed" };
	const char *state = check == due && attempt->state == IDENT_ATTEMPT_RUNNING ? "now" : states[check->state];
	return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:o, s:s?, s:s?, s:i}", "step", check->step, "kind",
		ident_kind_name(check->rule->kind), "rule", check->rule->rule, "state", state, "result", check->result,
		"parameters", parameters_of(attempt, check), "answer", check->answer, "still", check->still, "tries", check->tries);
}

static json_t *lines_view(const char *mrz)
{
	json_t *list = json_array();
	g_auto(GStrv) lines = g_strsplit(mrz != NULL ? mrz : "", "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++)
		json_array_append_new(list, json_string(lines[i]));
	return list;
}

static json_t *attempt_view(db *db, const char *id, const char *report, int64_t now_ms, GError **error)
{
	g_autoptr(ident_attempt) attempt = ident_attempt_load(db, id, error);
	g_autoptr(GPtrArray) checks = attempt != NULL ? ident_checks_load(db, id, attempt->procedure, error) : NULL;
	g_autoptr(json_t) comparisons = checks != NULL ? attempt_comparisons(db, attempt, now_ms, error) : NULL;
	if (comparisons == NULL)
		return NULL;
	const ident_check *due = ident_script_due(checks);
	json_t *list = json_array();
	for (guint i = 0; i < checks->len; i++)
		json_array_append_new(list, check_view(attempt, checks->pdata[i], due));
	return json_pack("{s:s, s:s, s:i, s:s, s:s, s:o, s:o, s:O, s:s?, s:O, s:s?}", "id", attempt->id, "person",
		attempt->person, "number", attempt->number, "state", ident_attempt_state_name(attempt->state), "procedure",
		attempt->procedure->key, "checks", list, "mrz", lines_view(attempt->mrz), "comparisons", comparisons, "verdict",
		attempt->verdict, "reasons", attempt->reasons, "report", report);
}

json_t *ident_attempts_view(db *db, const char *session, int64_t now_ms, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_ATTEMPTS_OF_SESSION, DB_TEXT("session", session));
	if (rows == NULL)
		return NULL;
	g_autoptr(json_t) list = json_array();
	while (db_next(rows)) {
		json_t *view = attempt_view(db, db_text(rows, "id"), db_text(rows, "report"), now_ms, error);
		if (view == NULL)
			return NULL;
		json_array_append_new(list, view);
	}
	return g_steal_pointer(&list);
}

/* The id of the attempt that runs; "" when none does, NULL on error. */
static char *running_of(db *db, const char *session, GError **error)
{
	g_autoptr(db_rows) rows =
		db_select(db, error, SQL_ATTEMPT_RUNNING_OF_SESSION, DB_TEXT("session", session), DB_TEXT("person", NULL));
	if (rows == NULL)
		return NULL;
	return g_strdup(db_next(rows) ? db_text(rows, "id") : "");
}

json_t *ident_now_view(db *db, const char *session, GError **error)
{
	g_autofree char *id = running_of(db, session, error);
	if (id == NULL || *id == '\0')
		return id != NULL ? json_null() : NULL;
	g_autoptr(ident_attempt) attempt = ident_attempt_load(db, id, error);
	g_autoptr(GPtrArray) checks = attempt != NULL ? ident_checks_load(db, id, attempt->procedure, error) : NULL;
	if (checks == NULL)
		return NULL;
	const ident_check *due = ident_script_due(checks);
	if (due == NULL)
		return json_null();
	g_autoptr(json_t) texts = ident_script_texts(attempt->procedure, attempt->document, due);
	return json_pack("{s:s, s:s, s:s, s:i, s:i, s:{s:O, s:s?}}", "person", attempt->person, "step", due->step, "kind",
		ident_kind_name(due->rule->kind), "number", due->position + 1, "count", checks->len, "parameters", "banner",
		json_object_get(texts, "banner"), "subject", due->rule->subject);
}

json_t *ident_session_tan_view(db *db, const char *session, GError **error)
{
	g_autofree char *id = running_of(db, session, error);
	if (id == NULL || *id == '\0')
		return id != NULL ? json_null() : NULL;
	return ident_tan_view(db, id, error);
}

json_t *ident_reports_view(db *db, const char *session, const char *person_id, GError **error)
{
	g_autoptr(db_rows) rows =
		db_select(db, error, SQL_REPORTS_OF_SESSION, DB_TEXT("session", session), DB_TEXT("person", person_id));
	if (rows == NULL)
		return NULL;
	g_autoptr(json_t) list = json_array();
	while (db_next(rows)) {
		g_autoptr(person) person = person_load(db, db_text(rows, "person"), error);
		if (person == NULL)
			return NULL;
		g_autofree char *name = person_name(person);
		json_t *card = db_row_json(rows);
		json_object_set_new(card, "name", json_string(name));
		json_array_append_new(list, card);
	}
	return g_steal_pointer(&list);
}
