/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "core/log.h"
#include "media/recorder-private.h"
#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENT_DEPTH_MAX = 4 };

static gboolean on_readable(int fd, GIOCondition condition, void *data);

gboolean recorder_start_process(recorder *recorder, GError **error)
{
	recorder->fd = recorder_launcher_start(recorder->launcher, error);
	if (recorder->fd < 0)
		return FALSE;
	recorder->state = RECORDER_STARTING;
	recorder->deadline_us = g_get_monotonic_time() + (int64_t)RECORDER_READY_TIMEOUT_MS * 1000;
	recorder->source = g_unix_fd_source_new(recorder->fd, G_IO_IN | G_IO_HUP);
	g_source_set_callback(recorder->source, (GSourceFunc)(void (*)(void))on_readable, recorder, NULL);
	g_source_attach(recorder->source, worker_loop(recorder->worker)->context);
	recorder_post_json(recorder, RECORD_START,
		json_pack("{ss sO si sO s[]}", "recording", recorder->id, "folder", json_object_get(recorder->command, "folder"),
			"part", recorder->part, "recipients", json_object_get(recorder->command, "recipients"), "tracks"));
	if (recorder->is_paused)
		recorder_post_json(recorder, RECORD_PAUSE, json_pack("{sb}", "paused", 1));
	return TRUE;
}

void recorder_disconnect(recorder *recorder)
{
	if (recorder->source != NULL)
		g_source_destroy(recorder->source);
	g_clear_pointer(&recorder->source, g_source_unref);
	if (recorder->fd >= 0)
		close(recorder->fd);
	recorder->fd = -1;
	g_queue_clear_full(recorder->messages, (GDestroyNotify)g_bytes_unref);
	recorder->batch_length = recorder->batch_packets = 0;
}

static void finish(recorder *recorder, const char *reason)
{
	recorder_disconnect(recorder);
	recorder->state = RECORDER_FINISHED;
	recorder->deadline_us = 0;
	recorder_fail_stills(recorder, "the recording has ended");
	if (reason != NULL)
		recorder_emit_state(recorder, "failed", reason);
}

/* The process is gone though nobody said so: the next part goes on. */
static void restart(recorder *recorder)
{
	g_autoptr(GError) error = NULL;
	recorder_disconnect(recorder);
	recorder_fail_stills(recorder, "the recorder died");
	if (recorder->restarts == RECORDER_RESTARTS_MAX) {
		recorder_fail_reply(&recorder->starting, MEDIA_ERROR_RECORDER, "the recorder died before it was ready");
		finish(recorder, "recorder_died");
		return;
	}
	recorder->restarts++;
	if (recorder->starting == NULL) {
		recorder_emit_state(recorder, "gap", "recorder_died");
		recorder->part++;
	}
	for (guint i = 0; i < recorder->people->len; i++) {
		person *person = recorder->people->pdata[i];
		person->serial = 0; /* as if newly come: keyframe and all */
		for (guint stream = 0; stream < SDP_STREAMS; stream++) {
			person->feeds[stream].is_announced = FALSE;
			person->feeds[stream].clock = 0;
		}
	}
	if (!recorder_start_process(recorder, &error)) {
		log_warning("recorder does not start again", LOG_TEXT("recording", recorder->id), LOG_CAUSE(error));
		finish(recorder, "recorder_died");
	}
}

static void on_ready(recorder *recorder, json_t *event)
{
	gboolean is_first = recorder->starting != NULL;
	if (recorder->state != RECORDER_STARTING)
		return;
	recorder->state = RECORDER_ON;
	recorder->deadline_us = 0;
	recorder->drained_us = g_get_monotonic_time();
	if (json_int(event, "part") > 0)
		recorder->part = (gint)json_int(event, "part");
	recorder_emit_state(recorder, is_first ? "on" : "restarted", NULL);
	if (is_first)
		reply_send(g_steal_pointer(&recorder->starting), json_object());
}

static void on_chain(recorder *recorder, json_t *event)
{
	worker_emit(recorder->worker, json_pack("{ss ss ss sI}", "event", "record.chain", "recording", recorder->id, "chain",
					      json_text(event, "chain") != NULL ? json_text(event, "chain") : "", "bytes",
					      (json_int_t)json_int(event, "bytes")));
}

static void on_keyframe(recorder *recorder, json_t *event)
{
	int64_t index = json_int(event, "track") / SDP_STREAMS;
	if (index >= 0 && index < recorder->people->len)
		((person *)recorder->people->pdata[index])->needs_keyframe =
			TRUE; /* the next feed asks: there the room is known */
}

static void on_still(recorder *recorder, json_t *event)
{
	const char *id = json_text(event, "still"), *error = json_text(event, "error");
	for (guint i = 0; i < recorder->stills->len; i++) {
		still *still = recorder->stills->pdata[i];
		if (g_strcmp0(still->id, id) != 0)
			continue;
		json_object_del(event, "event");
		json_object_del(event, "still");
		if (error != NULL)
			recorder_fail_reply(&still->reply, MEDIA_ERROR_RECORDER, error);
		else
			reply_send(g_steal_pointer(&still->reply), json_incref(event));
		g_ptr_array_remove_index(recorder->stills, i);
		return;
	}
}

static void on_stopped(recorder *recorder, json_t *event)
{
	if (recorder->stopping != NULL) {
		json_object_del(event, "event");
		reply_send(g_steal_pointer(&recorder->stopping), json_incref(event));
	}
	finish(recorder, NULL);
}

static void on_failed(recorder *recorder, json_t *event)
{
	const char *reason = json_text(event, "reason");
	if (recorder->starting != NULL) {
		recorder_fail_reply(&recorder->starting, MEDIA_ERROR_RECORDER, reason != NULL ? reason : "the recorder failed");
		finish(recorder, reason);
	} else {
		recorder_emit_state(recorder, "gap", reason);
	}
}

static void on_recovered(recorder *recorder, json_t *event)
{
	(void)event;
	recorder_emit_state(recorder, "on", NULL);
}

static const struct {
	const char *name;
	void (*receive)(recorder *recorder, json_t *event);
} event_table[] = {
	{ "chain", on_chain },
	{ "failed", on_failed },
	{ "keyframe", on_keyframe },
	{ "ready", on_ready },
	{ "recovered", on_recovered },
	{ "still", on_still },
	{ "stopped", on_stopped },
};

void recorder_end_process(recorder *recorder)
{
	if (recorder->state == RECORDER_STOPPING) {
		recorder_fail_reply(&recorder->stopping, MEDIA_ERROR_RECORDER, "the recorder died while it stopped");
		finish(recorder, "recorder_died");
	} else {
		restart(recorder);
	}
}

static gboolean on_readable(int fd, GIOCondition condition, void *data)
{
	(void)condition;
	recorder *recorder = data;
	g_autofree char *text = g_malloc(RECORD_EVENT_MAX_BYTES);
	ssize_t length = recv(fd, text, RECORD_EVENT_MAX_BYTES, MSG_DONTWAIT);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (length <= 0) {
		recorder_end_process(recorder);
		return G_SOURCE_REMOVE;
	}
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) event = json_read(text, (size_t)length, RECORD_EVENT_MAX_BYTES, EVENT_DEPTH_MAX, &error);
	const char *name = json_text(event, "event");
	if (event == NULL)
		log_warning("recorder says what is no JSON", LOG_TEXT("recording", recorder->id), LOG_CAUSE(error));
	for (guint i = 0; name != NULL && i < G_N_ELEMENTS(event_table); i++) {
		if (strcmp(event_table[i].name, name) == 0) {
			event_table[i].receive(recorder, event);
			break;
		}
	}
	return recorder->state == RECORDER_FINISHED ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}
