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

static gboolean requeue(const booking_context *context, const char *id, GError **error)
{
	g_autoptr(session) session = session_load(context->db, id, error);
	if (session == NULL)
		return FALSE;
	g_autoptr(json_t) details = json_pack("{s:s}", "officer", session->officer);
	return desk_set(context->db, session->officer, session->performing, DESK_PAUSED, context->now_ms, error) &&
	       session_apply(context, session, SESSION_REQUEUE, details, error);
}

static gboolean act(db *db, gpointer data, GError **error)
{
	app *app = data;
	booking_context context = { .db = db, .now_ms = clock_now_ms(), .actor = "system", .settings = app_settings(app) };
	g_autoptr(db_rows) officers = sessions_without_officer(db, context.now_ms, error);
	while (officers != NULL && db_next(officers))
		if (!requeue(&context, db_text(officers, "id"), error))
			return FALSE;
	g_autoptr(db_rows) media = officers != NULL ? people_without_media(db, context.now_ms, error) : NULL;
	while (media != NULL && db_next(media))
		if (!ident_attempt_interrupt(
			    &context, db_text(media, "session"), db_text(media, "person"), "connection_lost", error))
			return FALSE;
	g_autoptr(db_rows) desks = media != NULL ? desks_without_officer(db, context.now_ms, error) : NULL;
	while (desks != NULL && db_next(desks))
		if (!desk_set(db, db_text(desks, "staff"), db_text(desks, "organisation"), DESK_PAUSED, context.now_ms, error) ||
			!desk_log(&context, db_text(desks, "staff"), db_text(desks, "organisation"), "desk.paused", error))
			return FALSE;
	return desks != NULL && pairing_run(&context, error);
}

void watch_run(app *app)
{
	gboolean is_needed = FALSE;
	g_autoptr(GError) error = NULL;
	if (!store_read(app_store(app), look, &is_needed, &error) ||
		(is_needed && !store_write_wait(app_store(app), act, app, &error)))
		log_error("sessions not watched", LOG_CAUSE(error));
}
