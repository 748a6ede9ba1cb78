/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/sweep.h"
#include "booking/appointment-private.h"
#include "booking/limits.h"
#include "booking/notice.h"
#include "booking/sign-in.h"
#include "booking/sql.h"
#include "core/json.h"

#define SWEEP_ROWS 200 /* of a kind in one transaction: well under 100 ms of the writer's time */

static gboolean expire(const booking_context *context, GError **error)
{
	g_autoptr(db_rows) rows = db_select(
		context->db, error, SQL_APPOINTMENT_EXPIRED, DB_INT("now_ms", context->now_ms), DB_INT("limit", SWEEP_ROWS));
	if (rows == NULL)
		return FALSE;
	while (db_next(rows)) {
		g_autoptr(appointment) appointment = appointment_from_row(rows);
		if (!appointment_apply(context, appointment, APPOINTMENT_EXPIRE, NULL, error))
			return FALSE;
	}
	return TRUE;
}

/* Nobody came, or those who came were not served. */
static gboolean end_missed(const booking_context *context, GError **error)
{
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_APPOINTMENT_MISSED,
		DB_INT("ended_ms", context->now_ms - NO_SHOW_AFTER_MS), DB_INT("limit", SWEEP_ROWS));
	if (rows == NULL)
		return FALSE;
	g_autoptr(json_t) not_served = json_pack("{s:s}", "reason", "not_served");
	while (db_next(rows)) {
		g_autoptr(appointment) appointment = appointment_from_row(rows);
		gboolean came = appointment->state == APPOINTMENT_CHECKED_IN;
		if (!appointment_apply(
			    context, appointment, came ? APPOINTMENT_ABORT : APPOINTMENT_MISS, came ? not_served : NULL, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean remind(const booking_context *context, notice_kind kind, int64_t before_ms, GError **error)
{
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_APPOINTMENT_TO_REMIND, DB_INT("now_ms", context->now_ms),
		DB_INT("before_ms", before_ms), DB_TEXT("kind", notice_kind_name(kind)), DB_INT("limit", SWEEP_ROWS));
	if (rows == NULL)
		return FALSE;
	while (db_next(rows)) {
		g_autoptr(appointment) appointment = appointment_from_row(rows);
		g_autoptr(GPtrArray) persons = person_list(context->db, appointment->case_id, error);
		for (guint i = 0; persons != NULL && i < persons->len; i++) {
			if (!notice_queue(context, kind, appointment, g_ptr_array_index(persons, i), appointment->sequence, NULL,
				    error))
				return FALSE;
		}
		g_autoptr(json_t) details = json_pack("{s:s}", "kind", notice_kind_name(kind));
		if (persons == NULL || !appointment_audit(context, appointment, "appointment.reminded", details, error))
			return FALSE;
	}
	return TRUE;
}

/* What was never confirmed is gone with all who were named in it; the log keeps that it was there. */
static gboolean forget(const booking_context *context, GError **error)
{
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_APPOINTMENT_TO_FORGET,
		DB_INT("expired_ms", context->now_ms - FORGET_AFTER_MS), DB_INT("limit", SWEEP_ROWS));
	if (rows == NULL)
		return FALSE;
	while (db_next(rows)) {
		g_autoptr(appointment) appointment = appointment_from_row(rows);
		db_value case_id = DB_TEXT("case_id", appointment->case_id);
		if (db_run(context->db, error, SQL_NOTICE_DELETE, DB_TEXT("appointment", appointment->id)) < 0 ||
			db_run(context->db, error, SQL_APPOINTMENT_DELETE, DB_TEXT("id", appointment->id)) < 0 ||
			db_run(context->db, error, SQL_PERSON_DELETE, case_id) < 0 ||
			db_run(context->db, error, SQL_CASE_DELETE, case_id) < 0 ||
			!appointment_audit(context, appointment, "appointment.erased", NULL, error))
			return FALSE;
	}
	return TRUE;
}

gboolean sweep_run(const booking_context *context, GError **error)
{
	return sign_in_sweep(context, error) && expire(context, error) && forget(context, error) && end_missed(context, error) &&
	       remind(context, NOTICE_REMINDER_DAY, REMINDER_DAY_MS, error) &&
	       remind(context, NOTICE_REMINDER_HOUR, REMINDER_HOUR_MS, error);
}
