/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/conductor.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/log.h"
#include "core/metrics.h"
#include "ident/evidence.h"
#include "signaling/app-private.h"
#include "signaling/limits.h"
#include "signaling/presence.h"
#include "signaling/recording.h"
#include "signaling/score.h"
#include "signaling/sql.h"
#include "signaling/watch.h"

#include <string.h>

#define TICK_US (1000 * 1000)
#define STATS_TICKS 5

/* What arrives in the conductor's queue. */
typedef struct note note;
struct note {
	void (*run)(conductor *conductor, note *note);
	char *text;
	json_t *json;
	guint64 generation;
};

struct conductor {
	app *app;
	GThread *thread;
	GAsyncQueue *notes;
	GMutex mutex;
	GHashTable *touched; /* topics that wait in the queue: once is enough */
	gboolean is_stopping;
	gboolean is_up;
	guint64 generation;   /* of the connection to media: answers to an earlier one are void */
	GHashTable *placed;   /* peer to room, as media was told */
	GHashTable *running;  /* recordings that media has: id to set of "PEER NAME" */
	GHashTable *unsure;   /* recordings found running after a restart: whether they are paused is not known */
	GHashTable *busy;     /* sessions with a recording command on its way */
	GHashTable *unended;  /* sessions whose recording could not be ended yet: looked at again with each tick */
	GHashTable *chapters; /* session to the step last marked */
	GHashTable *officers; /* room to the officer's peer, who is told of qualities */
};

static store *store_of(const conductor *conductor)
{
	return app_store(conductor->app);
}

/* --- the queue --- */

static void post(conductor *conductor, void (*run)(struct conductor *, note *), const char *text, json_t *json)
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

/* Send `command`; `run` gets a note with `context` (taken) and its member "answer", null when the connection broke. */
static void command(
	conductor *conductor, json_t *message, void (*run)(struct conductor *, note *), const char *session, json_t *context)
{
	note *back = g_new0(note, 1);
	back->run = run;
	back->text = g_strdup(session);
	back->json = context != NULL ? context : json_object();
	back->generation = conductor->generation;
	reply *waiting = g_new(reply, 1);
	*waiting = (reply){ conductor, back };
	media_client_send(app_media(conductor->app), message, push_reply, waiting);
}

static const json_t *answer_of(const note *note)
{
	const json_t *answer = json_object_get(note->json, "answer");
	return json_is_object(answer) && json_object_get(answer, "error") == NULL ? answer : NULL;
}

static const char *refusal_of(const note *note)
{
	const char *text = json_text(json_object_get(json_object_get(note->json, "answer"), "error"), "text");
	return text != NULL ? text : "the media server is away";
}

/* --- writing back --- */

static void report(const char *what, GError *error)
{
	log_error(what, LOG_CAUSE(error));
	g_error_free(error);
}

static gboolean write_recording(conductor *conductor, const recording_change *change)
{
	GError *error = NULL;
	if (store_write_wait(store_of(conductor), recording_job, (gpointer)change, &error))
		return TRUE;
	report("recording's state not stored", error);
	return FALSE;
}

/* --- places --- */

static void on_placed(conductor *conductor, note *note)
{
	if (answer_of(note) == NULL && note->generation == conductor->generation)
		g_hash_table_remove(conductor->placed, note->text);
}

static void place(conductor *conductor, const char *peer, const char *room)
{
	if (room != NULL)
		g_hash_table_insert(conductor->placed, g_strdup(peer), g_strdup(room));
	else
		g_hash_table_remove(conductor->placed, peer);
	command(conductor, json_pack("{s:s, s:s, s:s?}", "do", "peer.place", "peer", peer, "room", room), on_placed, peer, NULL);
}

static gboolean is_member(const score *score, const char *peer)
{
	for (guint i = 0; i < score->members->len; i++)
		if (strcmp(((score_member *)score->members->pdata[i])->peer, peer) == 0)
			return TRUE;
	return FALSE;
}

static void sync_places(conductor *conductor, const score *score)
{
	const char *room = score->session->id;
	g_autoptr(GList) peers = g_hash_table_get_keys(conductor->placed);
	for (GList *item = peers; item != NULL; item = item->next)
		if (strcmp(g_hash_table_lookup(conductor->placed, item->data), room) == 0 && !is_member(score, item->data)) {
			g_autofree char *peer = g_strdup(item->data);
			place(conductor, peer, NULL);
		}
	g_hash_table_remove(conductor->officers, room);
	for (guint i = 0; i < score->members->len; i++) {
		const score_member *member = score->members->pdata[i];
		if (member->is_media_up && g_strcmp0(g_hash_table_lookup(conductor->placed, member->peer), room) != 0)
			place(conductor, member->peer, room);
		if (strcmp(member->name, "officer") == 0)
			g_hash_table_insert(conductor->officers, g_strdup(room), g_strdup(member->peer));
	}
}

/* --- recording --- */

static void sync_session(conductor *conductor, const char *session);

static void resync(conductor *conductor, const char *session)
{
	g_hash_table_remove(conductor->busy, session);
	sync_session(conductor, session);
}

static GHashTable *string_set(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* Was it only bad luck: media died, or somebody left meanwhile? Then the next change starts it again. */
static gboolean is_passing(const conductor *conductor, const note *note)
{
	const json_t *answer = json_object_get(note->json, "answer");
	const char *code = json_text(json_object_get(answer, "error"), "code");
	return note->generation != conductor->generation || !json_is_object(answer) || g_strcmp0(code, "unknown_peer") == 0 ||
	       g_strcmp0(code, "unknown_room") == 0;
}

static void on_started(conductor *conductor, note *note)
{
	const char *recording = json_text(note->json, "recording");
	recording_change change = { .session = note->text, .recording = recording, .event = RECORDING_STARTED };
	g_hash_table_remove(conductor->busy, note->text);
	if (answer_of(note) == NULL || note->generation != conductor->generation) {
		change.event = RECORDING_FAILED;
		change.reason = refusal_of(note);
		log_warning("recording did not start", LOG_TEXT("recording", recording), LOG_TEXT("reason", change.reason));
		if (!is_passing(conductor, note))
			write_recording(conductor, &change);
		return;
	}
	GHashTable *people = string_set();
	size_t index;
	json_t *name;
	json_array_foreach(json_object_get(note->json, "people"), index, name) {
		g_hash_table_add(people, g_strdup(json_string_value(name)));
	}
	g_hash_table_insert(conductor->running, g_strdup(recording), people);
	write_recording(conductor, &change);
	resync(conductor, note->text);
}

/* Begin part `part`: everybody whose media arrives is recorded. */
static void start(conductor *conductor, const score *score, const char *recording, const char *folder, int64_t part)
{
	g_autofree char *path = g_build_filename(app_data_folder(conductor->app), folder, NULL);
	if (g_mkdir_with_parents(path, 0700) != 0)
		log_error("recording's folder cannot be made", LOG_TEXT("cause", g_strerror(errno)));
	json_t *people = json_array();
	json_t *names = json_array();
	for (guint i = 0; i < score->members->len; i++) {
		const score_member *member = score->members->pdata[i];
		if (!member->is_media_up)
			continue;
		g_autofree char *key = g_strdup_printf("%s %s", member->peer, member->name);
		json_array_append_new(people, json_pack("{s:s, s:s}", "peer", member->peer, "name", member->name));
		json_array_append_new(names, json_string(key));
	}
	json_t *message =
		json_pack("{s:s, s:s, s:s, s:s, s:I, s:O, s:o}", "do", "record.start", "room", score->session->id, "recording",
			recording, "folder", path, "part", (json_int_t)part, "recipients", score->recipients, "people", people);
	g_hash_table_add(conductor->busy, g_strdup(score->session->id));
	command(conductor, message, on_started, score->session->id,
		json_pack("{s:s, s:o}", "recording", recording, "people", names));
}

static void start_next(conductor *conductor, const score *score)
{
	gboolean is_anybody_sending = FALSE;
	for (guint i = 0; i < score->members->len; i++) {
		const score_member *member = score->members->pdata[i];
		is_anybody_sending |= member->is_media_up && strcmp(member->name, "officer") != 0;
	}
	if (!is_anybody_sending)
		return;
	recording_change change = { .session = score->session->id,
		.recording = score->recording,
		.event = score->recording == NULL ? RECORDING_CREATED : RECORDING_NEXT_PART,
		.part = score->part + 1 };
	g_autofree char *made = NULL;
	if (score->recording == NULL)
		change.recording = made = recording_new_id();
	g_autofree char *folder = score->folder != NULL ? g_strdup(score->folder) : recording_folder(change.recording);
	if (write_recording(conductor, &change))
		start(conductor, score, change.recording, folder, change.part);
}

static void on_paused(conductor *conductor, note *note)
{
	recording_change change = { .session = note->text,
		.recording = json_text(note->json, "recording"),
		.event = json_bool(note->json, "paused") ? RECORDING_PAUSED : RECORDING_RESUMED };
	gboolean was_unsure = g_hash_table_remove(conductor->unsure, change.recording);
	g_hash_table_remove(conductor->busy, note->text);
	/* A refusal means that the recording is over: media says so itself. */
	if (answer_of(note) == NULL) {
		log_warning(
			"recording not paused", LOG_TEXT("recording", change.recording), LOG_TEXT("reason", refusal_of(note)));
		return;
	}
	if (!was_unsure || json_bool(note->json, "is_change"))
		write_recording(conductor, &change);
	sync_session(conductor, note->text);
}

static void pause_recording(conductor *conductor, const score *score, gboolean is_paused)
{
	gboolean is_change = is_paused != (g_strcmp0(score->recording_state, "paused") == 0);
	g_hash_table_add(conductor->busy, g_strdup(score->session->id));
	command(conductor, json_pack("{s:s, s:s, s:b}", "do", "record.pause", "recording", score->recording, "paused", is_paused),
		on_paused, score->session->id,
		json_pack("{s:s, s:b, s:b}", "recording", score->recording, "paused", is_paused, "is_change", is_change));
}

static void finish(conductor *conductor, const char *session, const char *recording, gboolean is_destroyed, const json_t *answer)
{
	recording_change change = { .session = session,
		.recording = recording,
		.event = is_destroyed ? RECORDING_DESTROYED : RECORDING_STOPPED,
		.answer = answer,
		.data_folder = app_data_folder(conductor->app) };
	g_hash_table_remove(conductor->running, recording);
	if (is_destroyed)
		stills_drop_session(app_stills(conductor->app), session);
	if (!write_recording(conductor, &change))
		g_hash_table_add(conductor->unended, g_strdup(session));
}

static void on_stopped(conductor *conductor, note *note)
{
	/* Without an answer the recorder is gone with its media server: what is on disk is all there is. */
	finish(conductor, note->text, json_text(note->json, "recording"), json_bool(note->json, "destroy"), answer_of(note));
	g_hash_table_remove(conductor->busy, note->text);
	if (!g_hash_table_contains(conductor->unended, note->text))
		sync_session(conductor, note->text);
}

static void stop(conductor *conductor, const score *score, gboolean is_destroyed)
{
	if (g_hash_table_lookup(conductor->running, score->recording) == NULL) {
		finish(conductor, score->session->id, score->recording, is_destroyed, NULL);
		return;
	}
	g_hash_table_add(conductor->busy, g_strdup(score->session->id));
	command(conductor,
		json_pack("{s:s, s:s, s:b}", "do", "record.stop", "recording", score->recording, "destroy", is_destroyed),
		on_stopped, score->session->id, json_pack("{s:s, s:b}", "recording", score->recording, "destroy", is_destroyed));
}

static void ignore_answer(conductor *conductor, note *note)
{
	(void)conductor;
	if (answer_of(note) == NULL)
		log_warning("media refused a command", LOG_TEXT("command", note->text), LOG_TEXT("reason", refusal_of(note)));
}

/* Somebody came later, or at another device. */
static void sync_people(conductor *conductor, const score *score, GHashTable *people)
{
	for (guint i = 0; i < score->members->len; i++) {
		const score_member *member = score->members->pdata[i];
		g_autofree char *key = g_strdup_printf("%s %s", member->peer, member->name);
		if (!member->is_media_up || g_hash_table_contains(people, key))
			continue;
		g_hash_table_add(people, g_steal_pointer(&key));
		command(conductor,
			json_pack("{s:s, s:s, s:s, s:s}", "do", "record.person", "recording", score->recording, "peer",
				member->peer, "name", member->name),
			ignore_answer, "record.person", NULL);
	}
}

static void sync_chapter(conductor *conductor, const score *score)
{
	const char *marked = g_hash_table_lookup(conductor->chapters, score->session->id);
	if (score->step == NULL || g_strcmp0(marked, score->step) == 0)
		return;
	g_hash_table_insert(conductor->chapters, g_strdup(score->session->id), g_strdup(score->step));
	command(conductor,
		json_pack("{s:s, s:s, s:s}", "do", "record.chapter", "recording", score->recording, "title", score->step),
		ignore_answer, "record.chapter", NULL);
}

/* What should run does: bring it to what the consents allow. */
static void sync_running(conductor *conductor, const score *score, GHashTable *people)
{
	gboolean is_unsure = g_hash_table_contains(conductor->unsure, score->recording);
	gboolean is_paused = g_strcmp0(score->recording_state, "paused") == 0;
	gboolean shall_pause = score->record == SCORE_RECORD_PAUSED;
	/* serve died before it heard of the start */
	if (g_strcmp0(score->recording_state, "starting") == 0) {
		recording_change change = { .recording = score->recording, .event = RECORDING_STARTED };
		write_recording(conductor, &change);
	}
	if (is_unsure || is_paused != shall_pause)
		pause_recording(conductor, score, shall_pause);
	else if (!shall_pause) {
		sync_people(conductor, score, people);
		sync_chapter(conductor, score);
	}
}

static void sync_recording(conductor *conductor, const score *score)
{
	GHashTable *people = score->recording != NULL ? g_hash_table_lookup(conductor->running, score->recording) : NULL;
	const char *state = score->recording_state;
	gboolean is_open = g_strcmp0(state, "paused") == 0 || g_strcmp0(state, "on") == 0 || g_strcmp0(state, "starting") == 0;
	switch (g_strcmp0(state, "destroyed") == 0 ? SCORE_RECORD_NOTHING : score->record) {
	case SCORE_RECORD_ON:
	case SCORE_RECORD_PAUSED:
		/* After a failure (a full disk) only the next session may try again. */
		if (people != NULL)
			sync_running(conductor, score, people);
		else if (score->record == SCORE_RECORD_ON && g_strcmp0(state, "failed") != 0)
			start_next(conductor, score);
		break;
	case SCORE_RECORD_STOPPED:
		if (is_open)
			stop(conductor, score, FALSE);
		break;
	case SCORE_RECORD_DESTROYED:
		if (score->recording != NULL)
			stop(conductor, score, TRUE);
		break;
	case SCORE_RECORD_NOTHING:
		break;
	}
}

/* --- comparing --- */

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
	g_hash_table_remove(conductor->officers, session);
	stills_drop_session(app_stills(conductor->app), session);
}

static void sync_session(conductor *conductor, const char *session)
{
	LOG_SCOPE("session", session);
	GError *error = NULL;
	score_job job = { .session = session };
	if (!conductor->is_up)
		return;
	if (!store_read(store_of(conductor), load_score, &job, &error)) {
		report("session not read", error);
		return;
	}
	g_autoptr(score) score = job.score;
	sync_places(conductor, score);
	if (!g_hash_table_contains(conductor->busy, session))
		sync_recording(conductor, score);
	if (score->session->state == SESSION_ENDED || score->session->state == SESSION_WAITING)
		forget(conductor, session);
}

/* Run `sync_session` for each id of a query. */
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

static void sync_all_of(conductor *conductor, const char *sql, const char *participant)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	id_job job = { sql, participant, ids };
	if (!store_read(store_of(conductor), load_ids, &job, &error))
		report("sessions not read", error);
	for (guint i = 0; i < ids->len; i++)
		sync_session(conductor, ids->pdata[i]);
}

/* A full disk, a file that cannot be removed: what shall be gone is not forgotten. */
static void end_unended(conductor *conductor)
{
	g_autoptr(GHashTable) again = g_steal_pointer(&conductor->unended);
	conductor->unended = string_set();
	GHashTableIter iterator;
	gpointer session;
	g_hash_table_iter_init(&iterator, again);
	while (g_hash_table_iter_next(&iterator, &session, NULL))
		sync_session(conductor, session);
}

static void on_topic(conductor *conductor, note *note)
{
	/* Before looking: what changes from here on is worth another look. */
	g_mutex_lock(&conductor->mutex);
	g_hash_table_remove(conductor->touched, note->text);
	g_mutex_unlock(&conductor->mutex);
	const char *colon = strchr(note->text, ':');
	if (g_str_has_prefix(note->text, "session:"))
		sync_session(conductor, colon + 1);
	else
		sync_all_of(conductor, SQL_SESSION_OF_PARTICIPANT, colon + 1);
}

void conductor_touch(conductor *conductor, const char *topic)
{
	if (!g_str_has_prefix(topic, "session:") && !g_str_has_prefix(topic, "person:") && !g_str_has_prefix(topic, "staff:"))
		return;
	g_mutex_lock(&conductor->mutex);
	gboolean is_new = g_hash_table_add(conductor->touched, g_strdup(topic));
	g_mutex_unlock(&conductor->mutex);
	if (is_new)
		post(conductor, on_topic, topic, NULL);
}

/* --- media comes and goes --- */

typedef struct {
	const char *peer; /* NULL: all of them */
	gboolean is_up;
} media_change;

static gboolean store_media(db *db, gpointer data, GError **error)
{
	const media_change *change = data;
	return change->peer == NULL ? presence_reset(db, TRUE, clock_now_ms(), error)
				    : presence_set_media(db, change->peer, change->is_up, clock_now_ms(), error);
}

static void write_media(conductor *conductor, const char *peer, gboolean is_up)
{
	GError *error = NULL;
	media_change change = { peer, is_up };
	if (!store_write_wait(store_of(conductor), store_media, &change, &error))
		report("media's state not stored", error);
}

static void on_hello(conductor *conductor, note *note)
{
	size_t index;
	json_t *item;
	if (note->generation != conductor->generation || answer_of(note) == NULL)
		return;
	json_array_foreach(json_object_get(answer_of(note), "peers"), index, item)
		if (json_is_string(item) || g_strcmp0(json_text(item, "state"), "connected") == 0)
			write_media(conductor, json_is_string(item) ? json_string_value(item) : json_text(item, "peer"), TRUE);
	json_array_foreach(json_object_get(answer_of(note), "recordings"), index, item) {
		const char *id = json_is_string(item) ? json_string_value(item) : json_text(item, "recording");
		g_hash_table_insert(conductor->running, g_strdup(id), string_set());
		g_hash_table_add(conductor->unsure, g_strdup(id));
	}
	conductor->is_up = TRUE;
	log_info("media is up");
	sync_all_of(conductor, SQL_SESSION_TO_CONDUCT, NULL);
}

static void on_up(conductor *conductor, note *note)
{
	(void)note;
	conductor->generation++;
	command(conductor, json_pack("{s:s}", "do", "hello"), on_hello, NULL, NULL);
}

static void on_down(conductor *conductor, note *note)
{
	(void)note;
	conductor->is_up = FALSE;
	conductor->generation++;
	g_hash_table_remove_all(conductor->placed);
	g_hash_table_remove_all(conductor->running);
	g_hash_table_remove_all(conductor->unsure);
	g_hash_table_remove_all(conductor->busy);
	g_hash_table_remove_all(conductor->chapters);
	if (conductor->is_stopping)
		return;
	log_warning("media is down");
	gateway_send_event(app_gateway(conductor->app), NULL, json_pack("{s:s}", "event", "media_lost"));
	write_media(conductor, NULL, FALSE);
}

static void on_peer_state(conductor *conductor, const json_t *event)
{
	const char *peer = json_text(event, "peer");
	const char *state = json_text(event, "state");
	gboolean is_up = g_strcmp0(state, "connected") == 0;
	if (peer == NULL || g_strcmp0(state, "connecting") == 0)
		return;
	/* A new transport begins outside of all rooms. */
	if (g_strcmp0(state, "closed") == 0)
		g_hash_table_remove(conductor->placed, peer);
	log_info("peer", LOG_TEXT("peer", peer), LOG_TEXT("state", state), LOG_TEXT("reason", json_text(event, "reason")));
	write_media(conductor, peer, is_up);
}

static void on_peer_slots(conductor *conductor, const json_t *event)
{
	gateway_send_event(app_gateway(conductor->app), json_text(event, "peer"),
		json_pack("{s:s, s:O}", "event", "slots", "slots", json_object_get(event, "slots")));
}

static void on_peer_quality(conductor *conductor, const json_t *event)
{
	const char *peer = json_text(event, "peer");
	const char *room = peer != NULL ? g_hash_table_lookup(conductor->placed, peer) : NULL;
	const char *officer = room != NULL ? g_hash_table_lookup(conductor->officers, room) : NULL;
	if (officer == NULL)
		return;
	json_t *shown = json_copy((json_t *)event);
	json_object_set_new(shown, "event", json_string("quality"));
	gateway_send_event(app_gateway(conductor->app), officer, shown);
}

/* A recorder that crashed was restarted by media, or gave up. */
static void on_record_state(conductor *conductor, const json_t *event)
{
	const char *state = json_text(event, "state");
	gboolean has_failed = g_strcmp0(state, "failed") == 0;
	recording_change change = { .recording = json_text(event, "recording"),
		.event = has_failed ? RECORDING_FAILED : RECORDING_PART,
		.part = json_int(event, "part"),
		.reason = json_text(event, "reason") };
	if (has_failed)
		g_hash_table_remove(conductor->running, change.recording);
	if (has_failed || g_strcmp0(state, "restarted") == 0)
		write_recording(conductor, &change);
}

static void on_record_chain(conductor *conductor, const json_t *event)
{
	recording_change change = { .recording = json_text(event, "recording"), .event = RECORDING_ANCHORED, .answer = event };
	write_recording(conductor, &change);
}

static void on_media_event(conductor *conductor, note *note)
{
	static const struct {
		const char *name;
		void (*run)(struct conductor *, const json_t *);
	} events[] = {
		{ "peer.quality", on_peer_quality },
		{ "peer.slots", on_peer_slots },
		{ "peer.state", on_peer_state },
		{ "record.chain", on_record_chain },
		{ "record.state", on_record_state },
	};
	const char *name = json_text(note->json, "event");
	for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
		if (g_strcmp0(events[i].name, name) == 0)
			events[i].run(conductor, note->json);
}

void conductor_media_up(gpointer conductor)
{
	post(conductor, on_up, NULL, NULL);
}

void conductor_media_down(gpointer conductor)
{
	post(conductor, on_down, NULL, NULL);
}

void conductor_media_event(const json_t *event, gpointer conductor)
{
	post(conductor, on_media_event, NULL, json_deep_copy(event));
}

/* What media counts, as gauges: it counts anew after a restart. */
static void on_stats(conductor *conductor, note *note)
{
	(void)conductor;
	const char *name;
	json_t *value;
	json_object_foreach(json_object_get((json_t *)answer_of(note), "counters"), name, value) {
		g_autofree char *metric = g_strdup_printf("jawort_media_%s", name);
		metric_set(metric_gauge(metric, NULL, "Counted by the media server since it started"), json_integer_value(value));
	}
}

/* --- life --- */

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
		end_unended(conductor);
		if (conductor->is_up && tick++ % STATS_TICKS == 0)
			command(conductor, json_pack("{s:s}", "do", "stats"), on_stats, NULL, NULL);
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
	conductor->touched = string_set();
	conductor->placed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	conductor->running = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
	conductor->unsure = string_set();
	conductor->busy = string_set();
	conductor->unended = string_set();
	conductor->chapters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	conductor->officers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return conductor;
}

void conductor_start(conductor *conductor)
{
	conductor->thread = g_thread_new("conductor", run, conductor);
}

void conductor_free(conductor *conductor)
{
	if (conductor == NULL)
		return;
	if (conductor->thread != NULL) {
		post(conductor, on_stop, NULL, NULL);
		g_thread_join(conductor->thread);
	}
	for (note *note; (note = g_async_queue_try_pop(conductor->notes)) != NULL;)
		note_free(note);
	g_async_queue_unref(conductor->notes);
	g_mutex_clear(&conductor->mutex);
	g_hash_table_unref(conductor->touched);
	g_hash_table_unref(conductor->placed);
	g_hash_table_unref(conductor->running);
	g_hash_table_unref(conductor->unsure);
	g_hash_table_unref(conductor->busy);
	g_hash_table_unref(conductor->unended);
	g_hash_table_unref(conductor->chapters);
	g_hash_table_unref(conductor->officers);
	g_free(conductor);
}
