/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/session.h"

#include "booking/appointment.h"
#include "booking/audit/log.h"
#include "core/json.h"
#include "core/metrics.h"
#include "ident/attempt.h"
#include "signaling/apart.h"
#include "signaling/error.h"
#include "signaling/sql.h"

#include <string.h>

static const char *const state_names[SESSION_STATES] = {
	[SESSION_WAITING] = "waiting",
	[SESSION_ASSIGNED] = "assigned",
	[SESSION_LIVE] = "live",
	[SESSION_WRAP_UP] = "wrap_up",
	[SESSION_ENDED] = "ended",
};

/* Every legal move; what is not here is refused. `action` is the entry in the audit log. */
static const struct {
	session_state from;
	session_event event;
	session_state to;
	const char *action;
} moves[] = {
	{ SESSION_WAITING, SESSION_ASSIGN, SESSION_ASSIGNED, "session.assigned" },
	{ SESSION_ASSIGNED, SESSION_JOIN, SESSION_LIVE, "session.joined" },
	{ SESSION_ASSIGNED, SESSION_REQUEUE, SESSION_WAITING, "session.requeued" },
	{ SESSION_LIVE, SESSION_REQUEUE, SESSION_WAITING, "session.requeued" },
	{ SESSION_LIVE, SESSION_END, SESSION_WRAP_UP, "session.ended" },
	{ SESSION_WRAP_UP, SESSION_CLOSE, SESSION_ENDED, "session.closed" },
};

const char *session_state_name(session_state state)
{
	return state_names[state];
}

gboolean session_next(session_state state, session_event event, session_state *next)
{
	for (size_t i = 0; i < G_N_ELEMENTS(moves); i++)
		if (moves[i].from == state && moves[i].event == event) {
			*next = moves[i].to;
			return TRUE;
		}
	return FALSE;
}

static const char *action_of(session_state from, session_event event)
{
	for (size_t i = 0; i < G_N_ELEMENTS(moves); i++)
		if (moves[i].from == from && moves[i].event == event)
			return moves[i].action;
	return NULL;
}

void session_free(session *session)
{
	if (session == NULL)
		return;
	g_free(session->id);
	g_free(session->appointment);
	g_free(session->case_id);
	g_free(session->organisation);
	g_free(session->performing);
	g_free(session->agreement);
	g_free(session->officer);
	g_free(session->draw);
	g_free(session->end_reason);
	g_free(session->note);
	g_free(session);
}

/* The row that `rows` stands on. */
static session *session_of_row(const db_rows *rows)
{
	session *result = g_new0(session, 1);
	result->id = g_strdup(db_text(rows, "id"));
	result->appointment = g_strdup(db_text(rows, "appointment"));
	result->case_id = g_strdup(db_text(rows, "case_id"));
	result->organisation = g_strdup(db_text(rows, "organisation"));
	result->performing = g_strdup(db_text(rows, "performing"));
	result->agreement = g_strdup(db_text(rows, "agreement"));
	while (strcmp(state_names[result->state], db_text(rows, "state")) != 0)
		g_assert(++result->state < SESSION_STATES);
	result->officer = g_strdup(db_text(rows, "officer"));
	result->draw = g_strdup(db_text(rows, "draw"));
	result->place_ms = db_int(rows, "place_ms");
	result->assigned_ms = db_int(rows, "assigned_ms");
	result->live_ms = db_int(rows, "live_ms");
	result->ended_ms = db_int(rows, "ended_ms");
	result->end_reason = g_strdup(db_text(rows, "end_reason"));
	result->note = g_strdup(db_text(rows, "note"));
	result->is_recording = g_strcmp0(db_text(rows, "recording_state"), "on") == 0;
	return result;
}

/* Takes `rows`. */
static session *single(db_rows *rows, GError **error)
{
	g_autoptr(db_rows) owned = rows;
	if (rows == NULL)
		return NULL;
	if (db_next(rows))
		return session_of_row(rows);
	g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND, "There is no such session.");
	return NULL;
}

session *session_load(db *db, const char *id, GError **error)
{
	return single(db_select(db, error, SQL_SESSION_GET, DB_TEXT("id", id)), error);
}

session *session_of_officer(db *db, const actor *actor, const char *id, GError **error)
{
	g_autoptr(session) found = session_load(db, id, error);
	if (found == NULL)
		return NULL;
	if (actor->kind == ACTOR_STAFF && g_strcmp0(found->officer, actor->id) == 0 && found->state != SESSION_ENDED)
		return g_steal_pointer(&found);
	g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND, "There is no such session.");
	return NULL;
}

session *session_of_person(db *db, const actor *actor, GError **error)
{
	return single(db_select(db, error, SQL_SESSION_BY_CASE, DB_TEXT("case", actor->case_id)), error);
}

session *session_in_hand(db *db, const char *officer, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_SESSION_IN_HAND, DB_TEXT("officer", officer));
	return rows != NULL && db_next(rows) ? session_of_row(rows) : NULL;
}

GStrv session_nonces(db *db, const session *session, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_SESSION_NONCES, DB_TEXT("case", session->case_id));
	if (rows == NULL)
		return NULL;
	g_autoptr(GStrvBuilder) nonces = g_strv_builder_new();
	while (db_next(rows))
		g_strv_builder_add(nonces, db_text(rows, "nonce"));
	return g_strv_builder_end(nonces);
}

/* What the appointment does meanwhile. Completed is what ended as it should; every other reason aborts it. */
static gboolean move_appointment(
	const booking_context *context, const session *session, session_event event, json_t *details, GError **error)
{
	static const appointment_event events[SESSION_EVENTS] = {
		[SESSION_ASSIGN] = APPOINTMENT_START,
		[SESSION_REQUEUE] = APPOINTMENT_REQUEUE,
	};
	if (event == SESSION_JOIN || event == SESSION_CLOSE)
		return TRUE;
	gboolean is_completed = g_strcmp0(json_text(details, "reason"), "completed") == 0;
	appointment_event wanted = event != SESSION_END ? events[event] : is_completed ? APPOINTMENT_COMPLETE : APPOINTMENT_ABORT;
	g_autoptr(appointment) appointment = appointment_load(context->db, session->appointment, error);
	return appointment != NULL && appointment_apply(context, appointment, wanted, NULL, error);
}

static gboolean interrupt_attempts(const booking_context *context, const session *session, session_event event, GError **error)
{
	if (event == SESSION_REQUEUE)
		return ident_attempt_interrupt(context, session->id, NULL, "connection_lost", error);
	return event != SESSION_END || ident_attempt_interrupt(context, session->id, NULL, "session_ended", error);
}

static gboolean refuse_state(GError **error)
{
	g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_STATE, "The session is not in a state that allows this.");
	return FALSE;
}

gboolean session_log(const booking_context *context, const session *session, const char *action, json_t *details, GError **error)
{
	audit_entry entry = { .organisation = session->organisation,
		.actor = context->actor,
		.action = action,
		.subjects = { session->id, session->appointment, session->officer },
		.details = details,
		.time_ms = context->now_ms };
	return audit_append(context->db, &entry, error) >= 0;
}

void session_touch(db *db, const session *session)
{
	store_touch(db, "session:%s", session->id);
	store_touch(db, "desk:%s", session->organisation);
	if (strcmp(session->performing, session->organisation) != 0)
		store_touch(db, "desk:%s", session->performing);
}

/* How long people wait, from the check-in to the officer's join. */
static void count_wait(int64_t wait_ms)
{
	static const int64_t bounds[] = { 10000, 30000, 60000, 120000, 300000, 600000, 1200000, 1800000, 3600000, 0 };
	metric_observe(
		metric_histogram("jawort_wait_ms", NULL, "Time from the check-in until the officer joins", bounds), wait_ms);
}

gboolean session_apply(const booking_context *context, session *session, session_event event, json_t *details, GError **error)
{
	session_state next;
	if (!session_next(session->state, event, &next))
		return refuse_state(error);
	int64_t moved = db_run(context->db, error, SQL_SESSION_MOVE, DB_TEXT("id", session->id),
		DB_TEXT("from", state_names[session->state]), DB_TEXT("to", state_names[next]), DB_INT("now", context->now_ms),
		DB_TEXT("reason", json_text(details, "reason")), DB_TEXT("note", json_text(details, "note")));
	if (moved < 0)
		return FALSE;
	if (moved == 0)
		return refuse_state(error);
	gboolean is_over = event == SESSION_REQUEUE || event == SESSION_END;
	if ((is_over && !apart_clear(context->db, session->id, error)) || !interrupt_attempts(context, session, event, error) ||
		!move_appointment(context, session, event, details, error) ||
		!session_log(context, session, action_of(session->state, event), details, error))
		return FALSE;
	session_touch(context->db, session);
	if (event == SESSION_JOIN)
		count_wait(context->now_ms - session->place_ms);
	session->state = next;
	return TRUE;
}
