/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/waiting.h"
#include "booking/audit/log.h"
#include "booking/error.h"
#include "booking/limits.h"
#include "booking/person.h"
#include "booking/sql.h"
#include "core/clock.h"
#include "core/json.h"

/* Partners who are not there yet; at one device one is enough. */
static gboolean count_missing(const booking_context *context, const appointment *appointment, int64_t *missing, GError **error)
{
	*missing = 0;
	if (appointment->is_together)
		return TRUE;
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_WAITING_MISSING, DB_TEXT("case_id", appointment->case_id));
	if (rows == NULL)
		return FALSE;
	db_next(rows);
	*missing = db_int(rows, "missing");
	return TRUE;
}

static gboolean log_person(const booking_context *context, const appointment *appointment, const char *person, const char *action,
	json_t *details, GError **error)
{
	audit_entry entry = { .organisation = appointment->responsible,
		.actor = context->actor,
		.action = action,
		.subjects = { person, appointment->id, appointment->case_id },
		.details = details,
		.time_ms = context->now_ms };
	return audit_append(context->db, &entry, error) >= 0;
}

gboolean waiting_enter(const booking_context *context, const char *person_id, const char *nonce, GError **error)
{
	g_autoptr(person) person = person_load(context->db, person_id, error);
	g_autoptr(appointment) appointment = person == NULL ? NULL : appointment_of_case(context->db, person->case_id, error);
	if (appointment == NULL)
		return FALSE;
	if (appointment->state < APPOINTMENT_CONFIRMED || appointment->state > APPOINTMENT_IN_SESSION) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_STATE, "not possible while %s",
			appointment_state_name(appointment->state));
		return FALSE;
	}
	if (appointment->state == APPOINTMENT_CONFIRMED && (context->now_ms < appointment->start_ms - CHECK_IN_BEFORE_MS ||
								   context->now_ms > appointment->end_ms + CHECK_IN_AFTER_MS)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_CLOSED,
			"the waiting room opens %d minutes before the appointment", (int)(CHECK_IN_BEFORE_MS / CLOCK_MINUTE_MS));
		return FALSE;
	}
	int64_t entered = db_run(context->db, error, SQL_WAITING_ENTER, DB_TEXT("person", person_id),
		DB_TEXT("appointment", appointment->id), DB_INT("now_ms", context->now_ms), DB_TEXT("nonce", nonce));
	g_autoptr(json_t) details = json_pack("{s:s}", "nonce", nonce);
	if (entered < 0 || (entered > 0 && !log_person(context, appointment, person_id, "waiting.entered", details, error)))
		return FALSE;
	store_touch(context->db, "person:%s", person_id);
	if (appointment->state != APPOINTMENT_CONFIRMED)
		return TRUE;
	int64_t missing;
	if (!count_missing(context, appointment, &missing, error))
		return FALSE;
	if (missing > 0)
		return TRUE;
	appointment->checked_in_ms = context->now_ms;
	return appointment_apply(context, appointment, APPOINTMENT_CHECK_IN, NULL, error);
}

gboolean waiting_leave(const booking_context *context, const char *person_id, GError **error)
{
	g_autoptr(person) person = person_load(context->db, person_id, error);
	g_autoptr(appointment) appointment = person == NULL ? NULL : appointment_of_case(context->db, person->case_id, error);
	if (appointment == NULL)
		return FALSE;
	store_touch(context->db, "person:%s", person_id);
	int64_t left =
		db_run(context->db, error, SQL_WAITING_LEAVE, DB_TEXT("person", person_id), DB_INT("now_ms", context->now_ms));
	return left == 0 || (left > 0 && log_person(context, appointment, person_id, "waiting.left", NULL, error));
}

static void waiting_entry_free(gpointer data)
{
	waiting_entry *entry = data;
	g_free(entry->appointment);
	g_free(entry->responsible);
	g_free(entry->office);
	g_free(entry->service_key);
	g_free(entry->procedure);
	g_free(entry->language);
	g_free(entry->nonces);
	g_free(entry);
}

static char *nonces_of(db *db, const char *appointment, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_WAITING_NONCES, DB_TEXT("appointment", appointment));
	if (rows == NULL)
		return NULL;
	GString *nonces = g_string_new(NULL);
	while (db_next(rows))
		g_string_append_printf(nonces, "%s%s", nonces->len == 0 ? "" : ",", db_text(rows, "nonce"));
	return g_string_free(nonces, FALSE);
}

GPtrArray *waiting_list(db *db, const char *responsible, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_WAITING_LIST, DB_TEXT("responsible", responsible));
	if (rows == NULL)
		return NULL;
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(waiting_entry_free);
	while (db_next(rows)) {
		g_autofree char *nonces = nonces_of(db, db_text(rows, "appointment"), error);
		if (nonces == NULL)
			return NULL;
		waiting_entry *entry = g_new0(waiting_entry, 1);
		entry->appointment = g_strdup(db_text(rows, "appointment"));
		entry->responsible = g_strdup(db_text(rows, "responsible"));
		entry->office = g_strdup(db_text(rows, "office"));
		entry->service_key = g_strdup(db_text(rows, "service_key"));
		entry->procedure = g_strdup(db_text(rows, "procedure"));
		entry->language = g_strdup(db_text(rows, "language"));
		entry->is_identifying = db_int(rows, "is_identifying") != 0;
		entry->start_ms = db_int(rows, "start_ms");
		entry->duration_min = (int)((db_int(rows, "end_ms") - entry->start_ms) / CLOCK_MINUTE_MS);
		entry->checked_in_ms = db_int(rows, "checked_in_ms");
		entry->nonces = g_steal_pointer(&nonces);
		g_ptr_array_add(entries, entry);
	}
	return g_steal_pointer(&entries);
}

int waiting_place(db *db, const char *appointment, int64_t *work_ms, GError **error)
{
	g_autoptr(db_rows) state = db_select(db, error, SQL_APPOINTMENT_STATE, DB_TEXT("appointment", appointment));
	g_autoptr(db_rows) before =
		state == NULL ? NULL : db_select(db, error, SQL_WAITING_BEFORE, DB_TEXT("appointment", appointment));
	if (before == NULL)
		return -1;
	gboolean is_waiting =
		db_next(state) && strcmp(db_text(state, "state"), appointment_state_name(APPOINTMENT_CHECKED_IN)) == 0;
	db_next(before);
	if (work_ms != NULL)
		*work_ms = is_waiting ? db_int(before, "work_ms") : 0;
	return is_waiting ? (int)db_int(before, "before") + 1 : 0;
}

gboolean waiting_is_present(db *db, const char *person, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_WAITING_IS_PRESENT, DB_TEXT("person", person));
	return rows != NULL && db_next(rows);
}
