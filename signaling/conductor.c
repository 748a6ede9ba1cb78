/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/log.h"
#include "signaling/conductor-private.h"
#include "signaling/sql.h"
#include "signaling/watch.h"

#include <string.h>

#define TICK_US (1000 * 1000)
#define STATS_TICKS 5

void conductor_post(conductor *conductor, conductor_run *run, const char *text, json_t *json)
{
	note *posted = g_new0(note, 1);
	posted->run = run;
	posted->text = g_strdup(text);
	posted->json = json;
	g_async_queue_push(conductor->notes, posted);
}

static void note_free(note *note)
{
	g_free(note->text);
	json_decref(note->json);
	g_free(note);
}

/* An answer of media on its way back into the queue. */
typedef struct {
	conductor *conductor;
	note *note;
} reply;

static void push_reply(const json_t *answer, gpointer data)
{
	g_autofree reply *reply = data;
	json_object_set_new(reply->note->json, "answer", answer != NULL ? json_deep_copy(answer) : json_null());
	g_async_queue_push(reply->conductor->notes, reply->note);
}

void conductor_command(conductor *conductor, json_t *message, conductor_run *run, const char *text, json_t *context)
{
	note *back = g_new0(note, 1);
	back->run = run;
	back->text = g_strdup(text);
	back->json = context != NULL ? context : json_object();
	back->generation = conductor->generation;
	reply *waiting = g_new(reply, 1);
	*waiting = (reply){ conductor, back };
	media_client_send(app_media(conductor->app), message, push_reply, waiting);
}

const json_t *conductor_answer(const note *note)
{
	const json_t *answer = json_object_get(note->json, "answer");
	return json_is_object(answer) && json_object_get(answer, "error") == NULL ? answer : NULL;
}

const char *conductor_refusal(const note *note)
{
	const char *text = json_text(json_object_get(json_object_get(note->json, "answer"), "error"), "text");
	return text != NULL ? text : "the media server is away";
}

void conductor_report(const char *what, GError *error)
{
	log_error(what, LOG_CAUSE(error));
	g_error_free(error);
}

GHashTable *conductor_string_set(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

typedef struct {
	const char *session;
	score *score;
} score_job;

static gboolean load_score(db *db, gpointer data, GError **error)
{
	score_job *job = data;
	job->score = score_load(db, job->session, error);
	return job->score != NULL;
}

static void forget(conductor *conductor, const char *session)
{
	g_hash_table_remove(conductor->chapters, session);
	g_hash_table_remove(conductor->separated, session);
	g_hash_table_remove(conductor->officers, session);
	stills_drop_session(app_stills(conductor->app), session);
}

void conductor_sync_session(conductor *conductor, const char *session)
{
	LOG_SCOPE("session", session);
	GError *error = NULL;
	score_job job = { .session = session };
	if (!conductor->is_up)
		return;
	if (!store_read(app_store(conductor->app), load_score, &job, &error)) {
		conductor_report("session not read", error);
		return;
	}
	g_autoptr(score) score = job.score;
	conductor_sync_places(conductor, score);
	if (!g_hash_table_contains(conductor->busy, session))
		conductor_sync_recording(conductor, score);
	if (score->session->state == SESSION_ENDED || score->session->state == SESSION_WAITING)
		forget(conductor, session);
}

typedef struct {
	const char *sql;
	const char *participant;
	GPtrArray *ids;
} id_job;

static gboolean load_ids(db *db, gpointer data, GError **error)
{
	id_job *job = data;
	g_autoptr(db_rows) rows = job->participant == NULL
					  ? db_select(db, error, job->sql)
					  : db_select(db, error, job->sql, DB_TEXT("participant", job->participant));
	while (rows != NULL && db_next(rows))
		g_ptr_array_add(job->ids, g_strdup(db_text(rows, "id")));
	return rows != NULL;
}

void conductor_sync_all_of(conductor *conductor, const char *sql, const char *participant)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	id_job job = { sql, participant, ids };
	if (!store_read(app_store(conductor->app), load_ids, &job, &error))
		conductor_report("sessions not read", error);
	for (guint i = 0; i < ids->len; i++)
		conductor_sync_session(conductor, ids->pdata[i]);
}

/* A full disk, a file that cannot be removed: what shall be gone is not forgotten. */
static void sync_unsettled(conductor *conductor)
{
	g_autoptr(GHashTable) again = g_steal_pointer(&conductor->unsettled);
	conductor->unsettled = conductor_string_set();
	GHashTableIter iterator;
	gpointer session;
	g_hash_table_iter_init(&iterator, again);
	while (g_hash_table_iter_next(&iterator, &session, NULL))
		conductor_sync_session(conductor, session);
}

static void on_topic(conductor *conductor, note *note)
{
	/* Before looking: what changes from here on is worth another look. */
	g_mutex_lock(&conductor->mutex);
	g_hash_table_remove(conductor->touched, note->text);
	g_mutex_unlock(&conductor->mutex);
	const char *colon = strchr(note->text, ':');
	if (g_str_has_prefix(note->text, "session:"))
		conductor_sync_session(conductor, colon + 1);
	else
		conductor_sync_all_of(conductor, SQL_SESSION_OF_PARTICIPANT, colon + 1);
}

void conductor_touch(conductor *conductor, const char *topic)
{
	if (!g_str_has_prefix(topic, "session:") && !g_str_has_prefix(topic, "person:") && !g_str_has_prefix(topic, "staff:"))
		return;
	g_mutex_lock(&conductor->mutex);
	gboolean is_new = g_hash_table_add(conductor->touched, g_strdup(topic));
	g_mutex_unlock(&conductor->mutex);
	if (is_new)
		conductor_post(conductor, on_topic, topic, NULL);
}

static void on_stop(conductor *conductor, note *note)
{
	(void)note;
	conductor->is_stopping = TRUE;
}

static gpointer run(gpointer data)
{
	conductor *conductor = data;
	gint64 next_tick_us = g_get_monotonic_time();
	guint tick = 0;
	while (!conductor->is_stopping) {
		gint64 wait_us = next_tick_us - g_get_monotonic_time();
		note *note = wait_us > 0 ? g_async_queue_timeout_pop(conductor->notes, (guint64)wait_us) : NULL;
		if (note != NULL) {
			note->run(conductor, note);
			note_free(note);
			continue;
		}
		watch_run(conductor->app);
		sync_unsettled(conductor);
		conductor_close_peers(conductor);
		if (conductor->is_up && tick++ % STATS_TICKS == 0)
			conductor_ask_counters(conductor);
		next_tick_us = g_get_monotonic_time() + TICK_US;
	}
	return NULL;
}

conductor *conductor_new(app *app)
{
	conductor *conductor = g_new0(struct conductor, 1);
	conductor->app = app;
	conductor->notes = g_async_queue_new();
	g_mutex_init(&conductor->mutex);
	conductor->touched = conductor_string_set();
	conductor->peers = conductor_string_set();
	conductor->found = conductor_string_set();
	conductor->placed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, conductor_place_free);
	conductor->running = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
	conductor->unsure = conductor_string_set();
	conductor->busy = conductor_string_set();
	conductor->unsettled = conductor_string_set();
	conductor->chapters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	conductor->separated = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	conductor->officers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return conductor;
}

void conductor_start(conductor *conductor)
{
	conductor->thread = g_thread_new("conductor", run, conductor);
}

void conductor_stop(conductor *conductor)
{
	if (conductor == NULL || conductor->thread == NULL)
		return;
	conductor_post(conductor, on_stop, NULL, NULL);
	g_thread_join(g_steal_pointer(&conductor->thread));
}

void conductor_free(conductor *conductor)
{
	if (conductor == NULL)
		return;
	conductor_stop(conductor);
	for (note *note; (note = g_async_queue_try_pop(conductor->notes)) != NULL;)
		note_free(note);
	g_async_queue_unref(conductor->notes);
	g_mutex_clear(&conductor->mutex);
	g_hash_table_unref(conductor->touched);
	g_hash_table_unref(conductor->peers);
	g_hash_table_unref(conductor->found);
	g_hash_table_unref(conductor->placed);
	g_hash_table_unref(conductor->running);
	g_hash_table_unref(conductor->unsure);
	g_hash_table_unref(conductor->busy);
	g_hash_table_unref(conductor->unsettled);
	g_hash_table_unref(conductor->chapters);
	g_hash_table_unref(conductor->separated);
	g_hash_table_unref(conductor->officers);
	g_free(conductor);
}
