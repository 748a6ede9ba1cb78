/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/log.h"
#include "booking/person.h"
#include "core/id.h"
#include "core/json.h"
#include "ident/attempt-private.h"
#include "ident/consent.h"
#include "ident/draw.h"
#include "ident/error.h"
#include "ident/limits.h"
#include "ident/sql.h"
#include <string.h>

static const char *const state_names[] = { "running", "interrupted", "aborted", "closed", NULL };

static const struct {
	ident_attempt_state from;
	ident_attempt_event event;
	ident_attempt_state to;
} moves[] = {
	{ IDENT_ATTEMPT_RUNNING, IDENT_ATTEMPT_INTERRUPT, IDENT_ATTEMPT_INTERRUPTED },
	{ IDENT_ATTEMPT_RUNNING, IDENT_ATTEMPT_ABORT, IDENT_ATTEMPT_ABORTED },
	{ IDENT_ATTEMPT_RUNNING, IDENT_ATTEMPT_CLOSE, IDENT_ATTEMPT_CLOSED },
};

gboolean ident_attempt_next(ident_attempt_state state, ident_attempt_event event, ident_attempt_state *next)
{
	for (guint i = 0; i < G_N_ELEMENTS(moves); i++) {
		if (moves[i].from == state && moves[i].event == event) {
			*next = moves[i].to;
			return TRUE;
		}
	}
	return FALSE;
}

const char *ident_attempt_state_name(ident_attempt_state state)
{
	return state_names[state];
}

const char *const *ident_attempt_reasons(void)
{
	static const char *const reasons[] = { "image_quality", "sound_quality", "transmission", "document_damaged",
		"document_not_accepted", "document_expired", "feature_failed", "zone_unreadable", "data_differ",
		"portrait_differs", "number_wrong", "question_failed", "tan_failed", "prompted", "under_pressure", "no_consent",
		"person_wishes", "suspected_fraud", "technical", "other", NULL };
	return reasons;
}

gboolean attempt_is_reason(const char *reason)
{
	return g_strv_contains(ident_attempt_reasons(), reason);
}

void ident_attempt_free(ident_attempt *attempt)
{
	if (attempt == NULL)
		return;
	g_free(attempt->id);
	g_free(attempt->organisation);
	g_free(attempt->session);
	g_free(attempt->person);
	g_free(attempt->officer);
	g_free(attempt->officer_organisation);
	g_free(attempt->mrz);
	g_free(attempt->verdict);
	json_decref(attempt->reasons);
	g_free(attempt);
}

static ident_attempt *read_attempt(const db_rows *rows)
{
	ident_attempt *attempt = g_new0(ident_attempt, 1);
	attempt->id = g_strdup(db_text(rows, "id"));
	attempt->organisation = g_strdup(db_text(rows, "organisation"));
	attempt->session = g_strdup(db_text(rows, "session"));
	attempt->person = g_strdup(db_text(rows, "person"));
	attempt->number = db_int(rows, "number");
	while (strcmp(state_names[attempt->state], db_text(rows, "state")) != 0)
		attempt->state++; /* the column's CHECK allows no other word */
	attempt->procedure = ident_procedure_get(db_text(rows, "procedure_key"), db_int(rows, "procedure_version"));
	attempt->document = ident_document_get(db_text(rows, "document_type"));
	attempt->officer = g_strdup(db_text(rows, "officer"));
	attempt->officer_organisation = g_strdup(db_text(rows, "officer_organisation"));
	attempt->started_ms = db_int(rows, "started_ms");
	attempt->ended_ms = db_int(rows, "ended_ms");
	attempt->mrz = g_strdup(db_text(rows, "mrz"));
	attempt->verdict = g_strdup(db_text(rows, "verdict"));
	attempt->reasons = json_loads(db_text(rows, "reasons"), 0, NULL);
	return attempt;
}

ident_attempt *ident_attempt_load(db *db, const char *id, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_ATTEMPT_BY_ID, DB_TEXT("id", id));
	if (rows == NULL)
		return NULL;
	if (!db_next(rows)) {
		ident_fail(error, IDENT_ERROR_NOT_FOUND, "There is no such attempt.");
		return NULL;
	}
	g_autoptr(ident_attempt) attempt = read_attempt(rows);
	if (attempt->procedure == NULL || attempt->document == NULL) {
		ident_fail(error, IDENT_ERROR_STATE, "This version does not know the attempt's procedure or document.");
		return NULL;
	}
	return g_steal_pointer(&attempt);
}

ident_attempt *ident_attempt_load_running(db *db, const char *id, GError **error)
{
	g_autoptr(ident_attempt) attempt = ident_attempt_load(db, id, error);
	if (attempt != NULL && attempt->state != IDENT_ATTEMPT_RUNNING) {
		ident_refuse(error, IDENT_REFUSAL_ATTEMPT_ENDED, NULL, NULL);
		return NULL;
	}
	return g_steal_pointer(&attempt);
}

int64_t attempt_log(
	const booking_context *context, const ident_attempt *attempt, const char *action, json_t *details, GError **error)
{
	g_autoptr(json_t) owned = details;
	store_touch(context->db, "session:%s", attempt->session);
	return audit_append(context->db,
		&(audit_entry){ .organisation = attempt->organisation,
			.actor = context->actor,
			.action = action,
			.subjects = { attempt->id, attempt->session, attempt->person },
			.details = owned,
			.time_ms = context->now_ms },
		error);
}

/* --- start --- */

/* How many attempts the person has had. FALSE when there must be no further one. */
static gboolean count_attempts(db *db, const char *person, guint *count, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_ATTEMPTS_OF_PERSON, DB_TEXT("person", person));
	if (rows == NULL)
		return FALSE;
	*count = db_row_count(rows);
	while (db_next(rows)) {
		if (g_strcmp0(db_text(rows, "verdict"), "identified") == 0)
			return ident_refuse(error, IDENT_REFUSAL_PERSON_IDENTIFIED, NULL, NULL);
	}
	return *count < IDENT_ATTEMPTS_MAX || ident_refuse(error, IDENT_REFUSAL_ATTEMPTS_USED_UP, NULL, NULL);
}

static gboolean check_nothing_runs(db *db, const char *session, GError **error)
{
	g_autoptr(db_rows) rows =
		db_select(db, error, SQL_ATTEMPT_RUNNING_OF_SESSION, DB_TEXT("session", session), DB_TEXT("person", NULL));
	if (rows == NULL)
		return FALSE;
	return db_row_count(rows) == 0 || ident_refuse(error, IDENT_REFUSAL_ATTEMPT_RUNNING, NULL, NULL);
}

static gboolean check_consent(db *db, const ident_attempt_facts *facts, GError **error)
{
	int consent = ident_consent_get(db, facts->session, facts->person, error);
	if (consent < 0)
		return FALSE;
	if (consent != IDENT_CONSENT_GIVEN)
		return ident_refuse(error, IDENT_REFUSAL_NOT_CONSENTED, "V-22", NULL);
	if (!facts->is_recording)
		return ident_refuse(error, IDENT_REFUSAL_NOT_RECORDED, "V-22", NULL);
	return TRUE;
}

char *attempt_draw_label(const char *person, gint64 number, const char *purpose)
{
	return g_strdup_printf("%s/%" G_GINT64_FORMAT "/%s", person, number, purpose);
}

/* What the draws of a plan need to know. */
typedef struct {
	const booking_context *context;
	const ident_attempt *attempt;
	const char *const *nonces;
} drawing;

static gboolean choose(
	gpointer data, const char *purpose, const char *const *candidates, guint count, guint *chosen, GError **error)
{
	const drawing *drawing = data;
	g_autofree char *label = attempt_draw_label(drawing->attempt->person, drawing->attempt->number, purpose);
	g_autoptr(json_t) proof = NULL;
	if (!draw_choose(drawing->context->db, drawing->attempt->organisation, label, drawing->nonces, candidates, count,
		    drawing->context->now_ms, &proof, error))
		return FALSE;
	for (guint i = 0; i < count; i++)
		chosen[i] = draw_chosen(proof, i);
	return TRUE;
}

static gboolean add_checks(db *db, const char *attempt, const GPtrArray *checks, GError **error)
{
	for (guint i = 0; i < checks->len; i++) {
		const ident_check *check = checks->pdata[i];
		if (db_run(db, error, SQL_CHECK_ADD, DB_TEXT("attempt", attempt), DB_INT("position", i),
			    DB_TEXT("step", check->step), DB_TEXT("kind", ident_kind_name(check->rule->kind)),
			    DB_TEXT("rule", check->rule->rule), DB_TEXT("choice", check->choice)) < 0)
			return FALSE;
	}
	return TRUE;
}

static gboolean add_attempt(const booking_context *context, const ident_attempt *attempt, GError **error)
{
	return db_run(context->db, error, SQL_ATTEMPT_ADD, DB_TEXT("id", attempt->id),
		       DB_TEXT("organisation", attempt->organisation), DB_TEXT("session", attempt->session),
		       DB_TEXT("person", attempt->person), DB_INT("number", attempt->number),
		       DB_TEXT("procedure", attempt->procedure->key), DB_INT("version", attempt->procedure->version),
		       DB_TEXT("sha256", attempt->procedure->sha256), DB_TEXT("document", attempt->document->type),
		       DB_TEXT("officer", attempt->officer), DB_TEXT("officer_organisation", attempt->officer_organisation),
		       DB_INT("now", context->now_ms)) == 1;
}

/* The attempt as it will be, after everything that forbids it was asked. */
static ident_attempt *prepare(const booking_context *context, const ident_attempt_facts *facts, GError **error)
{
	g_autoptr(person) person = person_load(context->db, facts->person, error);
	g_autoptr(appointment) appointment = person != NULL ? appointment_of_case(context->db, person->case_id, error) : NULL;
	if (appointment == NULL || !check_consent(context->db, facts, error) ||
		!check_nothing_runs(context->db, facts->session, error))
		return NULL;
	g_autoptr(ident_attempt) attempt = g_new0(ident_attempt, 1);
	attempt->procedure = ident_procedure_get(appointment->procedure, 0);
	attempt->document = ident_document_get(person->document_type);
	if (attempt->procedure == NULL || attempt->procedure->step_count == 0) {
		ident_refuse(error, IDENT_REFUSAL_NOBODY_IDENTIFIED, NULL, NULL);
		return NULL;
	}
	if (attempt->document == NULL) {
		ident_refuse(error, IDENT_REFUSAL_DOCUMENT_NOT_ACCEPTED, "V-07", NULL);
		return NULL;
	}
	guint earlier;
	if (!count_attempts(context->db, facts->person, &earlier, error))
		return NULL;
	attempt->id = id_new("attempt");
	attempt->organisation = g_strdup(appointment->responsible);
	attempt->session = g_strdup(facts->session);
	attempt->person = g_strdup(facts->person);
	attempt->number = earlier + 1;
	attempt->officer = g_strdup(facts->officer);
	attempt->officer_organisation = g_strdup(facts->officer_organisation);
	return g_steal_pointer(&attempt);
}

char *ident_attempt_start(const booking_context *context, const ident_attempt_facts *facts, GError **error)
{
	g_autoptr(ident_attempt) attempt = prepare(context, facts, error);
	if (attempt == NULL || !add_attempt(context, attempt, error))
		return NULL;
	drawing drawing = { context, attempt, facts->nonces };
	g_autoptr(GPtrArray) checks = ident_script_plan(attempt->procedure, attempt->document, choose, &drawing, error);
	if (checks == NULL || !add_checks(context->db, attempt->id, checks, error))
		return NULL;
	json_t *details = json_pack("{s:i, s:s, s:i, s:s, s:s, s:i}", "number", attempt->number, "procedure",
		attempt->procedure->key, "version", attempt->procedure->version, "procedure_sha256", attempt->procedure->sha256,
		"document_type", attempt->document->type, "steps", checks->len);
	if (attempt_log(context, attempt, "attempt.started", details, error) < 0)
		return NULL;
	return g_steal_pointer(&attempt->id);
}

/* --- end --- */

gboolean attempt_end(const booking_context *context, ident_attempt *attempt, ident_attempt_event event, const char *verdict,
	json_t *reasons, GError **error)
{
	if (!ident_attempt_next(attempt->state, event, &attempt->state))
		return ident_refuse(error, IDENT_REFUSAL_ATTEMPT_ENDED, NULL, NULL);
	g_autofree char *text = json_compact(reasons);
	int64_t changed = db_run(context->db, error, SQL_ATTEMPT_END, DB_TEXT("id", attempt->id),
		DB_TEXT("state", state_names[attempt->state]), DB_INT("now", context->now_ms), DB_TEXT("verdict", verdict),
		DB_TEXT("reasons", text));
	if (changed < 0)
		return FALSE;
	if (changed == 0)
		return ident_refuse(error, IDENT_REFUSAL_ATTEMPT_ENDED, NULL, NULL);
	attempt->ended_ms = context->now_ms;
	g_free(attempt->verdict);
	attempt->verdict = g_strdup(verdict);
	json_decref(attempt->reasons);
	attempt->reasons = json_incref(reasons);
	return TRUE;
}

static gboolean end_and_log(const booking_context *context, ident_attempt *attempt, ident_attempt_event event,
	const char *verdict, const char *reason, const char *action, GError **error)
{
	g_autoptr(json_t) reasons = json_pack("[s]", reason);
	return attempt_end(context, attempt, event, verdict, reasons, error) &&
	       attempt_log(context, attempt, action, json_pack("{s:O}", "reasons", reasons), error) >= 0;
}

gboolean ident_attempt_abort(const booking_context *context, const char *id, const char *reason, GError **error)
{
	if (!attempt_is_reason(reason))
		return ident_fail(error, IDENT_ERROR_INVALID, "The reason is not known.");
	g_autoptr(ident_attempt) attempt = ident_attempt_load_running(context->db, id, error);
	return attempt != NULL && end_and_log(context, attempt, IDENT_ATTEMPT_ABORT, "aborted", reason, "attempt.aborted", error);
}

gboolean ident_attempt_interrupt(
	const booking_context *context, const char *session, const char *person, const char *reason, GError **error)
{
	g_autoptr(db_rows) rows = db_select(
		context->db, error, SQL_ATTEMPT_RUNNING_OF_SESSION, DB_TEXT("session", session), DB_TEXT("person", person));
	if (rows == NULL)
		return FALSE;
	while (db_next(rows)) {
		g_autoptr(ident_attempt) attempt = ident_attempt_load(context->db, db_text(rows, "id"), error);
		if (attempt == NULL ||
			!end_and_log(context, attempt, IDENT_ATTEMPT_INTERRUPT, NULL, reason, "attempt.interrupted", error))
			return FALSE;
	}
	return TRUE;
}

/* --- what was read --- */

gboolean attempt_mrz(const ident_attempt *attempt, ident_mrz *mrz)
{
	if (attempt->mrz == NULL)
		return FALSE;
	g_auto(GStrv) lines = g_strsplit(attempt->mrz, "\n", -1);
	return ident_mrz_parse((const char *const *)lines, mrz, NULL);
}

json_t *attempt_comparisons(db *db, const ident_attempt *attempt, int64_t now_ms, GError **error)
{
	ident_mrz mrz;
	if (!attempt_mrz(attempt, &mrz))
		return json_array();
	g_autoptr(person) person = person_load(db, attempt->person, error);
	if (person == NULL)
		return NULL;
	const ident_intake intake = { person->given_names, person->family_name, person->birth_date, person->document_type };
	return ident_mrz_compare(&mrz, &intake, now_ms);
}
