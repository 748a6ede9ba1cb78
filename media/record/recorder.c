/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "core/clock.h"
#include "core/json.h"
#include "core/log.h"
#include "media/record/folder.h"
#include "media/record/limits.h"
#include "media/record/link.h"
#include "media/record/person.h"
#include "media/record/record.h"
#include "media/record/still.h"
#include "media/record/stills.h"

G_DEFINE_QUARK(record - error - quark, record_error)

enum { EVENT_WAIT_S = 2, MESSAGES_AT_ONCE = 64, JSON_DEPTH_MAX = 4 };

typedef struct {
	int fd;
	sandbox_level level;
	GMainLoop *loop;
	int status;
	record_folder *folder; /* NULL before RECORD_START */
	char *path;
	GPtrArray *people;          /* record_person */
	record_person *tracks[256]; /* whose track is it; by media's number */
	record_stills *stills;      /* NULL before RECORD_START */
	gboolean is_paused, is_stopping, is_failing;
	GSource *source; /* of the link */
	gint64 chain_us; /* when the chain was last told */
	gint64 tick_us;  /* the last one */
} recorder;

/* --- events --- */

static void tell(void *user, json_t *event)
{
	recorder *self = user;
	g_autofree char *text = json_compact(event);
	json_decref(event);
	if (send(self->fd, text, strlen(text), MSG_NOSIGNAL) < 0 && errno != EPIPE)
		log_warning("event not sent", LOG_TEXT("cause", g_strerror(errno)));
}

static void tell_failed(recorder *self, const GError *error)
{
	if (self->is_failing)
		return;
	self->is_failing = TRUE;
	log_error("recording fails", LOG_CAUSE(error));
	tell(self, json_pack("{s:s, s:s}", "event", "failed", "reason", error->message));
}

static void tell_recovered(recorder *self)
{
	if (!self->is_failing)
		return;
	self->is_failing = FALSE;
	log_info("recording goes on");
	tell(self, json_pack("{s:s}", "event", "recovered"));
}

static void on_keyframe_wanted(void *user, guint track)
{
	tell(user, json_pack("{s:s, s:i}", "event", "keyframe", "track", (int)track));
}

static void on_keyframe(void *user, guint track, record_codec codec, const record_frame *frame)
{
	recorder *self = user;
	record_stills_keyframe(self->stills, track, record_person_name(self->tracks[track]), codec, frame);
}

/* --- messages --- */

static gboolean refuse(GError **error, const char *text)
{
	g_set_error(error, RECORD_ERROR, RECORD_ERROR_LINK, "%s", text);
	return FALSE;
}

static gboolean is_name(const char *text)
{
	gsize length = text != NULL ? strlen(text) : 0;
	return length > 0 && length <= RECORD_NAME_MAX_BYTES &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == length;
}

static const record_person_events person_events = { .keyframe_wanted = on_keyframe_wanted, .keyframe = on_keyframe };

/* The person of that name, made when new; NULL when there are too many. */
static record_person *find_person(recorder *self, const char *name)
{
	for (guint i = 0; i < self->people->len; i++) {
		if (g_strcmp0(record_person_name(self->people->pdata[i]), name) == 0)
			return self->people->pdata[i];
	}
	if (self->people->len >= RECORD_PEOPLE_MAX)
		return NULL;
	g_ptr_array_add(self->people, record_person_new(name, self->folder, &person_events, self));
	return self->people->pdata[self->people->len - 1];
}

static gboolean add_track(recorder *self, const json_t *track, GError **error)
{
	static const struct {
		const char *name, *kind;
		record_codec codec;
	} codecs[] = { { "opus", "audio", RECORD_OPUS }, { "vp8", "video", RECORD_VP8 }, { "h264", "video", RECORD_H264 } };
	gint64 number = json_int(track, "track"), rate = json_int(track, "clock_rate");
	const char *person = json_text(track, "person");
	guint codec = 0;
	while (codec < G_N_ELEMENTS(codecs) && (g_strcmp0(json_text(track, "codec"), codecs[codec].name) != 0 ||
						       g_strcmp0(json_text(track, "kind"), codecs[codec].kind) != 0))
		codec++;
	if (codec == G_N_ELEMENTS(codecs) || number < 0 || number > 255 || rate < 8000 || rate > 192000 || !is_name(person))
		return refuse(error, "A track is not described as it should be.");
	record_person *owner = find_person(self, person);
	if (owner == NULL)
		return refuse(error, "There are more people than a recording can hold.");
	self->tracks[number] = owner;
	record_person_track(owner, (guint)number, codecs[codec].codec, (guint)rate);
	record_folder_note(self->folder, "track",
		json_pack("{s:I, s:s, s:s, s:s, s:I}", "track", (json_int_t)number, "person", person, "kind", codecs[codec].kind,
			"codec", codecs[codec].name, "clock_rate", (json_int_t)rate));
	return TRUE;
}

/* (transfer container) The texts of an array, ended by NULL. */
static const char **texts_of(const json_t *array)
{
	GPtrArray *texts = g_ptr_array_new();
	for (gsize i = 0; i < json_array_size(array); i++)
		g_ptr_array_add(texts, (gpointer)json_string_value(json_array_get(array, i)));
	g_ptr_array_add(texts, NULL);
	return (const char **)g_ptr_array_free(texts, FALSE);
}

static gboolean open_folder(recorder *self, const json_t *start, GError **error)
{
	const json_t *recipients = json_object_get(start, "recipients");
	const json_t *first = json_array_get(recipients, 0);
	gboolean is_nested = json_is_array(first);
	g_autofree const char **outer = texts_of(is_nested ? first : recipients);
	g_autofree const char **inner = is_nested ? texts_of(json_array_get(recipients, 1)) : NULL;
	if (is_nested && inner[0] == NULL)
		return refuse(error, "The second group of recipients is empty.");
	/* The inner file is the one that the second group opens. */
	self->folder = record_folder_open(self->path, json_text(start, "recording"),
		(guint)CLAMP(json_int(start, "part"), 1, 999), is_nested ? inner : outer, is_nested ? outer : NULL, error);
	return self->folder != NULL;
}

/* What comes from now on was written by strangers. */
static gboolean lock_in(recorder *self, GError **error)
{
	const sandbox_path paths[] = { { .path = self->path, .is_writable = TRUE }, { .path = "/usr" }, { 0 } };
	return sandbox_enter(self->level, paths, 0, error);
}

static gboolean on_start(recorder *self, const json_t *start, GError **error)
{
	const char *folder = json_text(start, "folder");
	if (self->folder != NULL || folder == NULL || !g_path_is_absolute(folder) || json_text(start, "recording") == NULL)
		return refuse(error, "The start is not described as it should be.");
	self->path = g_strdup(folder);
	if (!record_still_init(error) || !open_folder(self, start, error) || !lock_in(self, error))
		return FALSE;
	self->stills = record_stills_new(self->folder, tell, self);
	self->chain_us = clock_monotonic_us();
	const json_t *tracks = json_object_get(start, "tracks");
	for (gsize i = 0; i < json_array_size(tracks); i++) {
		if (!add_track(self, json_array_get(tracks, i), error))
			return FALSE;
	}
	tell(self, json_pack("{s:s, s:i}", "event", "ready", "part", (int)record_folder_part(self->folder)));
	return TRUE;
}

static gboolean on_chapter(recorder *self, const json_t *body, GError **error)
{
	const char *title = json_text(body, "title");
	if (title == NULL || strlen(title) > RECORD_TITLE_MAX_BYTES)
		return refuse(error, "A chapter has no title, or too long a one.");
	record_folder_note(self->folder, "chapter", json_pack("{s:s}", "title", title));
	return TRUE;
}

static gboolean on_pause(recorder *self, const json_t *body, GError **error)
{
	(void)error;
	self->is_paused = json_bool(body, "paused");
	for (guint i = 0; self->is_paused && i < self->people->len; i++)
		record_person_pause(self->people->pdata[i], clock_monotonic_us());
	record_folder_note(self->folder, "pause", json_pack("{s:b}", "paused", (int)self->is_paused));
	return TRUE;
}

static gboolean on_still(recorder *self, const json_t *body, GError **error)
{
	const char *id = json_text(body, "still");
	gint64 track = json_int(body, "track");
	if (!is_name(id))
		return refuse(error, "A still has no usable name.");
	const char *refusal = track < 0 || track > 255 || self->tracks[track] == NULL ? "There is no such track."
			      : self->is_paused                                       ? "The recording is paused."
			      : record_stills_is_full(self->stills)                   ? "Too many stills are waiting."
										      : NULL;
	if (refusal != NULL) {
		record_stills_refuse(self->stills, id, refusal);
		return TRUE;
	}
	record_stills_add(self->stills, id, (guint)track, json_bool(body, "mrz"));
	on_keyframe_wanted(self, (guint)track);
	return TRUE;
}

/* Complete all files. Returns (transfer full) their list. */
static json_t *finish(recorder *self, GError **error)
{
	gboolean is_done = TRUE;
	record_stills_finish(self->stills);
	alarm(0); /* hashing what recorders before this one wrote may take its time */
	for (guint i = 0; i < self->people->len; i++)
		is_done = record_person_finish(self->people->pdata[i], clock_monotonic_us(), is_done ? error : NULL) && is_done;
	json_t *files = record_folder_finish(self->folder, is_done ? error : NULL);
	if (!is_done)
		g_clear_pointer(&files, json_decref);
	return files;
}

static void leave(recorder *self, int status)
{
	self->status = status;
	self->is_stopping = TRUE;
	g_main_loop_quit(self->loop);
}

static gboolean on_stop(recorder *self, const json_t *body, GError **error)
{
	g_autoptr(json_t) files = NULL;
	self->is_stopping = TRUE;
	if (json_bool(body, "destroy")) {
		record_stills_finish(self->stills);
		if (record_folder_destroy(self->path, error))
			files = json_array();
	} else {
		files = finish(self, error);
	}
	if (files == NULL)
		return FALSE;
	tell(self, json_pack("{s:s, s:O, s:s}", "event", "stopped", "parts", files, "chain",
			   record_manifest_chain(record_folder_manifest(self->folder))));
	leave(self, 0);
	return TRUE;
}

static guint64 read_little(const guint8 *data, guint bytes)
{
	guint64 value = 0;
	while (bytes-- > 0)
		value = value << 8 | data[bytes];
	return value;
}

static gboolean on_packets(recorder *self, const guint8 *data, gsize length, GError **error)
{
	for (gsize at = 0; at < length;) {
		gsize left = length - at;
		gsize size = left >= RECORD_PACKET_HEAD_BYTES ? (gsize)read_little(data + at + 2, 2) : 0;
		if (left < RECORD_PACKET_HEAD_BYTES + size)
			return refuse(error, "A batch of packets is cut short.");
		record_person *person = self->tracks[data[at]];
		if (person != NULL && !self->is_paused)
			record_person_packet(person, data[at], data + at + RECORD_PACKET_HEAD_BYTES, size, data[at + 1] & 3,
				(gint64)read_little(data + at + 4, 8));
		at += RECORD_PACKET_HEAD_BYTES + size;
	}
	return TRUE;
}

static gboolean on_clock(recorder *self, const guint8 *data, gsize length, GError **error)
{
	if (length != 13)
		return refuse(error, "A sender report has another length.");
	record_person *person = self->tracks[data[0]];
	if (person != NULL)
		record_person_report(person, data[0], (guint32)read_little(data + 9, 4), read_little(data + 1, 8));
	return TRUE;
}

static const struct {
	gboolean (*json)(recorder *self, const json_t *body, GError **error);
	gboolean (*bytes)(recorder *self, const guint8 *data, gsize length, GError **error);
} handlers[] = {
	[RECORD_START] = { .json = on_start },
	[RECORD_TRACK] = { .json = add_track },
	[RECORD_PACKETS] = { .bytes = on_packets },
	[RECORD_CLOCK] = { .bytes = on_clock },
	[RECORD_CHAPTER] = { .json = on_chapter },
	[RECORD_PAUSE] = { .json = on_pause },
	[RECORD_STILL] = { .json = on_still },
	[RECORD_STOP] = { .json = on_stop },
};

static gboolean dispatch(recorder *self, const guint8 *data, gsize length, GError **error)
{
	guint kind = data[0];
	if (kind >= G_N_ELEMENTS(handlers) || (handlers[kind].json == NULL && handlers[kind].bytes == NULL))
		return refuse(error, "A message is of no known kind.");
	if (self->folder == NULL && kind != RECORD_START)
		return refuse(error, "The first message is not the start.");
	if (handlers[kind].bytes != NULL)
		return handlers[kind].bytes(self, data + 1, length - 1, error);
	g_autoptr(json_t) body = json_read((const char *)data + 1, length - 1, RECORD_MESSAGE_MAX_BYTES, JSON_DEPTH_MAX, error);
	return body != NULL && handlers[kind].json(self, body, error);
}

/* --- the loop --- */

static void tell_chain(recorder *self, gint64 now_us)
{
	guint64 bytes = 0;
	if (now_us - self->chain_us < RECORD_CHAIN_MS * 1000)
		return;
	self->chain_us = now_us;
	for (guint i = 0; i < self->people->len; i++)
		bytes += record_person_bytes(self->people->pdata[i]);
	tell(self, json_pack("{s:s, s:s, s:I}", "event", "chain", "chain",
			   record_manifest_chain(record_folder_manifest(self->folder)), "bytes", (json_int_t)bytes));
}

static void tick(recorder *self, gint64 now_us)
{
	g_autoptr(GError) error = NULL;
	alarm(RECORD_WATCHDOG_S); /* its default action is the end */
	for (guint i = 0; i < self->people->len; i++)
		record_person_tick(self->people->pdata[i], now_us, error == NULL ? &error : NULL);
	record_out *manifest = record_manifest_out(record_folder_manifest(self->folder));
	if (record_out_backlog(manifest) > 0) {
		record_out_flush(manifest, error == NULL ? &error : NULL);
		record_out_sync(manifest);
	}
	if (error != NULL)
		tell_failed(self, error);
	else
		tell_recovered(self);
	record_stills_tick(self->stills, now_us);
	if (!self->is_failing)
		tell_chain(self, now_us);
}

/* Time goes on with what comes, and without it. */
static void tick_when_due(recorder *self)
{
	gint64 now_us = clock_monotonic_us();
	if (self->folder == NULL || now_us - self->tick_us < RECORD_TICK_LEAST_MS * 1000)
		return;
	self->tick_us = now_us;
	tick(self, now_us);
	g_source_set_ready_time(self->source, now_us + RECORD_TICK_MS * 1000);
}

/* `media` is gone, or does not speak link.h: keep what there is. */
static void end_in_disorder(recorder *self, const GError *error)
{
	g_autoptr(GError) second = NULL;
	if (error != NULL) {
		self->is_failing = FALSE;
		tell_failed(self, error);
	}
	if (self->folder != NULL && !self->is_stopping) {
		self->is_stopping = TRUE;
		json_decref(finish(self, &second));
	}
	if (second != NULL)
		log_error("recording could not be completed", LOG_CAUSE(second));
	leave(self, error != NULL || second != NULL);
}

/* FALSE: nothing more is there now, or it has ended. */
static gboolean take_message(recorder *self)
{
	static guint8 message[RECORD_MESSAGE_MAX_BYTES];
	g_autoptr(GError) error = NULL;
	gssize length = recv(self->fd, message, sizeof message, MSG_DONTWAIT);
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return FALSE;
	if (length <= 0 || !dispatch(self, message, (gsize)length, &error))
		end_in_disorder(self, error);
	return !self->is_stopping;
}

/* Something came, or it is time to tick. */
static gboolean on_link(gint fd, GIOCondition condition, gpointer user)
{
	recorder *self = user;
	(void)fd, (void)condition;
	for (guint i = 0; i < MESSAGES_AT_ONCE && take_message(self); i++)
		continue;
	if (self->is_stopping)
		return G_SOURCE_REMOVE;
	tick_when_due(self);
	return G_SOURCE_CONTINUE;
}

int record_process(int fd, sandbox_level level)
{
	recorder self = { .fd = fd, .level = level, .status = 1 };
	const struct timeval wait = { .tv_sec = EVENT_WAIT_S };
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
	self.loop = g_main_loop_new(NULL, FALSE);
	self.people = g_ptr_array_new_with_free_func((GDestroyNotify)record_person_free);
	self.source = g_unix_fd_source_new(fd, G_IO_IN | G_IO_HUP);
	g_source_set_callback(self.source, (GSourceFunc)(void (*)(void))on_link, &self, NULL);
	g_source_attach(self.source, NULL);
	g_main_loop_run(self.loop);
	g_source_unref(self.source);
	record_stills_free(self.stills);
	g_ptr_array_unref(self.people);
	record_folder_free(self.folder);
	g_free(self.path);
	g_main_loop_unref(self.loop);
	close(fd);
	return self.status;
}
