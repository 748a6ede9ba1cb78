/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/watch.h"

#include "booking/waiting.h"
#include "core/clock.h"
#include "core/log.h"
#include "ident/attempt.h"
#include "signaling/desk.h"
#include "signaling/limits.h"
#include "signaling/pairing.h"
#include "signaling/session.h"
#include "signaling/sql.h"

static db_rows *sessions_without_officer(db *db, int64_t now_ms, GError **error)
{
	return db_select(db, error, SQL_SESSION_OFFICERS_LOST, DB_INT("join_limit", now_ms - OFFICER_JOIN_MS),
		DB_INT("assigned_limit", now_ms - OFFICER_LOST_MS), DB_INT("live_limit", now_ms - OFFICER_LOST_LIVE_MS));
}

static db_rows *people_without_media(db *db, int64_t now_ms, GError **error)
{
	return db_select(db, error, SQL_SESSION_MEDIA_LOST, DB_INT("limit", now_ms - MEDIA_LOST_MS));
}

static db_rows *desks_without_officer(db *db, int64_t now_ms, GError **error)
{
	return db_select(db, error, SQL_DESK_LOST, DB_INT("limit", now_ms - OFFICER_LOST_MS));
}

static gboolean look(db *db, gpointer data, GError **error)
{
	gboolean *is_needed = data;
	int64_t now_ms = clock_now_ms();
	g_autoptr(db_rows) officers = sessions_without_officer(db, now_ms, error);
	g_autoptr(db_rows) media = officers != NULL ? people_without_media(db, now_ms, error) : NULL;
	g_autoptr(db_rows) desks = media != NULL ? desks_without_officer(db, now_ms, error) : NULL;
	g_autoptr(db_rows) ready = desks != NULL ? db_select(db, error, SQL_DESK_READY) : NULL;
	if (ready == NULL)
		return FALSE;
	g_autoptr(GPtrArray) waiting = db_row_count(ready) > 0 ? waiting_list(db, NULL, error) : g_ptr_array_new();
	if (waiting == NULL)
		return FALSE;
	*is_needed = db_row_count(officers) > 0 || db_row_count(media) > 0 || db_row_count(desks) > 0 || waiting->len > 0;
	return TRUE;
}

/* One thing to be done to a row. */
typedef struct {
	const booking_context *context;
	const db_rows *row;
} task;

static gboolean requeue(db *db, gpointer data, GError **error)
{
	const task *task = data;
	g_autoptr(session) session = session_load(db, db_text(task->row, "id"), error);
	if (session == NULL)
		return FALSE;
	g_autoptr(json_t) details = json_pack("{s:s}", "officer", session->officer);
	return desk_set(db, session->officer, session->performing, DESK_PAUSED, task->context->now_ms, error) &&
	       session_apply(task->context, session, SESSION_REQUEUE, details, error);
}

static gboolean interrupt(db *db, gpointer data, GError **error)
{
	const task *task = data;
	(void)db;
	return ident_attempt_interrupt(
		task->context, db_text(task->row, "session"), db_text(task->row, "person"), "connection_lost", error);
}

static gboolean pause_desk(db *db, gpointer data, GError **error)
{
	const task *task = data;
	const char *staff = db_text(task->row, "staff"), *organisation = db_text(task->row, "organisation");
	return desk_set(db, staff, organisation, DESK_PAUSED, task->context->now_ms, error) &&
	       desk_log(task->context, staff, organisation, "desk.paused", error);
}

/* Each by itself: one that fails does not keep the others from what they wait for. */
static gboolean act(db *db, gpointer data, GError **error)
{
	static const struct {
		db_rows *(*select)(struct db *db, int64_t now_ms, GError **error);
		store_job run;
	} duties[] = {
		{ sessions_without_officer, requeue },
		{ people_without_media, interrupt },
		{ desks_without_officer, pause_desk },
	};
	app *app = data;
	booking_context context = { .db = db, .now_ms = clock_now_ms(), .actor = "system", .settings = app_settings(app) };
	for (size_t i = 0; i < G_N_ELEMENTS(duties); i++) {
		g_autoptr(db_rows) rows = duties[i].select(db, context.now_ms, error);
		task task = { &context, rows };
		while (rows != NULL && db_next(rows)) {
			g_autoptr(GError) cause = NULL;
			if (!store_try(db, duties[i].run, &task, &cause))
				log_error("a session is not watched", LOG_CAUSE(cause));
		}
		if (rows == NULL)
			return FALSE;
	}
	return pairing_run(&context, error);
}

void watch_run(app *app)
{
	gboolean is_needed = FALSE;
	g_autoptr(GError) error = NULL;
	if (!store_read(app_store(app), look, &is_needed, &error) ||
		(is_needed && !store_write_wait(app_store(app), act, app, &error)))
		log_error("sessions not watched", LOG_CAUSE(error));
}
