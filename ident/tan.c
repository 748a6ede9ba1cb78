/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/notice.h"
#include "core/crypto.h"
#include "core/json.h"
#include "ident/attempt-private.h"
#include "ident/error.h"
#include "ident/limits.h"
#include "ident/sql.h"
#include "ident/tan.h"
#include <string.h>

static char *hash_of(const char *salt, const char *tan)
{
	g_autofree char *text = g_strconcat(salt, tan, NULL);
	return crypto_sha256_hex(text, strlen(text));
}

/* The tan step, if it is due and allows `event`. */
static ident_check *due_tan(const ident_attempt *attempt, const GPtrArray *checks, ident_event event, GError **error)
{
	for (guint i = 0; i < checks->len; i++) {
		const ident_check *check = checks->pdata[i];
		ident_check_state to;
		if (check->rule->kind == IDENT_KIND_TAN)
			return ident_script_move(attempt->procedure, checks, check->step, event, &to, error);
	}
	ident_fail(error, IDENT_ERROR_NOT_FOUND, "This procedure has no TAN.");
	return NULL;
}

static gboolean mail(
	const booking_context *context, const ident_attempt *attempt, int64_t number, const char *tan, GError **error)
{
	g_autoptr(person) person = person_load(context->db, attempt->person, error);
	g_autoptr(appointment) appointment = person != NULL ? appointment_of_case(context->db, person->case_id, error) : NULL;
	/* attempts count up per person, so that the outbox tells their TANs apart */
	return appointment != NULL && notice_queue(context, NOTICE_TAN, appointment, person,
					      attempt->number * (IDENT_TAN_SENT_MAX + 1) + number, tan, error);
}

gboolean ident_tan_send(const booking_context *context, const char *id, GError **error)
{
	g_autoptr(ident_attempt) attempt = ident_attempt_load_running(context->db, id, error);
	g_autoptr(GPtrArray) checks = attempt != NULL ? ident_checks_load(context->db, id, attempt->procedure, error) : NULL;
	if (checks == NULL || due_tan(attempt, checks, IDENT_EVENT_TAN_SENT, error) == NULL)
		return FALSE;
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_TAN_OF_ATTEMPT, DB_TEXT("attempt", id));
	if (rows == NULL)
		return FALSE;
	int64_t sent = 0;
	if (db_next(rows)) {
		sent = db_int(rows, "sent_count");
		if (context->now_ms < db_int(rows, "sent_ms") + IDENT_TAN_RESEND_MS)
			return ident_refuse(error, IDENT_REFUSAL_TAN_TOO_SOON, NULL, NULL);
		if (sent >= IDENT_TAN_SENT_MAX)
			return ident_refuse(error, IDENT_REFUSAL_TANS_USED_UP, NULL, NULL);
	}
	char tan[IDENT_TAN_DIGITS + 1];
	g_snprintf(tan, sizeof(tan), "%06u", (guint)crypto_random_below(1000000));
	g_autofree char *salt = crypto_secret_new(), *hash = hash_of(salt, tan);
	gboolean is_done =
		db_run(context->db, error, SQL_TAN_STORE, DB_TEXT("attempt", id), DB_TEXT("salt", salt), DB_TEXT("hash", hash),
			DB_INT("now", context->now_ms), DB_INT("expires", context->now_ms + IDENT_TAN_LIFE_MS),
			DB_INT("tries", IDENT_TAN_TRIES)) >= 0 &&
		mail(context, attempt, sent + 1, tan, error) &&
		attempt_log(context, attempt, "tan.sent", json_pack("{s:I}", "number", (json_int_t)(sent + 1)), error) >= 0;
	crypto_wipe(tan, sizeof(tan));
	return is_done;
}

static gboolean right(const booking_context *context, const ident_attempt *attempt, ident_check *check, GError **error)
{
	check->state = IDENT_CHECK_DONE;
	g_free(check->result);
	check->result = g_strdup("pass");
	return db_run(context->db, error, SQL_TAN_USED, DB_TEXT("attempt", attempt->id), DB_INT("now", context->now_ms)) >= 0 &&
	       check_store(context, attempt, check, "tan.entered", error);
}

static gboolean wrong(
	const booking_context *context, const ident_attempt *attempt, ident_check *check, guint tries_left, GError **error)
{
	if (tries_left == 0)
		check->state = IDENT_CHECK_FAILED;
	check->tries++;
	g_free(check->result);
	check->result = g_strdup("fail");
	return db_run(context->db, error, SQL_TAN_WRONG, DB_TEXT("attempt", attempt->id)) >= 0 &&
	       check_store(context, attempt, check, "tan.entered", error);
}

gboolean ident_tan_enter(
	const booking_context *context, const char *id, const char *tan, gboolean *is_right, guint *tries_left, GError **error)
{
	g_autoptr(ident_attempt) attempt = ident_attempt_load_running(context->db, id, error);
	g_autoptr(GPtrArray) checks = attempt != NULL ? ident_checks_load(context->db, id, attempt->procedure, error) : NULL;
	ident_check *check = checks != NULL ? due_tan(attempt, checks, IDENT_EVENT_TAN_RIGHT, error) : NULL;
	if (check == NULL)
		return FALSE;
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_TAN_OF_ATTEMPT, DB_TEXT("attempt", id));
	if (rows == NULL)
		return FALSE;
	if (!db_next(rows))
		return ident_refuse(error, IDENT_REFUSAL_TAN_NOT_SENT, check->rule->rule, NULL);
	if (context->now_ms >= db_int(rows, "expires_ms"))
		return ident_refuse(error, IDENT_REFUSAL_TAN_EXPIRED, check->rule->rule, NULL);

	g_autofree char *hash = hash_of(db_text(rows, "salt"), tan);
	*is_right = crypto_equal_text(hash, db_text(rows, "hash"));
	*tries_left = db_int(rows, "tries_left") - !*is_right;
	return *is_right ? right(context, attempt, check, error) : wrong(context, attempt, check, *tries_left, error);
}

json_t *ident_tan_view(db *db, const char *id, GError **error)
{
	g_autoptr(ident_attempt) attempt = ident_attempt_load(db, id, error);
	g_autoptr(GPtrArray) checks = attempt != NULL ? ident_checks_load(db, id, attempt->procedure, error) : NULL;
	g_autoptr(db_rows) rows = checks != NULL ? db_select(db, error, SQL_TAN_OF_ATTEMPT, DB_TEXT("attempt", id)) : NULL;
	if (rows == NULL)
		return NULL;
	const ident_check *due = ident_script_due(checks);
	if (attempt->state != IDENT_ATTEMPT_RUNNING || due == NULL || due->rule->kind != IDENT_KIND_TAN || !db_next(rows))
		return json_null();
	return json_pack("{s:s, s:s, s:I, s:I, s:I}", "person", attempt->person, "attempt", attempt->id, "tries_left",
		(json_int_t)db_int(rows, "tries_left"), "expires_ms", (json_int_t)db_int(rows, "expires_ms"), "resend_from_ms",
		(json_int_t)(db_int(rows, "sent_ms") + IDENT_TAN_RESEND_MS));
}
