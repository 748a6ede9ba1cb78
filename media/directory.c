/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/directory.h"
#include "core/json.h"
#include "media/error.h"
#include "media/limits.h"
#include "media/room.h"
#include <string.h>

struct directory {
	const directory_options *options;
	void (*emit)(json_t *event, void *data);
	void *data;
	GPtrArray *workers;
	GHashTable *peers;      /* id -> peer */
	GHashTable *rooms;      /* id -> struct place */
	GHashTable *recordings; /* id -> struct recording */
};

/* A room and the worker it lives on. */
typedef struct place {
	room *room;
	worker *worker;
} place;

typedef struct recording {
	recorder *recorder;
	place *place;
	gboolean is_left_alone; /* paused because nobody commanded */
} recording;

/* One command on its way through a worker. */
typedef struct call {
	directory *directory;
	json_t *command;
	reply *reply; /* answered after the call, unless the call keeps it and sets it NULL */
	json_t *result;
	GError *error;
	worker *worker;
	peer *peer, *old_peer;
	place *place;
	recording *recording;
	const sdp_offer *offer;
	gboolean is_same, is_over;
} call;

static gboolean fail(call *call, media_error code, const char *text)
{
	if (call->error == NULL)
		g_set_error_literal(&call->error, MEDIA_ERROR, code, text);
	return FALSE;
}

/* A required text member, of bounded length. */
static const char *get_text(call *call, const char *key)
{
	const char *text = json_text(call->command, key);
	if (text == NULL || *text == '\0' || strlen(text) > MEDIA_ID_MAX_BYTES)
		fail(call, MEDIA_ERROR_REQUEST, key);
	return text;
}

static gboolean find_peer(call *call)
{
	const char *id = get_text(call, "peer");
	call->peer = id != NULL ? g_hash_table_lookup(call->directory->peers, id) : NULL;
	return call->peer != NULL || fail(call, MEDIA_ERROR_UNKNOWN_PEER, "no such peer");
}

static gboolean find_recording(call *call)
{
	const char *id = get_text(call, "recording");
	call->recording = id != NULL ? g_hash_table_lookup(call->directory->recordings, id) : NULL;
	return call->recording != NULL || fail(call, MEDIA_ERROR_UNKNOWN_RECORDING, "no such recording");
}

/* One after the other is filled, for at low rates it is wake-ups that cost; when all are busy, the one with the fewest. */
static worker *choose_worker(const directory *directory)
{
	worker *fewest = directory->workers->pdata[0];
	for (guint i = 0; i < directory->workers->len; i++) {
		worker *worker = directory->workers->pdata[i];
		if (worker_peer_count(worker) < directory->options->worker_people &&
			worker_busy_percent(worker) < WORKER_BUSY_PERCENT)
			return worker;
		if (worker_peer_count(worker) < worker_peer_count(fewest))
			fewest = worker;
	}
	return fewest;
}

/* ---- rooms come with their first person and go with their last */

static void make_room(void *data)
{
	call *call = data;
	call->place->room = room_new(json_text(call->command, "room"), call->place->worker);
}

static place *get_place(call *call, const char *id)
{
	place *place = g_hash_table_lookup(call->directory->rooms, id);
	if (place != NULL)
		return place;
	place = g_new0(struct place, 1);
	place->worker = peer_worker(call->peer);
	call->place = place;
	worker_run(place->worker, make_room, call);
	g_hash_table_insert(call->directory->rooms, g_strdup(id), place);
	return place;
}

static void free_room_if_unused(void *data)
{
	call *call = data;
	call->is_over = !room_is_used(call->place->room);
	if (call->is_over)
		room_free(call->place->room);
}

static void tidy_rooms(directory *directory)
{
	GHashTableIter iterator;
	void *value;
	g_hash_table_iter_init(&iterator, directory->rooms);
	while (g_hash_table_iter_next(&iterator, NULL, &value)) {
		call call = { .place = value };
		if (room_is_used(call.place->room))
			continue;
		worker_run(call.place->worker, free_room_if_unused, &call);
		if (call.is_over)
			g_hash_table_iter_remove(&iterator);
	}
}

/* ---- peers */

static void close_and_free(void *data)
{
	call *call = data;
	peer_close(call->peer, "command");
	worker_remove_peer(peer_worker(call->peer), call->peer);
	peer_free(call->peer);
}

/* Forget the peers that ended by themselves. */
static void tidy_peers(directory *directory)
{
	GHashTableIter iterator;
	void *value;
	g_hash_table_iter_init(&iterator, directory->peers);
	while (g_hash_table_iter_next(&iterator, NULL, &value)) {
		call call = { .peer = value };
		if (!peer_is_closed(call.peer))
			continue;
		worker_run(peer_worker(call.peer), close_and_free, &call);
		g_hash_table_iter_remove(&iterator);
	}
}

static void answer_offer(call *call)
{
	g_autofree char *answer = peer_negotiate(call->peer, call->offer, &call->error);
	if (answer != NULL)
		call->result = json_pack("{ss si}", "sdp", answer, "slots", (int)peer_slot_count(call->peer, SDP_SLOT_PERSON));
}

static void renegotiate(void *data)
{
	call *call = data;
	call->is_same = peer_is_same_browser(call->peer, call->offer);
	if (call->is_same)
		answer_offer(call);
}

static void adopt_peer(void *data)
{
	call *call = data;
	peer_attach(call->peer, call->worker);
	answer_offer(call);
	if (call->error != NULL) {
		worker_remove_peer(call->worker, call->peer);
		g_clear_pointer(&call->peer, peer_free);
	} else if (call->old_peer != NULL) {
		if (peer_room(call->old_peer) != NULL)
			room_replace(peer_room(call->old_peer), call->old_peer, call->peer);
		worker_remove_peer(call->worker, call->old_peer);
		peer_free(call->old_peer);
	}
}

/* Another browser takes the place of `old`, on its worker. */
static void make_peer(call *call, const char *id, peer *old)
{
	directory *directory = call->directory;
	call->old_peer = old;
	call->worker = old != NULL ? peer_worker(old) : choose_worker(directory);
	call->peer = peer_new(&directory->options->peer, id, call->offer, call->worker, &call->error);
	if (call->peer != NULL)
		worker_run(call->worker, adopt_peer, call);
	if (call->error == NULL)
		g_hash_table_insert(directory->peers, g_strdup(id), call->peer);
}

static void do_peer_offer(call *call)
{
	const char *id = get_text(call, "peer"), *sdp = json_text(call->command, "sdp");
	g_autofree sdp_offer *offer = g_new(sdp_offer, 1);
	tidy_peers(call->directory);
	if (call->error != NULL || sdp == NULL) {
		fail(call, MEDIA_ERROR_REQUEST, "sdp");
		return;
	}
	if (!sdp_offer_parse(offer, sdp, strlen(sdp), &call->error))
		return;
	call->offer = offer;
	peer *old = g_hash_table_lookup(call->directory->peers, id);
	if (old == NULL && g_hash_table_size(call->directory->peers) >= MEDIA_PEERS_MAX) {
		fail(call, MEDIA_ERROR_LIMIT, "this server is full");
		return;
	}
	call->peer = old;
	if (old != NULL)
		worker_run(peer_worker(old), renegotiate, call);
	if (old == NULL || !call->is_same)
		make_peer(call, id, old);
}

/* Within the room it only changes the group. */
static void leave_room(void *data)
{
	call *call = data;
	room *room = peer_room(call->peer);
	if (room != NULL && (call->place == NULL || room != call->place->room))
		room_remove(room, call->peer);
	if (call->place != NULL && call->place->worker != peer_worker(call->peer))
		peer_detach(call->peer);
}

static void enter_room(void *data)
{
	call *call = data;
	if (call->place->worker != peer_worker(call->peer))
		peer_attach(call->peer, call->place->worker);
	if (!peer_is_closed(call->peer)) /* otherwise it ended meanwhile, and said so */
		room_add(call->place->room, call->peer, (guint)json_int(call->command, "group"), &call->error);
}

static void do_peer_place(call *call)
{
	gboolean is_out = json_is_null(json_object_get(call->command, "room"));
	const char *id = is_out ? NULL : get_text(call, "room");
	if (!find_peer(call) || call->error != NULL)
		return;
	if (json_int(call->command, "group") < 0 || json_int(call->command, "group") >= MEDIA_GROUPS_MAX) {
		fail(call, MEDIA_ERROR_REQUEST, "group");
		return;
	}
	call->place = id != NULL ? get_place(call, id) : NULL;
	worker_run(peer_worker(call->peer), leave_room, call);
	if (call->place != NULL)
		worker_run(call->place->worker, enter_room, call);
	tidy_rooms(call->directory);
}

static void set_light(void *data)
{
	call *call = data;
	peer_set_light(call->peer, (int)json_int(call->command, "light"));
}

static void do_peer_light(call *call)
{
	json_t *light = json_object_get(call->command, "light");
	if (!find_peer(call))
		return;
	if (json_is_integer(light) && json_integer_value(light) >= 0 && json_integer_value(light) <= 255)
		worker_run(peer_worker(call->peer), set_light, call);
	else
		fail(call, MEDIA_ERROR_REQUEST, "light");
}

static void do_peer_close(call *call)
{
	if (!find_peer(call))
		return;
	worker_run(peer_worker(call->peer), close_and_free, call);
	g_hash_table_remove(call->directory->peers, json_text(call->command, "peer"));
	tidy_rooms(call->directory);
}

/* ---- recordings */

static void free_recorder(void *data)
{
	call *call = data;
	if (room_recorder(call->recording->place->room) == call->recording->recorder)
		room_set_recorder(call->recording->place->room, NULL);
	recorder_free(call->recording->recorder);
}

static void check_finished(void *data)
{
	call *call = data;
	call->is_over = recorder_is_finished(call->recording->recorder);
}

/* After a start or stop was answered: forget what ended. */
static void tidy_recordings(void *data)
{
	directory *directory = data;
	GHashTableIter iterator;
	void *value;
	g_hash_table_iter_init(&iterator, directory->recordings);
	while (g_hash_table_iter_next(&iterator, NULL, &value)) {
		call call = { .recording = value };
		worker_run(call.recording->place->worker, check_finished, &call);
		if (!call.is_over)
			continue;
		worker_run(call.recording->place->worker, free_recorder, &call);
		g_hash_table_iter_remove(&iterator);
	}
	tidy_rooms(directory);
}

static void add_people(call *call)
{
	json_t *people = json_object_get(call->command, "people"), *one;
	size_t index;
	json_array_foreach(people, index, one) {
		const char *peer = json_text(one, "peer"), *name = json_text(one, "name");
		if (peer != NULL && name != NULL)
			recorder_add_person(call->recording->recorder, peer, name, NULL);
	}
}

static void begin_recording(void *data)
{
	call *call = data;
	if (room_recorder(call->place->room) != NULL) {
		fail(call, MEDIA_ERROR_BUSY, "this room is being recorded");
		return;
	}
	call->recording->recorder = recorder_new(json_text(call->command, "recording"), call->command,
		call->directory->options->launcher, call->place->worker, g_steal_pointer(&call->reply));
	add_people(call);
	room_set_recorder(call->place->room, call->recording->recorder);
}

static void do_record_start(call *call)
{
	const char *id = get_text(call, "recording"), *room = get_text(call, "room");
	tidy_recordings(call->directory);
	if (json_text(call->command, "folder") == NULL || !json_is_array(json_object_get(call->command, "recipients")) ||
		!json_is_array(json_object_get(call->command, "people")))
		fail(call, MEDIA_ERROR_REQUEST, "folder, recipients or people");
	if (call->error != NULL)
		return;
	call->place = g_hash_table_lookup(call->directory->rooms, room);
	if (call->place == NULL || g_hash_table_contains(call->directory->recordings, id)) {
		fail(call, call->place == NULL ? MEDIA_ERROR_UNKNOWN_ROOM : MEDIA_ERROR_EXISTS, id);
		return;
	}
	recording *recording = call->recording = g_new0(struct recording, 1);
	recording->place = call->place;
	reply_then(call->reply, tidy_recordings, call->directory);
	worker_run(call->place->worker, begin_recording, call);
	if (recording->recorder != NULL)
		g_hash_table_insert(call->directory->recordings, g_strdup(id), recording);
	else
		g_free(recording);
}

static void on_recorder_person(void *data)
{
	call *call = data;
	recorder_add_person(
		call->recording->recorder, json_text(call->command, "peer"), json_text(call->command, "name"), &call->error);
}

static void on_recorder_pause(void *data)
{
	call *call = data;
	call->recording->is_left_alone = FALSE;
	recorder_pause(call->recording->recorder, call->recording->place->room, json_bool(call->command, "paused"));
}

static void on_recorder_chapter(void *data)
{
	call *call = data;
	recorder_chapter(call->recording->recorder, json_text(call->command, "title"));
}

static void on_recorder_still(void *data)
{
	call *call = data;
	recorder_still(call->recording->recorder, call->recording->place->room, json_text(call->command, "peer"),
		json_text(call->command, "still"), json_bool(call->command, "mrz"), g_steal_pointer(&call->reply));
}

static void on_recorder_stop(void *data)
{
	call *call = data;
	reply_then(call->reply, tidy_recordings, call->directory);
	recorder_stop(call->recording->recorder, call->recording->place->room, json_bool(call->command, "destroy"),
		g_steal_pointer(&call->reply));
}

static void run_on_recorder(call *call, void (*work)(void *data))
{
	if (find_recording(call) && call->error == NULL)
		worker_run(call->recording->place->worker, work, call);
}

static void do_record_person(call *call)
{
	if (get_text(call, "peer") != NULL && get_text(call, "name") != NULL)
		run_on_recorder(call, on_recorder_person);
}

static void do_record_pause(call *call)
{
	run_on_recorder(call, on_recorder_pause);
}

static void do_record_chapter(call *call)
{
	if (get_text(call, "title") != NULL)
		run_on_recorder(call, on_recorder_chapter);
}

static void do_still(call *call)
{
	if (get_text(call, "peer") != NULL && get_text(call, "still") != NULL)
		run_on_recorder(call, on_recorder_still);
}

static void do_record_stop(call *call)
{
	run_on_recorder(call, on_recorder_stop);
}

/* ---- questions */

static json_t *keys_of(GHashTable *table)
{
	json_t *keys = json_array();
	g_autoptr(GList) sorted = g_list_sort(g_hash_table_get_keys(table), (GCompareFunc)strcmp);
	for (GList *key = sorted; key != NULL; key = key->next)
		json_array_append_new(keys, json_string(key->data));
	return keys;
}

static void describe_peer(void *data)
{
	call *call = data;
	const room *room = peer_room(call->peer);
	call->result = json_pack("{ss ss? si ss}", "peer", peer_id(call->peer), "room", room != NULL ? room_id(room) : NULL,
		"group", (int)peer_group(call->peer), "state", peer_state_name(call->peer));
}

static json_t *describe_peers(const directory *directory)
{
	json_t *peers = json_array();
	g_autoptr(GList) sorted = g_list_sort(g_hash_table_get_keys(directory->peers), (GCompareFunc)strcmp);
	for (GList *key = sorted; key != NULL; key = key->next) {
		call one = { .peer = g_hash_table_lookup(directory->peers, key->data) };
		worker_run(peer_worker(one.peer), describe_peer, &one);
		json_array_append_new(peers, one.result);
	}
	return peers;
}

static json_t *left_alone(const directory *directory)
{
	json_t *ids = json_array();
	GHashTableIter iterator;
	void *id, *value;
	g_hash_table_iter_init(&iterator, directory->recordings);
	while (g_hash_table_iter_next(&iterator, &id, &value))
		if (((recording *)value)->is_left_alone)
			json_array_append_new(ids, json_string(id));
	return ids;
}

static void do_hello(call *call)
{
	tidy_peers(call->directory);
	tidy_recordings(call->directory);
	call->result =
		json_pack("{so so so so}", "peers", describe_peers(call->directory), "rooms", keys_of(call->directory->rooms),
			"recordings", keys_of(call->directory->recordings), "left_alone", left_alone(call->directory));
}

static void do_stats(call *call)
{
	json_t *counters = json_pack("{si si si}", "peers", (int)g_hash_table_size(call->directory->peers), "rooms",
		(int)g_hash_table_size(call->directory->rooms), "recordings",
		(int)g_hash_table_size(call->directory->recordings));
	for (guint i = 0; i < COUNTER_COUNT; i++) {
		uint64_t sum = 0;
		for (guint j = 0; j < call->directory->workers->len; j++)
			sum += worker_count(call->directory->workers->pdata[j], (counter)i);
		json_object_set_new(counters, worker_counter_name((counter)i), json_integer((json_int_t)sum));
	}
	call->result = json_pack("{so}", "counters", counters);
}

/* Sorted by name. */
static const struct {
	const char *name;
	void (*run)(call *call);
} commands[] = {
	{ "hello", do_hello },
	{ "peer.close", do_peer_close },
	{ "peer.light", do_peer_light },
	{ "peer.offer", do_peer_offer },
	{ "peer.place", do_peer_place },
	{ "record.chapter", do_record_chapter },
	{ "record.pause", do_record_pause },
	{ "record.person", do_record_person },
	{ "record.start", do_record_start },
	{ "record.stop", do_record_stop },
	{ "stats", do_stats },
	{ "still", do_still },
};

void directory_dispatch(void *data, json_t *command, reply *reply)
{
	call call = { .directory = data, .command = command, .reply = reply };
	const char *name = json_text(command, "do");
	guint i = 0;
	while (i < G_N_ELEMENTS(commands) && g_strcmp0(commands[i].name, name) != 0)
		i++;
	if (i < G_N_ELEMENTS(commands))
		commands[i].run(&call);
	else
		fail(&call, MEDIA_ERROR_UNKNOWN_COMMAND, "no such command");
	if (call.reply == NULL) /* it will be answered later */
		g_clear_error(&call.error);
	else if (call.error != NULL)
		reply_fail(call.reply, call.error);
	else
		reply_send(call.reply, call.result != NULL ? call.result : json_object());
}

/* ---- life */

static void pause_left_alone(void *data)
{
	recording *recording = data;
	recorder_pause(recording->recorder, recording->place->room, TRUE);
	recording->is_left_alone = TRUE;
}

void directory_pause_recordings(directory *directory)
{
	GHashTableIter iterator;
	void *value;
	tidy_recordings(directory);
	g_hash_table_iter_init(&iterator, directory->recordings);
	while (g_hash_table_iter_next(&iterator, NULL, &value))
		worker_run(((recording *)value)->place->worker, pause_left_alone, value);
}

directory *directory_new(const directory_options *options, void (*emit)(json_t *event, void *data), void *data)
{
	directory *directory = g_new0(struct directory, 1);
	directory->options = options;
	directory->emit = emit;
	directory->data = data;
	directory->workers = g_ptr_array_new_with_free_func((GDestroyNotify)worker_free);
	directory->peers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	directory->rooms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	directory->recordings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (guint i = 0; i < options->workers; i++)
		g_ptr_array_add(directory->workers, worker_new(i, options->port, emit, data));
	return directory;
}

void directory_free(directory *directory)
{
	if (directory == NULL)
		return;
	GHashTableIter iterator;
	void *value;
	g_hash_table_iter_init(&iterator, directory->recordings);
	while (g_hash_table_iter_next(&iterator, NULL, &value)) {
		call call = { .recording = value };
		worker_run(call.recording->place->worker, free_recorder, &call);
	}
	g_hash_table_iter_init(&iterator, directory->peers);
	while (g_hash_table_iter_next(&iterator, NULL, &value)) {
		call call = { .peer = value };
		worker_run(peer_worker(call.peer), close_and_free, &call);
	}
	tidy_rooms(directory);
	g_ptr_array_unref(directory->workers);
	g_hash_table_unref(directory->peers);
	g_hash_table_unref(directory->rooms);
	g_hash_table_unref(directory->recordings);
	g_free(directory);
}
