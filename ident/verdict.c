/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/crypto.h"
#include "core/id.h"
#include "core/json.h"
#include "ident/attempt-private.h"
#include "ident/error.h"
#include "ident/limits.h"
#include "ident/report.h"
#include "ident/sql.h"
#include "ident/verdict.h"
#include <string.h>

/* Which verdict may end a script in which state. */
static const struct {
	const char *verdict;
	ident_script_state state;
} allowed[] = {
	{ "identified", IDENT_SCRIPT_COMPLETE },
	{ "not_identified", IDENT_SCRIPT_COMPLETE },
	{ "not_identified", IDENT_SCRIPT_FAILED },
};

static gboolean check_verdict(const GPtrArray *checks, const char *verdict, const char *const *reasons, GError **error)
{
	ident_script_state state = ident_script_progress(checks);
	const ident_check *due = ident_script_due(checks);
	guint count = g_strv_length((char **)reasons);
	gboolean is_allowed = FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(allowed); i++)
		is_allowed |= allowed[i].state == state && strcmp(allowed[i].verdict, verdict) == 0;
	if (!is_allowed)
		return due != NULL ? ident_refuse(error, IDENT_REFUSAL_STEP_OPEN, due->rule->rule, due->step)
				   : ident_refuse(error, IDENT_REFUSAL_NOT_PASSED, "V-42", NULL);
	if (count > IDENT_REASONS_MAX || (count == 0 && strcmp(verdict, "identified") != 0))
		return ident_refuse(error, IDENT_REFUSAL_REASON_MISSING, NULL, NULL);
	for (guint i = 0; i < count; i++) {
		if (!attempt_is_reason(reasons[i]))
			return ident_fail(error, IDENT_ERROR_INVALID, "The reason is not known.");
	}
	return TRUE;
}

/* The report's row, and the entry that binds it to the log. */
static gboolean add_report(
	const booking_context *context, const ident_attempt *attempt, const char *report, json_t *recording, GError **error)
{
	g_autoptr(json_t) body = ident_report_body(context->db, attempt, report, recording, error);
	g_autofree char *text = body != NULL ? json_canonical(body, error) : NULL;
	if (text == NULL)
		return FALSE;
	g_autofree char *sha256 = crypto_sha256_hex(text, strlen(text));
	json_t *details = json_pack("{s:s, s:O, s:s, s:s}", "verdict", attempt->verdict, "reasons", attempt->reasons, "report",
		report, "report_sha256", sha256);
	int64_t sequence = attempt_log(context, attempt, "attempt.closed", details, error);
	return sequence >= 0 &&
	       db_run(context->db, error, SQL_REPORT_ADD, DB_TEXT("id", report), DB_TEXT("organisation", attempt->organisation),
		       DB_TEXT("attempt", attempt->id), DB_TEXT("session", attempt->session), DB_TEXT("person", attempt->person),
		       DB_TEXT("verdict", attempt->verdict), DB_INT("sequence", sequence), DB_TEXT("body", text),
		       DB_INT("now", context->now_ms)) == 1;
}

char *ident_verdict_give(const booking_context *context, const char *id, const char *verdict, const char *const *reasons,
	json_t *recording, GError **error)
{
	g_autoptr(ident_attempt) attempt = ident_attempt_load_running(context->db, id, error);
	g_autoptr(GPtrArray) checks = attempt != NULL ? ident_checks_load(context->db, id, attempt->procedure, error) : NULL;
	if (checks == NULL || !check_verdict(checks, verdict, reasons, error))
		return NULL;
	g_autoptr(json_t) codes = json_array();
	for (guint i = 0; reasons[i] != NULL; i++)
		json_array_append_new(codes, json_string(reasons[i]));
	g_autofree char *report = id_new("report");
	if (!attempt_end(context, attempt, IDENT_ATTEMPT_CLOSE, verdict, codes, error) ||
		!add_report(context, attempt, report, recording, error))
		return NULL;
	return g_steal_pointer(&report);
}
