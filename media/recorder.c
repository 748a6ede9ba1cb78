/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/recorder.h"
#include "core/json.h"
#include "core/log.h"
#include "media/bytes.h"
#include "media/error.h"
#include "media/limits.h"
#include "media/record/link.h"
#include "media/room.h"
#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SOCKET_BUFFER_BYTES = 4 << 20, STALL_US = G_USEC_PER_SEC, EVENT_DEPTH_MAX = 4 };

typedef enum { STATE_STARTING, STATE_ON, STATE_STOPPING, STATE_FINISHED } recorder_state;

/* One track of a person, as the recorder numbers it. */
typedef struct {
	gboolean is_announced;
	uint64_t position; /* next packet, track_next_in_order() */
	uint64_t clock;    /* last sender report handed over */
	rtp_continuity continuity;
} feed;

typedef struct person {
	char *name, *peer;
	uint64_t serial; /* of the peer it was fed from last */
	gboolean needs_keyframe;
	feed feeds[SDP_KINDS];
} person;

typedef struct still {
	char *id;
	reply *reply;
	int64_t deadline_us;
} still;

struct recorder {
	char *id, *program;
	json_t *command;
	worker *worker;
	recorder_state state;
	gint part;
	guint restarts;
	gboolean is_paused, is_stalled;
	GSubprocess *process;
	int fd;
	GSource *source;
	GQueue *messages; /* of GBytes: what must not be lost, in order */
	GPtrArray *people, *stills;
	reply *starting, *stopping;
	int64_t deadline_us; /* of starting or stopping; 0: none */
	int64_t drained_us;  /* when everything was handed over last */
	guint batch_packets;
	size_t batch_length; /* 0: empty */
	uint8_t batch[RECORD_MESSAGE_MAX_BYTES];
};

static const char *const kind_names[SDP_KINDS] = { "audio", "video" };
static const char *const codec_names[] = { [RTP_CODEC_OPUS] = "opus", [RTP_CODEC_VP8] = "vp8", [RTP_CODEC_H264] = "h264" };
static const guint hold_ms[SDP_KINDS] = { TRACK_AUDIO_HOLD_MS, TRACK_VIDEO_HOLD_MS };

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

static void emit_state(const recorder *recorder, const char *state, const char *reason)
{
	json_t *event = json_pack(
		"{ss ss ss si}", "event", "record.state", "recording", recorder->id, "state", state, "part", recorder->part);
	if (reason != NULL)
		json_object_set_new(event, "reason", json_string(reason));
	worker_emit(recorder->worker, event);
}

static void fail_reply(reply **reply, media_error code, const char *text)
{
	if (*reply != NULL)
		reply_fail(g_steal_pointer(reply), g_error_new_literal(MEDIA_ERROR, code, text));
}

/* ---- out */

/* TRUE when it is handed over; FALSE when there is no room now. A dead process is noticed by reading. */
static gboolean try_send(recorder *recorder, const void *data, size_t length)
{
	if (send(recorder->fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return TRUE;
	return errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS;
}

static void flush_messages(recorder *recorder)
{
	while (recorder->fd >= 0 && !g_queue_is_empty(recorder->messages)) {
		size_t length;
		const void *data = g_bytes_get_data(g_queue_peek_head(recorder->messages), &length);
		if (!try_send(recorder, data, length))
			return;
		g_bytes_unref(g_queue_pop_head(recorder->messages));
	}
}

static gboolean flush_batch(recorder *recorder)
{
	if (recorder->batch_length > 0 &&
		(!g_queue_is_empty(recorder->messages) || !try_send(recorder, recorder->batch, recorder->batch_length)))
		return FALSE; /* messages go first, they are older */
	worker_add_count(recorder->worker, COUNTER_RECORDED, recorder->batch_packets);
	recorder->batch_length = recorder->batch_packets = 0;
	return TRUE;
}

static void post(recorder *recorder, uint8_t kind, const void *body, size_t length)
{
	g_autofree uint8_t *message = g_malloc(1 + length);
	message[0] = kind;
	memcpy(message + 1, body, length);
	g_queue_push_tail(recorder->messages, g_bytes_new_take(g_steal_pointer(&message), 1 + length));
	flush_messages(recorder);
}

/* `object` is consumed. */
static void post_json(recorder *recorder, uint8_t kind, json_t *object)
{
	g_autofree char *text = json_compact(object);
	post(recorder, kind, text, strlen(text));
	json_decref(object);
}

static void announce(recorder *recorder, const person *person, guint8 number, sdp_kind kind, const track *track)
{
	post_json(recorder, RECORD_TRACK,
		json_pack("{si ss ss ss si}", "track", (int)number, "person", person->name, "kind", kind_names[kind], "codec",
			codec_names[track_codec(track)], "clock_rate", (int)track_clock_rate(track)));
}

static void put64_little(uint8_t *out, uint64_t value)
{
	value = GUINT64_TO_LE(value);
	memcpy(out, &value, sizeof(value));
}

/* {u8 track, u8 orientation, u16 length, u64 arrival_us, RTP}: with the recording's own numbering and no extensions. */
static void add_packet(recorder *recorder, guint8 number, feed *feed, uint8_t orientation, const track_packet *kept)
{
	static const rtp_extension_ids none;
	uint64_t sequence;
	uint32_t timestamp;
	const rtp_packet *packet = &kept->packet;
	if (packet->payload_length == 0 || !rtp_continuity_map(&feed->continuity, kept->sequence, packet->timestamp,
						   kept->arrival_us, &sequence, &timestamp))
		return;
	uint8_t *head = recorder->batch + MAX(recorder->batch_length, 1);
	recorder->batch[0] = RECORD_PACKETS;
	rtp_header header = {
		.payload_type = packet->payload_type,
		.has_marker = packet->has_marker,
		.sequence = (uint16_t)sequence,
		.timestamp = timestamp,
		.ssrc = number + 1u,
	};
	uint8_t *rtp = head + RECORD_PACKET_HEAD_BYTES;
	size_t length = rtp_header_write(rtp, &header, &none);
	memcpy(rtp + length, packet->data + packet->payload_offset, packet->payload_length);
	length += packet->payload_length;
	head[0] = number;
	head[1] = orientation;
	head[2] = (uint8_t)length;
	head[3] = (uint8_t)(length >> 8);
	put64_little(head + 4, (uint64_t)kept->arrival_us);
	recorder->batch_length = (size_t)(rtp + length - recorder->batch);
	recorder->batch_packets++;
}

static void hand_clock(recorder *recorder, guint8 number, feed *feed, const track *track)
{
	uint8_t body[13];
	uint64_t ntp;
	uint32_t timestamp;
	if (feed->continuity.is_waiting || !track_clock(track, &ntp, &timestamp) || ntp == feed->clock)
		return;
	feed->clock = ntp;
	timestamp = GUINT32_TO_LE(timestamp + feed->continuity.timestamp_offset);
	body[0] = number;
	put64_little(body + 1, ntp);
	memcpy(body + 9, &timestamp, sizeof(timestamp));
	post(recorder, RECORD_CLOCK, body, sizeof(body));
}

static void feed_track(
	recorder *recorder, const person *person, guint8 number, sdp_kind kind, feed *feed, const peer *peer, int64_t now_us)
{
	track *track = peer_track(peer, kind);
	if (track == NULL)
		return;
	const track_packet *packet;
	while (recorder->batch_length + RECORD_PACKET_HEAD_BYTES + MEDIA_PACKET_MAX_BYTES <= sizeof(recorder->batch) ||
		flush_batch(recorder)) {
		uint64_t expected = feed->position;
		packet = track_next_in_order(track, &feed->position, hold_ms[kind], now_us);
		if (packet == NULL)
			break;
		if (packet->sequence - expected <= G_MAXUINT16) /* more is another source (track.c) */
			worker_add_count(recorder->worker, COUNTER_UNRECORDED, (guint)(packet->sequence - expected));
		if (!feed->is_announced) {
			announce(recorder, person, number, kind, track);
			feed->is_announced = TRUE;
		}
		add_packet(recorder, number, feed, peer_orientation(peer), packet);
	}
	hand_clock(recorder, number, feed, track);
}

/* The next packet comes from another browser, or after a time that is not recorded. */
static void restart_feeds(person *person)
{
	for (guint kind = 0; kind < SDP_KINDS; kind++) {
		person->feeds[kind].position = 0;
		rtp_continuity_restart(&person->feeds[kind].continuity);
	}
}

static void want_keyframe(const peer *peer)
{
	if (peer_track(peer, SDP_VIDEO) != NULL)
		track_want_keyframe(peer_track(peer, SDP_VIDEO));
}

static void feed_person(recorder *recorder, guint index, struct room *room, int64_t now_us)
{
	person *person = recorder->people->pdata[index];
	const peer *peer = room_find(room, person->peer);
	if (peer == NULL) {
		person->serial = 0;
		return;
	}
	if (person->serial != peer_serial(peer)) {
		person->serial = peer_serial(peer);
		restart_feeds(person);
		person->needs_keyframe = TRUE;
	}
	if (person->needs_keyframe)
		want_keyframe(peer);
	person->needs_keyframe = FALSE;
	for (guint kind = 0; kind < SDP_KINDS; kind++)
		feed_track(
			recorder, person, (guint8)(index * SDP_KINDS + kind), (sdp_kind)kind, &person->feeds[kind], peer, now_us);
}

static void note_stall(recorder *recorder, int64_t now_us)
{
	gboolean is_drained = recorder->batch_length == 0 && g_queue_is_empty(recorder->messages);
	if (is_drained)
		recorder->drained_us = now_us;
	gboolean is_stalled = now_us - recorder->drained_us > STALL_US;
	if (is_stalled == recorder->is_stalled)
		return;
	recorder->is_stalled = is_stalled;
	emit_state(recorder, is_stalled ? "gap" : "on", is_stalled ? "stalled" : NULL);
}

/* ---- the process */

static gboolean on_readable(int fd, GIOCondition condition, void *data);

/* Our end of a new socketpair with a process at the other; -1 with MEDIA_ERROR_RECORDER. */
static int spawn(recorder *recorder, GError **error)
{
	int ends[2], size = SOCKET_BUFFER_BYTES;
	g_autoptr(GError) cause = NULL;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
		g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_RECORDER, "no socketpair: %s", g_strerror(errno));
		return -1;
	}
	for (guint i = 0; i < 2; i++) { /* beyond the limit only with the right; otherwise it stays as it is */
		if (setsockopt(ends[i], SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) != 0)
			setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	}
	g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
	g_subprocess_launcher_take_fd(launcher, ends[1], RECORD_LINK_FD);
	recorder->process = g_subprocess_launcher_spawn(launcher, &cause, recorder->program, "record", NULL);
	if (recorder->process != NULL)
		return ends[0];
	close(ends[0]);
	g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_RECORDER, "the recorder does not start: %s", cause->message);
	return -1;
}

static gboolean start(recorder *recorder, GError **error)
{
	recorder->fd = spawn(recorder, error);
	if (recorder->fd < 0)
		return FALSE;
	recorder->state = STATE_STARTING;
	recorder->deadline_us = g_get_monotonic_time() + (int64_t)RECORDER_READY_TIMEOUT_MS * 1000;
	recorder->source = g_unix_fd_source_new(recorder->fd, G_IO_IN | G_IO_HUP);
	g_source_set_callback(recorder->source, (GSourceFunc)(void (*)(void))on_readable, recorder, NULL);
	g_source_attach(recorder->source, worker_context(recorder->worker));
	post_json(recorder, RECORD_START,
		json_pack("{ss sO si sO s[]}", "recording", recorder->id, "folder", json_object_get(recorder->command, "folder"),
			"part", recorder->part, "recipients", json_object_get(recorder->command, "recipients"), "tracks"));
	if (recorder->is_paused)
		post_json(recorder, RECORD_PAUSE, json_pack("{sb}", "paused", 1));
	return TRUE;
}

static void disconnect(recorder *recorder)
{
	if (recorder->source != NULL)
		g_source_destroy(recorder->source);
	g_clear_pointer(&recorder->source, g_source_unref);
	if (recorder->fd >= 0)
		close(recorder->fd);
	recorder->fd = -1;
	g_queue_clear_full(recorder->messages, (GDestroyNotify)g_bytes_unref);
	recorder->batch_length = recorder->batch_packets = 0;
	g_clear_object(&recorder->process); /* GLib reaps it */
}

static void fail_stills(recorder *recorder, const char *text)
{
	for (guint i = 0; i < recorder->stills->len; i++)
		fail_reply(&((still *)recorder->stills->pdata[i])->reply, MEDIA_ERROR_RECORDER, text);
	g_ptr_array_set_size(recorder->stills, 0);
}

static void finish(recorder *recorder, const char *reason)
{
	disconnect(recorder);
	recorder->state = STATE_FINISHED;
	recorder->deadline_us = 0;
	fail_stills(recorder, "the recording has ended");
	if (reason != NULL)
		emit_state(recorder, "failed", reason);
}

/* The process is gone though nobody said so: the next part goes on. */
static void restart(recorder *recorder)
{
	g_autoptr(GError) error = NULL;
	disconnect(recorder);
	fail_stills(recorder, "the recorder died");
	if (recorder->starting != NULL || recorder->restarts == RECORDER_RESTARTS_MAX) {
		fail_reply(&recorder->starting, MEDIA_ERROR_RECORDER, "the recorder died before it was ready");
		finish(recorder, "recorder_died");
		return;
	}
	emit_state(recorder, "gap", "recorder_died");
	recorder->restarts++;
	recorder->part++;
	for (guint i = 0; i < recorder->people->len; i++) {
		person *person = recorder->people->pdata[i];
		person->serial = 0; /* as if newly come: keyframe and all */
		for (guint kind = 0; kind < SDP_KINDS; kind++) {
			person->feeds[kind].is_announced = FALSE;
			person->feeds[kind].clock = 0;
		}
	}
	if (!start(recorder, &error)) {
		log_warning("recorder does not start again", LOG_TEXT("recording", recorder->id), LOG_CAUSE(error));
		finish(recorder, "recorder_died");
	}
}

/* ---- in */

static void on_ready(recorder *recorder, json_t *event)
{
	gboolean is_first = recorder->starting != NULL;
	if (recorder->state != STATE_STARTING)
		return;
	recorder->state = STATE_ON;
	recorder->deadline_us = 0;
	recorder->drained_us = g_get_monotonic_time();
	if (json_int(event, "part") > 0)
		recorder->part = (gint)json_int(event, "part");
	emit_state(recorder, is_first ? "on" : "restarted", NULL);
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
	int64_t index = json_int(event, "track") / SDP_KINDS;
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
			fail_reply(&still->reply, MEDIA_ERROR_RECORDER, error);
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
		fail_reply(&recorder->starting, MEDIA_ERROR_RECORDER, reason != NULL ? reason : "the recorder failed");
		finish(recorder, reason);
	} else {
		emit_state(recorder, "gap", reason);
	}
}

static void on_recovered(recorder *recorder, json_t *event)
{
	(void)event;
	emit_state(recorder, "on", NULL);
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

static void on_end(recorder *recorder)
{
	if (recorder->state == STATE_STOPPING) {
		fail_reply(&recorder->stopping, MEDIA_ERROR_RECORDER, "the recorder died while it stopped");
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
		on_end(recorder);
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
	return recorder->state == STATE_FINISHED ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/* ---- life */

recorder *recorder_new(const char *id, const json_t *command, const char *program, worker *worker, reply *reply)
{
	g_autoptr(GError) error = NULL;
	recorder *recorder = g_new0(struct recorder, 1);
	recorder->id = g_strdup(id);
	recorder->program = g_strdup(program != NULL ? program : "/proc/self/exe");
	recorder->command = json_deep_copy(command);
	recorder->worker = worker;
	recorder->part = (gint)MAX(json_int(command, "part"), 1);
	recorder->fd = -1;
	recorder->messages = g_queue_new();
	recorder->people = g_ptr_array_new_with_free_func(person_free);
	recorder->stills = g_ptr_array_new_with_free_func(still_free);
	recorder->starting = reply;
	if (!start(recorder, &error)) {
		fail_reply(&recorder->starting, MEDIA_ERROR_RECORDER, error->message);
		recorder->state = STATE_FINISHED;
	}
	return recorder;
}

void recorder_free(recorder *recorder)
{
	if (recorder == NULL)
		return;
	fail_reply(&recorder->starting, MEDIA_ERROR_RECORDER, "the recording has ended");
	fail_reply(&recorder->stopping, MEDIA_ERROR_RECORDER, "the recording has ended");
	fail_stills(recorder, "the recording has ended");
	disconnect(recorder); /* the process reads the end and finishes its files */
	g_queue_free(recorder->messages);
	g_ptr_array_unref(recorder->people);
	g_ptr_array_unref(recorder->stills);
	json_decref(recorder->command);
	g_free(recorder->program);
	g_free(recorder->id);
	g_free(recorder);
}

gboolean recorder_is_finished(const recorder *recorder)
{
	return recorder->state == STATE_FINISHED;
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
		rtp_continuity_init(&person->feeds[SDP_AUDIO].continuity, 48000, 0, 0);
		rtp_continuity_init(&person->feeds[SDP_VIDEO].continuity, 90000, 0, 0);
		g_ptr_array_add(recorder->people, person);
	}
	g_free(person->peer);
	person->peer = g_strdup(peer);
	person->serial = 0;
	return TRUE;
}

void recorder_pause(recorder *recorder, gboolean is_paused)
{
	if (recorder->is_paused == is_paused)
		return;
	recorder->is_paused = is_paused;
	post_json(recorder, RECORD_PAUSE, json_pack("{sb}", "paused", is_paused));
	for (guint i = 0; i < recorder->people->len; i++)
		((person *)recorder->people->pdata[i])->serial = 0; /* nothing of the pause; a keyframe after it */
}

void recorder_chapter(recorder *recorder, const char *title)
{
	post_json(recorder, RECORD_CHAPTER, json_pack("{ss}", "title", title));
}

void recorder_still(recorder *recorder, struct room *room, const char *peer_id, const char *id, gboolean has_mrz, reply *reply)
{
	const peer *peer = room_find(room, peer_id);
	for (guint i = 0; i < recorder->people->len && peer != NULL; i++) {
		person *person = recorder->people->pdata[i];
		if (strcmp(person->peer, peer_id) != 0 || !person->feeds[SDP_VIDEO].is_announced)
			continue;
		still *still = g_new0(struct still, 1);
		still->id = g_strdup(id);
		still->reply = reply;
		still->deadline_us = g_get_monotonic_time() + (int64_t)RECORDER_STILL_TIMEOUT_MS * 1000;
		g_ptr_array_add(recorder->stills, still);
		post_json(recorder, RECORD_STILL,
			json_pack("{ss si sb}", "still", id, "track", (int)(i * SDP_KINDS + SDP_VIDEO), "mrz", has_mrz));
		want_keyframe(peer);
		return;
	}
	fail_reply(&reply, MEDIA_ERROR_UNKNOWN_PEER, "this peer's picture is not being recorded");
}

void recorder_stop(recorder *recorder, gboolean is_destroyed, reply *reply)
{
	if (recorder->state == STATE_STOPPING || recorder->state == STATE_FINISHED) {
		fail_reply(&reply, recorder->state == STATE_FINISHED ? MEDIA_ERROR_RECORDER : MEDIA_ERROR_BUSY,
			"the recording has ended");
		return;
	}
	fail_reply(&recorder->starting, MEDIA_ERROR_RECORDER, "the recording was stopped");
	flush_batch(recorder);
	recorder->state = STATE_STOPPING;
	recorder->stopping = reply;
	recorder->deadline_us = g_get_monotonic_time() + (int64_t)RECORDER_STOP_TIMEOUT_MS * 1000;
	post_json(recorder, RECORD_STOP, json_pack("{sb}", "destroy", is_destroyed));
}

static void check_deadlines(recorder *recorder, int64_t now_us)
{
	for (guint i = recorder->stills->len; i-- > 0;) {
		still *still = recorder->stills->pdata[i];
		if (now_us < still->deadline_us)
			continue;
		fail_reply(&still->reply, MEDIA_ERROR_TIMEOUT, "no picture in time");
		g_ptr_array_remove_index(recorder->stills, i);
	}
	if (recorder->deadline_us == 0 || now_us < recorder->deadline_us)
		return;
	g_subprocess_force_exit(recorder->process); /* it hangs; the end of its socket does the rest */
	recorder->deadline_us = 0;
}

void recorder_feed(recorder *recorder, struct room *room, int64_t now_us)
{
	if (recorder->state == STATE_FINISHED)
		return;
	check_deadlines(recorder, now_us);
	flush_messages(recorder);
	if (recorder->state != STATE_ON)
		return;
	if (g_queue_is_empty(recorder->messages) && flush_batch(recorder) && !recorder->is_paused) {
		for (guint i = 0; i < recorder->people->len; i++)
			feed_person(recorder, i, room, now_us);
		flush_batch(recorder);
	}
	note_stall(recorder, now_us);
}
