/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "ident/attempt-private.h"
#include "ident/error.h"
#include "ident/evidence.h"
#include "ident/limits.h"
#include "ident/sql.h"
#include <string.h>

static const char *const state_names[] = { "open", "done", "failed", NULL };

const char *ident_check_state_name(ident_check_state state)
{
	return state_names[state];
}

void ident_check_free(ident_check *check)
{
	if (check == NULL)
		return;
	g_free(check->step);
	g_free(check->choice);
	g_free(check->result);
	g_free(check->answer);
	g_free(check->still);
	g_free(check->decided_by);
	g_free(check);
}

GPtrArray *ident_checks_load(db *db, const char *attempt, const ident_procedure *procedure, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_CHECKS_OF_ATTEMPT, DB_TEXT("attempt", attempt));
	if (rows == NULL)
		return NULL;
	g_autoptr(GPtrArray) checks = g_ptr_array_new_with_free_func((GDestroyNotify)ident_check_free);
	while (db_next(rows)) {
		ident_check *check = g_new0(ident_check, 1);
		g_ptr_array_add(checks, check);
		check->position = db_int(rows, "position");
		check->step = g_strdup(db_text(rows, "step"));
		check->rule = ident_procedure_step_of(procedure, check->step);
		check->choice = g_strdup(db_text(rows, "choice"));
		while (strcmp(state_names[check->state], db_text(rows, "state")) != 0)
			check->state++; /* the column's CHECK allows no other word */
		check->result = g_strdup(db_text(rows, "result"));
		check->answer = g_strdup(db_text(rows, "answer"));
		check->still = g_strdup(db_text(rows, "still"));
		check->tries = db_int(rows, "tries");
		check->decided_by = g_strdup(db_text(rows, "decided_by"));
		check->decided_ms = db_int(rows, "decided_ms");
		if (check->rule == NULL) {
			ident_fail(error, IDENT_ERROR_STATE, "The procedure has no step %s.", check->step);
			return NULL;
		}
	}
	return g_steal_pointer(&checks);
}

gboolean check_store(const booking_context *context, const ident_attempt *attempt, const ident_check *check, const char *action,
	GError **error)
{
	int64_t changed = db_run(context->db, error, SQL_CHECK_STORE, DB_TEXT("attempt", attempt->id),
		DB_TEXT("step", check->step), DB_TEXT("state", state_names[check->state]), DB_TEXT("result", check->result),
		DB_TEXT("answer", check->answer), DB_TEXT("still", check->still), DB_INT("tries", check->tries),
		DB_TEXT("actor", context->actor), DB_INT("now", context->now_ms));
	if (changed < 0)
		return FALSE;
	if (changed == 0)
		return ident_refuse(error, IDENT_REFUSAL_STEP_DECIDED, check->rule->rule, check->step);
	json_t *details = json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:i}", "step", check->step, "rule",
		check->rule->rule, "state", state_names[check->state], "result", check->result, "choice", check->choice, "answer",
		check->answer, "still", check->still, "tries", check->tries);
	return attempt_log(context, attempt, action, details, error) >= 0;
}

gboolean check_advance(const booking_context *context, const ident_attempt *attempt, GPtrArray *checks, GError **error)
{
	booking_context system = *context;
	system.actor = "system";
	for (ident_check *due; (due = ident_script_due(checks)) != NULL && due->rule->is_automatic && attempt->mrz != NULL;) {
		due->state = IDENT_CHECK_DONE;
		g_free(due->result);
		due->result = g_strdup("pass");
		if (!check_store(&system, attempt, due, "check.decided", error))
			return FALSE;
	}
	return TRUE;
}

/* --- stills --- */

/* Is the zone still wanted? Once its step is decided it does not change. */
static gboolean is_zone_open(const GPtrArray *checks)
{
	for (guint i = 0; i < checks->len; i++) {
		const ident_check *check = checks->pdata[i];
		if (check->rule->answer == IDENT_ANSWER_MRZ)
			return check->state == IDENT_CHECK_OPEN;
	}
	return FALSE;
}

const char *ident_check_capture_subject(db *db, const char *id, const char *step, gboolean *wants_mrz, GError **error)
{
	g_autoptr(ident_attempt) attempt = ident_attempt_load_running(db, id, error);
	g_autoptr(GPtrArray) checks = attempt != NULL ? ident_checks_load(db, id, attempt->procedure, error) : NULL;
	if (checks == NULL)
		return NULL;
	ident_check_state to;
	const ident_check *check = ident_script_move(attempt->procedure, checks, step, IDENT_EVENT_CAPTURE, &to, error);
	if (check == NULL)
		return NULL;
	const char *subject = check->rule->subject;
	if (strcmp(subject, "document_mrz") == 0)
		subject = attempt->document->mrz_subject;
	*wants_mrz = strcmp(subject, attempt->document->mrz_subject) == 0 && is_zone_open(checks);
	return subject;
}

static gboolean store_zone(
	const booking_context *context, ident_attempt *attempt, const ident_mrz *mrz, const char *origin, GError **error)
{
	g_free(attempt->mrz);
	attempt->mrz = g_strjoin("\n", mrz->lines[0], mrz->lines[1], *mrz->lines[2] != '\0' ? mrz->lines[2] : NULL, NULL);
	return db_run(context->db, error, SQL_ATTEMPT_SET_MRZ, DB_TEXT("id", attempt->id), DB_TEXT("mrz", attempt->mrz)) == 1 &&
	       attempt_log(
		       context, attempt, "zone.read", json_pack("{s:s, s:s}", "origin", origin, "mrz", attempt->mrz), error) >= 0;
}

static gboolean add_evidence(const booking_context *context, const ident_attempt *attempt, const ident_check *check,
	const ident_still *still, GError **error)
{
	g_autoptr(json_t) details = json_pack("{s:i, s:i, s:i, s:i, s:s}", "width", still->width, "height", still->height,
		"light", still->light, "sharpness", still->sharpness, "subject", check->rule->subject);
	const ident_evidence evidence = { .id = still->id,
		.organisation = attempt->organisation,
		.session = attempt->session,
		.attempt = attempt->id,
		.person = attempt->person,
		.step = check->step,
		.kind = "still",
		.origin = "video stream of the person, taken by the server",
		.file = still->file,
		.sha256 = still->sha256,
		.details = details };
	return ident_evidence_add(context, &evidence, error);
}

gboolean ident_check_capture(
	const booking_context *context, const char *id, const char *step, const ident_still *still, GError **error)
{
	g_autoptr(ident_attempt) attempt = ident_attempt_load_running(context->db, id, error);
	g_autoptr(GPtrArray) checks = attempt != NULL ? ident_checks_load(context->db, id, attempt->procedure, error) : NULL;
	if (checks == NULL)
		return FALSE;
	ident_check_state to;
	ident_check *check = ident_script_move(attempt->procedure, checks, step, IDENT_EVENT_CAPTURE, &to, error);
	if (check == NULL || !add_evidence(context, attempt, check, still, error))
		return FALSE;
	check->tries += check->still != NULL;
	g_free(check->still);
	check->still = g_strdup(still->id);
	if (!check_store(context, attempt, check, "still.taken", error))
		return FALSE;

	ident_mrz mrz;
	if (still->mrz != NULL && is_zone_open(checks) && ident_mrz_repair(still->mrz, &mrz, NULL) &&
		mrz.code[0] == attempt->document->mrz_code[0] && !store_zone(context, attempt, &mrz, still->id, error))
		return FALSE;
	return check_advance(context, attempt, checks, error);
}

/* --- the officer's results --- */

static char *only_letters_and_digits(const char *text)
{
	GString *out = g_string_new(NULL);
	for (; *text != '\0'; text++) {
		if (g_ascii_isalnum(*text))
			g_string_append_c(out, g_ascii_toupper(*text));
	}
	return g_string_free(out, FALSE);
}

/* What the officer typed, against the zone: each returns FALSE with the refusal. */

static gboolean allow_mrz(
	const booking_context *context, ident_attempt *attempt, const ident_check *check, const char *answer, GError **error)
{
	if (attempt->mrz != NULL)
		return TRUE;
	if (answer == NULL)
		return ident_refuse(error, IDENT_REFUSAL_ZONE_UNREADABLE, check->rule->rule, NULL);
	g_auto(GStrv) lines = g_strsplit(answer, "\n", -1);
	ident_mrz mrz;
	g_autoptr(GError) cause = NULL;
	if (!ident_mrz_parse((const char *const *)lines, &mrz, &cause))
		return ident_refuse(error, IDENT_REFUSAL_ZONE_WRONG, check->rule->rule, cause->message);
	return store_zone(context, attempt, &mrz, "typed by the officer", error);
}

static gboolean allow_difference(
	const booking_context *context, ident_attempt *attempt, const ident_check *check, const char *answer, GError **error)
{
	g_autoptr(json_t) comparisons = attempt_comparisons(context->db, attempt, context->now_ms, error);
	if (comparisons == NULL)
		return FALSE;
	for (gsize i = 0; i < json_array_size(comparisons); i++) {
		const json_t *comparison = json_array_get(comparisons, i);
		const char *field = json_text(comparison, "field");
		if (json_bool(comparison, "is_equal"))
			continue;
		if (!g_str_has_suffix(field, "_name") && !g_str_has_suffix(field, "_names"))
			return ident_refuse(error, IDENT_REFUSAL_DATA_DIFFER, check->rule->rule, field);
		if (answer == NULL)
			return ident_refuse(error, IDENT_REFUSAL_DIFFERENCE_UNEXPLAINED, check->rule->rule, field);
	}
	return TRUE;
}

static gboolean allow_number(
	const booking_context *context, ident_attempt *attempt, const ident_check *check, const char *answer, GError **error)
{
	(void)context;
	ident_mrz mrz;
	if (answer == NULL)
		return ident_refuse(error, IDENT_REFUSAL_NUMBER_MISSING, check->rule->rule, NULL);
	g_autofree char *said = only_letters_and_digits(answer);
	if (!attempt_mrz(attempt, &mrz))
		return ident_refuse(error, IDENT_REFUSAL_ZONE_MISSING, check->rule->rule, NULL);
	g_autofree char *read = only_letters_and_digits(mrz.number);
	return strcmp(said, read) == 0 || ident_refuse(error, IDENT_REFUSAL_NUMBER_WRONG, check->rule->rule, NULL);
}

static gboolean allow_date(
	const booking_context *context, ident_attempt *attempt, const ident_check *check, const char *answer, GError **error)
{
	ident_mrz mrz;
	if (answer == NULL)
		return ident_refuse(error, IDENT_REFUSAL_ISSUE_DATE_MISSING, check->rule->rule, NULL);
	if (!attempt_mrz(attempt, &mrz))
		return ident_refuse(error, IDENT_REFUSAL_ZONE_MISSING, check->rule->rule, NULL);
	g_autofree char *birth = ident_mrz_birth_date(&mrz, context->now_ms);
	g_autofree char *expiry = ident_mrz_expiry_date(&mrz, context->now_ms);
	if (birth == NULL || expiry == NULL)
		return ident_refuse(error, IDENT_REFUSAL_ZONE_DATES_MISSING, check->rule->rule, NULL);
	return ident_document_check_validity(attempt->document, answer, expiry, birth, context->now_ms, error);
}

static gboolean (*const allow[])(const booking_context *, ident_attempt *, const ident_check *, const char *answer, GError **) = {
	[IDENT_ANSWER_MRZ] = allow_mrz,
	[IDENT_ANSWER_DIFFERENCE] = allow_difference,
	[IDENT_ANSWER_DOCUMENT_NUMBER] = allow_number,
	[IDENT_ANSWER_ISSUE_DATE] = allow_date,
};

static gboolean read_result(const char *result, ident_event *event)
{
	static const struct {
		const char *word;
		ident_event event;
	} words[] = { { "pass", IDENT_EVENT_PASS }, { "fail", IDENT_EVENT_FAIL }, { "repeat", IDENT_EVENT_REPEAT } };
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(words[i].word, result) == 0) {
			*event = words[i].event;
			return TRUE;
		}
	}
	return FALSE;
}

gboolean ident_check_record(
	const booking_context *context, const char *id, const char *step, const char *result, const char *answer, GError **error)
{
	ident_event event;
	if (answer != NULL && *answer == '\0')
		answer = NULL;
	if (!read_result(result, &event))
		return ident_fail(error, IDENT_ERROR_INVALID, "The result is not known.");
	if (answer != NULL && strlen(answer) > IDENT_ANSWER_MAX)
		return ident_refuse(error, IDENT_REFUSAL_ANSWER_TOO_LONG, NULL, NULL);
	g_autoptr(ident_attempt) attempt = ident_attempt_load_running(context->db, id, error);
	g_autoptr(GPtrArray) checks = attempt != NULL ? ident_checks_load(context->db, id, attempt->procedure, error) : NULL;
	if (checks == NULL)
		return FALSE;
	ident_check_state to;
	ident_check *check = ident_script_move(attempt->procedure, checks, step, event, &to, error);
	if (check == NULL)
		return FALSE;
	if (event == IDENT_EVENT_PASS && check->rule->answer != IDENT_ANSWER_NONE &&
		!allow[check->rule->answer](context, attempt, check, answer, error))
		return FALSE;
	check->state = to;
	check->tries += event == IDENT_EVENT_REPEAT;
	if (event == IDENT_EVENT_REPEAT)
		g_clear_pointer(&check->still, g_free);
	g_free(check->result);
	check->result = g_strdup(result);
	g_free(check->answer);
	check->answer = g_strdup(answer);
	return check_store(context, attempt, check, "check.recorded", error) && check_advance(context, attempt, checks, error);
}
