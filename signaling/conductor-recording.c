/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "core/log.h"
#include "signaling/conductor-private.h"
#include "signaling/recording.h"

#include <errno.h>
#include <string.h>

static gboolean write_recording(conductor *conductor, const recording_change *change)
{
	GError *error = NULL;
	if (store_write_wait(app_store(conductor->app), recording_job, (gpointer)change, &error))
		return TRUE;
	conductor_report("recording's state not stored", error);
	return FALSE;
}

static void free_and_sync(conductor *conductor, const char *session)
{
	g_hash_table_remove(conductor->busy, session);
	conductor_sync_session(conductor, session);
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
	if (conductor_answer(note) == NULL || note->generation != conductor->generation) {
		change.event = RECORDING_FAILED;
		change.reason = conductor_refusal(note);
		log_warning("recording did not start", LOG_TEXT("recording", recording), LOG_TEXT("reason", change.reason));
		if (!is_passing(conductor, note))
			write_recording(conductor, &change);
		return;
	}
	GHashTable *people = conductor_string_set();
	size_t index;
	json_t *name;
	json_array_foreach(json_object_get(note->json, "people"), index, name) {
		g_hash_table_add(people, g_strdup(json_string_value(name)));
	}
	g_hash_table_insert(conductor->running, g_strdup(recording), people);
	write_recording(conductor, &change);
	free_and_sync(conductor, note->text);
}

/* Begin part `part`: everybody whose media arrives is recorded. */
static void start_part(conductor *conductor, const score *score, const char *recording, const char *folder, int64_t part)
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
	conductor_command(conductor, message, on_started, score->session->id,
		json_pack("{s:s, s:o}", "recording", recording, "people", names));
}

static void start_next_part(conductor *conductor, const score *score)
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
		start_part(conductor, score, change.recording, folder, change.part);
}

static void on_paused(conductor *conductor, note *note)
{
	recording_change change = { .session = note->text,
		.recording = json_text(note->json, "recording"),
		.event = json_bool(note->json, "paused") ? RECORDING_PAUSED : RECORDING_RESUMED };
	gboolean was_unsure = g_hash_table_remove(conductor->unsure, change.recording);
	g_hash_table_remove(conductor->busy, note->text);
	/* A refusal means that the recording is over: media says so itself. */
	if (conductor_answer(note) == NULL) {
		log_warning("recording not paused", LOG_TEXT("recording", change.recording),
			LOG_TEXT("reason", conductor_refusal(note)));
		return;
	}
	if (!was_unsure || json_bool(note->json, "is_change"))
		write_recording(conductor, &change);
	conductor_sync_session(conductor, note->text);
}

static void pause_recording(conductor *conductor, const score *score, gboolean is_paused)
{
	gboolean is_change = is_paused != (g_strcmp0(score->recording_state, "paused") == 0);
	g_hash_table_add(conductor->busy, g_strdup(score->session->id));
	conductor_command(conductor,
		json_pack("{s:s, s:s, s:b}", "do", "record.pause", "recording", score->recording, "paused", is_paused), on_paused,
		score->session->id,
		json_pack("{s:s, s:b, s:b}", "recording", score->recording, "paused", is_paused, "is_change", is_change));
}

static void finish_recording(
	conductor *conductor, const char *session, const char *recording, gboolean is_destroyed, const json_t *answer)
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
		g_hash_table_add(conductor->unsettled, g_strdup(session));
}

static void on_stopped(conductor *conductor, note *note)
{
	/* Without an answer the recorder is gone with its media server: what is on disk is all there is. */
	finish_recording(conductor, note->text, json_text(note->json, "recording"), json_bool(note->json, "destroy"),
		conductor_answer(note));
	g_hash_table_remove(conductor->busy, note->text);
	if (!g_hash_table_contains(conductor->unsettled, note->text))
		conductor_sync_session(conductor, note->text);
}

static void stop_recording(conductor *conductor, const score *score, gboolean is_destroyed)
{
	if (g_hash_table_lookup(conductor->running, score->recording) == NULL) {
		finish_recording(conductor, score->session->id, score->recording, is_destroyed, NULL);
		return;
	}
	g_hash_table_add(conductor->busy, g_strdup(score->session->id));
	conductor_command(conductor,
		json_pack("{s:s, s:s, s:b}", "do", "record.stop", "recording", score->recording, "destroy", is_destroyed),
		on_stopped, score->session->id, json_pack("{s:s, s:b}", "recording", score->recording, "destroy", is_destroyed));
}

static void ignore_answer(conductor *conductor, note *note)
{
	(void)conductor;
	if (conductor_answer(note) == NULL)
		log_warning(
			"media refused a command", LOG_TEXT("command", note->text), LOG_TEXT("reason", conductor_refusal(note)));
}

/* Refused: with the next tick it is tried again, if the recording and the person are still there. */
static void on_person(conductor *conductor, note *note)
{
	GHashTable *people = g_hash_table_lookup(conductor->running, json_text(note->json, "recording"));
	if (conductor_answer(note) != NULL || note->generation != conductor->generation || people == NULL)
		return;
	log_warning("person not recorded", LOG_TEXT("recording", json_text(note->json, "recording")),
		LOG_TEXT("reason", conductor_refusal(note)));
	g_hash_table_remove(people, json_text(note->json, "key"));
	g_hash_table_add(conductor->unsettled, g_strdup(note->text));
}

/* Somebody came later, or at another device. */
static void sync_people(conductor *conductor, const score *score, GHashTable *people)
{
	for (guint i = 0; i < score->members->len; i++) {
		const score_member *member = score->members->pdata[i];
		g_autofree char *key = g_strdup_printf("%s %s", member->peer, member->name);
		if (!member->is_media_up || g_hash_table_contains(people, key))
			continue;
		g_hash_table_add(people, g_strdup(key)); /* on its way, or done */
		conductor_command(conductor,
			json_pack("{s:s, s:s, s:s, s:s}", "do", "record.person", "recording", score->recording, "peer",
				member->peer, "name", member->name),
			on_person, score->session->id, json_pack("{s:s, s:s}", "recording", score->recording, "key", key));
	}
}

static void mark_chapter(conductor *conductor, const score *score, GHashTable *marks, const char *now, const char *title)
{
	g_hash_table_insert(marks, g_strdup(score->session->id), g_strdup(now));
	conductor_command(conductor,
		json_pack("{s:s, s:s, s:s}", "do", "record.chapter", "recording", score->recording, "title", title),
		ignore_answer, "record.chapter", NULL);
}

/* Who is questioned apart from here on. */
static void sync_separation(conductor *conductor, const score *score)
{
	const char *marked = g_hash_table_lookup(conductor->separated, score->session->id);
	if (g_strcmp0(marked != NULL ? marked : "", score->apart) == 0)
		return;
	g_autofree char *title = *score->apart != '\0' ? g_strdup_printf("apart %s", score->apart) : g_strdup("together");
	mark_chapter(conductor, score, conductor->separated, score->apart, title);
}

static void sync_chapter(conductor *conductor, const score *score)
{
	const char *marked = g_hash_table_lookup(conductor->chapters, score->session->id);
	if (score->step == NULL || g_strcmp0(marked, score->step) == 0)
		return;
	mark_chapter(conductor, score, conductor->chapters, score->step, score->step);
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
		sync_separation(conductor, score);
		sync_chapter(conductor, score);
	}
}

void conductor_sync_recording(conductor *conductor, const score *score)
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
			start_next_part(conductor, score);
		break;
	case SCORE_RECORD_STOPPED:
		if (is_open)
			stop_recording(conductor, score, FALSE);
		break;
	case SCORE_RECORD_DESTROYED:
		if (score->recording != NULL)
			stop_recording(conductor, score, TRUE);
		break;
	case SCORE_RECORD_NOTHING:
		break;
	}
}

/* A recorder that crashed was restarted by media, or gave up. */
void conductor_on_record_state(conductor *conductor, const json_t *event)
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

void conductor_on_record_chain(conductor *conductor, const json_t *event)
{
	recording_change change = { .recording = json_text(event, "recording"), .event = RECORDING_ANCHORED, .answer = event };
	write_recording(conductor, &change);
}

void conductor_note_left_alone(conductor *conductor, const json_t *recordings)
{
	size_t index;
	json_t *id;
	json_array_foreach((json_t *)recordings, index, id) {
		recording_change change = {
			.recording = json_string_value(id), .event = RECORDING_PAUSED, .reason = "left_alone"
		};
		write_recording(conductor, &change);
	}
}
