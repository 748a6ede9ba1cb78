/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "media/recorder-private.h"
#include <string.h>

static void person_free(void *data)
{
	person *person = data;
	g_free(person->name);
	g_free(person->peer);
	g_free(person);
}

static void still_free(void *data)
{
	still *still = data;
	g_free(still->id);
	g_free(still);
}

void recorder_emit_state(const recorder *recorder, const char *state, const char *reason)
{
	json_t *event = json_pack(
		"{ss ss ss si}", "event", "record.state", "recording", recorder->id, "state", state, "part", recorder->part);
	if (reason != NULL)
		json_object_set_new(event, "reason", json_string(reason));
	worker_emit(recorder->worker, event);
}

void recorder_fail_reply(reply **reply, media_error code, const char *text)
{
	if (*reply != NULL)
		reply_fail(g_steal_pointer(reply), g_error_new_literal(MEDIA_ERROR, code, text));
}

void recorder_fail_stills(recorder *recorder, const char *text)
{
	for (guint i = 0; i < recorder->stills->len; i++)
		recorder_fail_reply(&((still *)recorder->stills->pdata[i])->reply, MEDIA_ERROR_RECORDER, text);
	g_ptr_array_set_size(recorder->stills, 0);
}

recorder *recorder_new(const char *id, const json_t *command, recorder_launcher *launcher, worker *worker, reply *reply)
{
	g_autoptr(GError) error = NULL;
	recorder *recorder = g_new0(struct recorder, 1);
	recorder->id = g_strdup(id);
	recorder->launcher = launcher;
	recorder->command = json_deep_copy(command);
	recorder->worker = worker;
	recorder->part = (gint)MAX(json_int(command, "part"), 1);
	recorder->fd = -1;
	recorder->messages = g_queue_new();
	recorder->people = g_ptr_array_new_with_free_func(person_free);
	recorder->stills = g_ptr_array_new_with_free_func(still_free);
	recorder->starting = reply;
	if (!recorder_start_process(recorder, &error)) {
		recorder_fail_reply(&recorder->starting, MEDIA_ERROR_RECORDER, error->message);
		recorder->state = RECORDER_FINISHED;
	}
	return recorder;
}

void recorder_free(recorder *recorder)
{
	if (recorder == NULL)
		return;
	recorder_fail_reply(&recorder->starting, MEDIA_ERROR_RECORDER, "the recording has ended");
	recorder_fail_reply(&recorder->stopping, MEDIA_ERROR_RECORDER, "the recording has ended");
	recorder_fail_stills(recorder, "the recording has ended");
	recorder_disconnect(recorder); /* the process reads the end and finishes its files */
	g_queue_free(recorder->messages);
	g_ptr_array_unref(recorder->people);
	g_ptr_array_unref(recorder->stills);
	json_decref(recorder->command);
	g_free(recorder->id);
	g_free(recorder);
}

gboolean recorder_is_finished(const recorder *recorder)
{
	return recorder->state == RECORDER_FINISHED;
}

static person *find_person(const recorder *recorder, const char *name)
{
	for (guint i = 0; i < recorder->people->len; i++) {
		person *person = recorder->people->pdata[i];
		if (strcmp(person->name, name) == 0)
			return person;
	}
	return NULL;
}

gboolean recorder_add_person(recorder *recorder, const char *peer, const char *name, GError **error)
{
	person *person = find_person(recorder, name);
	if (person == NULL && recorder->people->len == MEDIA_RECORDED_PEOPLE) {
		g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_LIMIT, "a recording holds at most %d people", MEDIA_RECORDED_PEOPLE);
		return FALSE;
	}
	if (person == NULL) {
		person = g_new0(struct person, 1);
		person->name = g_strdup(name);
		for (guint stream = 0; stream < SDP_STREAMS; stream++)
			rtp_continuity_init(&person->feeds[stream].continuity, stream == SDP_OWN_AUDIO ? 48000 : 90000, 0, 0);
		g_ptr_array_add(recorder->people, person);
	}
	g_free(person->peer);
	person->peer = g_strdup(peer);
	person->serial = 0;
	return TRUE;
}

/* Hand over what the tracks have, as far as there is room. */
static void collect(recorder *recorder, struct room *room, int64_t now_us)
{
	recorder->fed_us = now_us;
	if (recorder->state != RECORDER_ON || !g_queue_is_empty(recorder->messages) || !recorder_flush_batch(recorder))
		return;
	for (guint i = 0; i < recorder->people->len && !recorder->is_paused; i++)
		recorder_feed_person(recorder, i, room, now_us);
	recorder_flush_batch(recorder);
}

void recorder_pause(recorder *recorder, struct room *room, gboolean is_paused)
{
	if (recorder->is_paused == is_paused)
		return;
	collect(recorder, room, g_get_monotonic_time());
	recorder->is_paused = is_paused;
	recorder_post_json(recorder, RECORD_PAUSE, json_pack("{sb}", "paused", is_paused));
	for (guint i = 0; i < recorder->people->len; i++)
		((person *)recorder->people->pdata[i])->serial = 0; /* nothing of the pause; a keyframe after it */
}

void recorder_chapter(recorder *recorder, const char *title)
{
	recorder_post_json(recorder, RECORD_CHAPTER, json_pack("{ss}", "title", title));
}

void recorder_still(recorder *recorder, struct room *room, const char *peer_id, const char *id, gboolean has_mrz, reply *reply)
{
	const peer *peer = room_find(room, peer_id);
	for (guint i = 0; i < recorder->people->len && peer != NULL; i++) {
		person *person = recorder->people->pdata[i];
		if (strcmp(person->peer, peer_id) != 0 || !person->feeds[SDP_OWN_VIDEO].is_announced)
			continue;
		still *still = g_new0(struct still, 1);
		still->id = g_strdup(id);
		still->reply = reply;
		still->deadline_us = g_get_monotonic_time() + (int64_t)RECORDER_STILL_TIMEOUT_MS * 1000;
		g_ptr_array_add(recorder->stills, still);
		recorder_post_json(recorder, RECORD_STILL,
			json_pack("{ss si sb}", "still", id, "track", (int)(i * SDP_STREAMS + SDP_OWN_VIDEO), "mrz", has_mrz));
		recorder_want_keyframe(peer);
		return;
	}
	recorder_fail_reply(&reply, MEDIA_ERROR_UNKNOWN_PEER, "this peer's picture is not being recorded");
}

void recorder_stop(recorder *recorder, struct room *room, gboolean is_destroyed, reply *reply)
{
	if (recorder->state == RECORDER_STOPPING || recorder->state == RECORDER_FINISHED) {
		recorder_fail_reply(&reply, recorder->state == RECORDER_FINISHED ? MEDIA_ERROR_RECORDER : MEDIA_ERROR_BUSY,
			"the recording has ended");
		return;
	}
	recorder_fail_reply(&recorder->starting, MEDIA_ERROR_RECORDER, "the recording was stopped");
	collect(recorder, room, g_get_monotonic_time());
	recorder->state = RECORDER_STOPPING;
	recorder->stopping = reply;
	recorder->deadline_us = g_get_monotonic_time() + (int64_t)RECORDER_STOP_TIMEOUT_MS * 1000;
	recorder_post_json(recorder, RECORD_STOP, json_pack("{sb}", "destroy", is_destroyed));
}

/* It may have ended afterwards. */
static void check_deadlines(recorder *recorder, int64_t now_us)
{
	for (guint i = recorder->stills->len; i-- > 0;) {
		still *still = recorder->stills->pdata[i];
		if (now_us < still->deadline_us)
			continue;
		recorder_fail_reply(&still->reply, MEDIA_ERROR_TIMEOUT, "no picture in time");
		g_ptr_array_remove_index(recorder->stills, i);
	}
	if (recorder->deadline_us == 0 || now_us < recorder->deadline_us)
		return;
	recorder_end_process(recorder); /* it hangs; the end of the link or its own watchdog ends it */
}

/* Many packets at once cost one wake-up; a still that somebody waits for does not wait for them. */
static gboolean is_due(const recorder *recorder, int64_t now_us)
{
	return now_us - recorder->fed_us >= RECORDER_FEED_MS * 1000 || recorder->stills->len > 0;
}

void recorder_feed(recorder *recorder, struct room *room, int64_t now_us)
{
	if (recorder->state == RECORDER_FINISHED)
		return;
	check_deadlines(recorder, now_us);
	recorder_flush_messages(recorder);
	if (recorder->state != RECORDER_ON)
		return;
	if (is_due(recorder, now_us))
		collect(recorder, room, now_us);
	recorder_note_stall(recorder, now_us);
}
