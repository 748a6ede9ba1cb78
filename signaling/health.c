/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/health.h"

#include "booking/waiting.h"
#include "core/log.h"
#include "core/metrics.h"
#include "signaling/app-private.h"
#include "signaling/session.h"
#include "signaling/sql.h"

static gboolean read_nothing(db *db, gpointer data, GError **error)
{
	(void)data;
	g_autoptr(db_rows) rows = db_select(db, error, SQL_SESSION_COUNT);
	return rows != NULL;
}

json_t *health_report(app *app)
{
	g_autoptr(GError) error = NULL;
	gboolean has_database = store_read(app_store(app), read_nothing, NULL, &error);
	gboolean has_media = media_client_is_up(app_media(app));
	gboolean has_sign = sign_client_is_healthy(app_sign(app));
	return json_pack("{s:b, s:s, s:s, s:s, s:s, s:s, s:{s:i, s:i}, s:i}", "is_well", has_database && has_media && has_sign,
		"version", JAWORT_VERSION, "sandbox", options_text(app_options(app), "sandbox"), "database",
		has_database ? "up" : "down", "media", has_media ? "up" : "down", "sign", has_sign ? "up" : "down", "restarts",
		"media", (int)supervisor_restarts(app_supervisor(app), "media"), "sign",
		(int)supervisor_restarts(app_supervisor(app), "sign"), "connections",
		(int)gateway_connection_count(app_gateway(app)));
}

/* One gauge for each state of a query {state, count}; states that are gone go to zero. */
static gboolean count_states(
	db *db, const char *sql, const char *name, const char *help, const char *const *states, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, sql);
	if (rows == NULL)
		return FALSE;
	g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	while (db_next(rows))
		g_hash_table_insert(counts, g_strdup(db_text(rows, "state")), GINT_TO_POINTER((int)db_int(rows, "count")));
	for (; *states != NULL; states++) {
		g_autofree char *label = g_strdup_printf("state=\"%s\"", *states);
		metric_set(metric_gauge(name, label, help), GPOINTER_TO_INT(g_hash_table_lookup(counts, *states)));
	}
	return TRUE;
}

static gboolean count_all(db *db, gpointer data, GError **error)
{
	static const char *const sessions[] = { "waiting", "assigned", "live", "wrap_up", "ended", NULL };
	static const char *const recordings[] = { "starting", "on", "paused", "failed", "stopped", "destroyed", NULL };
	(void)data;
	g_autoptr(GPtrArray) waiting = waiting_list(db, NULL, error);
	if (waiting == NULL)
		return FALSE;
	metric_set(metric_gauge("jawort_waiting", NULL, "Appointments checked in and waiting for an officer"), waiting->len);
	return count_states(db, SQL_SESSION_COUNT, "jawort_sessions", "Sessions by state", sessions, error) &&
	       count_states(db, SQL_RECORDING_COUNT, "jawort_recordings", "Recordings by state", recordings, error);
}

void health_count(app *app)
{
	g_autoptr(GError) error = NULL;
	if (!store_read(app_store(app), count_all, NULL, &error))
		log_warning("gauges not counted", LOG_CAUSE(error));
	metric_set(metric_gauge("jawort_media_up", NULL, "1 when the media server is connected"),
		media_client_is_up(app_media(app)));
}
