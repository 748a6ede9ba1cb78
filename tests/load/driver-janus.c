/* SPDX-License-Identifier: EUPL-1.2 */
/* Janus 1.x with its videoroom plugin, by the JSON of its WebSocket API over the Unix socket transport. As in Janus's
 * multistream demo a person has two connections: one to publish, one subscribed to all the others. */
#include "tests/load/control.h"
#include "tests/load/driver.h"
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>

#define PLUGIN "janus.plugin.videoroom"
#define SECRET "load"

enum { CONNECT_TIMEOUT_US = 20000000, BITRATE_MAX = 2000000 };

typedef struct {
	json_int_t session, publisher, subscriber, feed;
} member;

typedef struct {
	load *load;
	const driver_options *options;
	control *control;
	guint requests;
	json_int_t session; /* that makes rooms */
	json_int_t maker;
	GHashTable *members; /* by person */
	GHashTable *up;      /* handles that have a connection */
} janus;

static char *handle_key(json_int_t handle)
{
	return g_strdup_printf("%" JSON_INTEGER_FORMAT, handle);
}

static const char *take(void *data, json_t *message)
{
	janus *janus = data;
	const char *kind = json_string_value(json_object_get(message, "janus"));
	if (g_strcmp0(kind, "webrtcup") == 0)
		g_hash_table_add(janus->up, handle_key(json_integer_value(json_object_get(message, "sender"))));
	return g_strcmp0(kind, "ack") != 0 ? json_string_value(json_object_get(message, "transaction")) : NULL;
}

/* The text of either kind of error. */
static const char *error_of(const json_t *answer)
{
	const json_t *data = json_object_get(json_object_get(answer, "plugindata"), "data");
	const char *of_plugin = json_string_value(json_object_get(data, "error"));
	const char *of_core = json_string_value(json_object_get(json_object_get(answer, "error"), "reason"));
	return of_plugin != NULL ? of_plugin : of_core;
}

/* `request` (transfer full). (transfer full) */
static json_t *ask(janus *janus, json_t *request, GError **error)
{
	g_autofree char *id = g_strdup_printf("t%u", ++janus->requests);
	json_object_set_new(request, "transaction", json_string(id));
	json_t *answer = control_ask(janus->control, id, request, error);
	if (answer == NULL || error_of(answer) == NULL)
		return answer;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "Janus: %s", error_of(answer));
	json_decref(answer);
	return NULL;
}

/* The id that "create" and "attach" answer; 0 with an error. */
static json_int_t ask_id(janus *janus, json_t *request, GError **error)
{
	json_t *answer = ask(janus, request, error);
	json_int_t id = json_integer_value(json_object_get(json_object_get(answer, "data"), "id"));
	json_decref(answer);
	return id;
}

static json_int_t create(janus *janus, GError **error)
{
	return ask_id(janus, json_pack("{ss}", "janus", "create"), error);
}

static json_int_t attach(janus *janus, json_int_t session, GError **error)
{
	return ask_id(janus, json_pack("{ss sI ss}", "janus", "attach", "session_id", session, "plugin", PLUGIN), error);
}

/* A message to the plugin; `jsep_type` NULL: without SDP. `body` (transfer full). (transfer full) */
static json_t *tell(
	janus *janus, json_int_t session, json_int_t handle, json_t *body, const char *jsep_type, const char *sdp, GError **error)
{
	json_t *request =
		json_pack("{ss sI sI so}", "janus", "message", "session_id", session, "handle_id", handle, "body", body);
	if (jsep_type != NULL)
		json_object_set_new(request, "jsep", json_pack("{ss ss}", "type", jsep_type, "sdp", sdp));
	return ask(janus, request, error);
}

static json_t *data_of(const json_t *answer)
{
	return json_object_get(json_object_get(answer, "plugindata"), "data");
}

static gboolean read_sdp(description *description, const json_t *answer, GError **error)
{
	const char *sdp = json_string_value(json_object_get(json_object_get(answer, "jsep"), "sdp"));
	if (sdp != NULL)
		return description_read(description, sdp, error);
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Janus answered without SDP");
	return FALSE;
}

static void *janus_open(load *load, const driver_options *options, GError **error)
{
	janus *janus = g_new0(typeof(*janus), 1);
	*janus = (typeof(*janus)){ .load = load, .options = options };
	janus->members = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	janus->up = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	janus->control = control_new(options->control, SOCK_SEQPACKET, load, take, janus, error);
	if (janus->control == NULL || (janus->session = create(janus, error)) == 0 ||
		(janus->maker = attach(janus, janus->session, error)) == 0)
		return NULL;
	return janus;
}

static void janus_close(void *driver)
{
	janus *janus = driver;
	control_free(janus->control);
	g_hash_table_unref(janus->members);
	g_hash_table_unref(janus->up);
	g_free(janus);
}

static gboolean make_room(janus *janus, const room *room, GError **error)
{
	json_t *answer = tell(janus, janus->session, janus->maker,
		json_pack("{ss sI si si ss ss ss sb ss}", "request", "create", "room", (json_int_t)room->number, "publishers",
			(int)room->people, "bitrate", BITRATE_MAX, "audiocodec", "opus", "videocodec", "vp8", "secret", SECRET,
			"record", 0, "rec_dir", janus->options->folder),
		NULL, NULL, error);
	json_decref(answer);
	return answer != NULL;
}

static gboolean join_as_publisher(janus *janus, const room *room, const person *person, member *member, GError **error)
{
	if ((member->session = create(janus, error)) == 0 || (member->publisher = attach(janus, member->session, error)) == 0)
		return FALSE;
	json_t *answer = tell(janus, member->session, member->publisher,
		json_pack("{ss ss sI ss}", "request", "join", "ptype", "publisher", "room", (json_int_t)room->number, "display",
			person->id),
		NULL, NULL, error);
	member->feed = json_integer_value(json_object_get(data_of(answer), "id"));
	json_decref(answer);
	return answer != NULL;
}

static gboolean publish(janus *janus, person *person, const member *member, GError **error)
{
	person->publish = transport_new(&load_get_options(janus->load)->transport, &person_events, person, error);
	if (person->publish == NULL)
		return FALSE;
	source_numbers numbers[CAPTURE_KINDS] = { person->sources[0]->numbers, person->sources[1]->numbers };
	g_autofree char *sdp = description_write_offer(transport_local(person->publish), numbers, 0);
	json_t *answer = tell(janus, member->session, member->publisher,
		json_pack(
			"{ss ss ss si}", "request", "publish", "audiocodec", "opus", "videocodec", "vp8", "bitrate", BITRATE_MAX),
		"offer", sdp, error);
	gboolean is_read = answer != NULL && read_sdp(&person->remote, answer, error);
	json_decref(answer);
	if (!is_read)
		return FALSE;
	load_watch_transport(janus->load, person->publish);
	return transport_connect(person->publish, &person->remote, TRUE, error);
}

/* What the subscription's m-lines carry. */
static void expect_streams(const janus *janus, const room *room, person *person, const json_t *streams)
{
	json_t *stream;
	size_t index;
	json_array_foreach(streams, index, stream) {
		const char *mid = json_string_value(json_object_get(stream, "mid"));
		const char *type = json_string_value(json_object_get(stream, "type"));
		const described_media *media = person->remote.media;
		while (media < person->remote.media + person->remote.media_count && g_strcmp0(media->mid, mid) != 0)
			media++;
		for (guint i = 0; i < room->people; i++) {
			const member *other = g_hash_table_lookup(janus->members, room->person[i]);
			if (other->feed == json_integer_value(json_object_get(stream, "feed_id")))
				person_expect(person, (guint)index, room->person[i]->sources[g_strcmp0(type, "video") == 0],
					media->ssrc);
		}
	}
}

static json_t *join_as_subscriber(janus *janus, const room *room, const person *person, member *self, GError **error)
{
	json_t *streams = json_array();
	for (guint i = 0; i < room->people; i++) {
		const member *other = g_hash_table_lookup(janus->members, room->person[i]);
		if (room->person[i] != person)
			json_array_append_new(streams, json_pack("{sI}", "feed", other->feed));
	}
	if ((self->subscriber = attach(janus, self->session, error)) == 0) {
		json_decref(streams);
		return NULL;
	}
	return tell(janus, self->session, self->subscriber,
		json_pack("{ss ss sI so}", "request", "join", "ptype", "subscriber", "room", (json_int_t)room->number, "streams",
			streams),
		NULL, NULL, error);
}

static gboolean subscribe(janus *janus, const room *room, person *person, member *self, GError **error)
{
	json_t *attached = join_as_subscriber(janus, room, person, self, error);
	person->receive = transport_new(&load_get_options(janus->load)->transport, &person_events, person, error);
	if (attached == NULL || person->receive == NULL || !read_sdp(&person->remote, attached, error)) {
		json_decref(attached);
		return FALSE;
	}
	expect_streams(janus, room, person, json_object_get(data_of(attached), "streams"));
	person->received_extensions = person->remote.media[0].extensions;
	load_watch_transport(janus->load, person->receive);
	const char *offer = json_string_value(json_object_get(json_object_get(attached, "jsep"), "sdp"));
	g_autofree char *sdp = description_write_answer(transport_local(person->receive), offer);
	gboolean is_connecting = transport_connect(person->receive, &person->remote, FALSE, error);
	json_decref(attached);
	json_t *started = tell(janus, self->session, self->subscriber,
		json_pack("{ss sI}", "request", "start", "room", (json_int_t)room->number), "answer", sdp, error);
	json_decref(started);
	return is_connecting && started != NULL;
}

typedef struct {
	janus *janus;
	const room *room;
} awaited;

static gboolean are_publishers_up(void *data)
{
	const awaited *awaited = data;
	for (guint i = 0; i < awaited->room->people; i++) {
		const member *member = g_hash_table_lookup(awaited->janus->members, awaited->room->person[i]);
		g_autofree char *key = handle_key(member->publisher);
		if (!g_hash_table_contains(awaited->janus->up, key))
			return FALSE;
	}
	return TRUE;
}

static gboolean fail(const room *room, const char *what, GError **error)
{
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "room %u: %s did not connect", room->number, what);
	return FALSE;
}

static gboolean janus_join(void *driver, room *room, GError **error)
{
	janus *janus = driver;
	awaited awaited = { janus, room };
	description published[DESCRIPTION_RECEIVED_MAX + 1];
	if (!make_room(janus, room, error))
		return FALSE;
	for (guint i = 0; i < room->people; i++) {
		member *self = g_new0(member, 1);
		g_hash_table_insert(janus->members, room->person[i], self);
		if (!join_as_publisher(janus, room, room->person[i], self, error) ||
			!publish(janus, room->person[i], self, error))
			return FALSE;
		published[i] = room->person[i]->remote;
	}
	if (!load_run_until(janus->load, are_publishers_up, &awaited, CONNECT_TIMEOUT_US))
		return fail(room, "publishers", error);
	for (guint i = 0; i < room->people; i++) {
		if (!subscribe(janus, room, room->person[i], g_hash_table_lookup(janus->members, room->person[i]), error))
			return FALSE;
	}
	if (!load_run_until(janus->load, load_is_room_open, room, CONNECT_TIMEOUT_US))
		return fail(room, "subscribers", error);
	for (guint i = 0; i < room->people; i++)
		person_ready(room->person[i], published[i].media);
	return TRUE;
}

static gboolean janus_record(void *driver, room *room, GError **error)
{
	janus *janus = driver;
	json_t *answer = tell(janus, janus->session, janus->maker,
		json_pack("{ss sI ss sb}", "request", "enable_recording", "room", (json_int_t)room->number, "secret", SECRET,
			"record", 1),
		NULL, NULL, error);
	json_decref(answer);
	return answer != NULL;
}

const driver_class driver_janus = { "janus", janus_open, janus_close, janus_join, janus_record };
