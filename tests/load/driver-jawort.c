/* SPDX-License-Identifier: EUPL-1.2 */
/* `jawort media`, by media/control.h: one connection a person, with a slot for each of the others. */
#include "tests/load/control.h"
#include "tests/load/driver.h"
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>

enum { CONNECT_TIMEOUT_US = 20000000 };

typedef struct {
	load *load;
	const driver_options *options;
	control *control;
	guint requests;
} jawort;

/* "peer.slots": whom each slot shows. */
static void note_slots(jawort *jawort, const json_t *event)
{
	person *person = load_find_person(jawort->load, json_string_value(json_object_get(event, "peer")));
	json_t *slots = json_object_get(event, "slots"), *shown;
	size_t slot;
	json_array_foreach(slots, slot, shown) {
		const typeof(*person) *other = load_find_person(jawort->load, json_string_value(shown));
		for (guint kind = 0; kind < CAPTURE_KINDS && person != NULL && other != NULL; kind++) {
			guint place = (guint)slot * CAPTURE_KINDS + kind;
			person_expect(person, place, other->sources[kind], person->remote.media[CAPTURE_KINDS + place].ssrc);
		}
	}
}

static const char *take(void *data, json_t *message)
{
	if (g_strcmp0(json_string_value(json_object_get(message, "event")), "peer.slots") == 0)
		note_slots(data, message);
	return json_string_value(json_object_get(message, "id"));
}

/* `command` (transfer full). (transfer full) */
static json_t *ask(jawort *jawort, json_t *command, GError **error)
{
	g_autofree char *id = g_strdup_printf("%u", ++jawort->requests);
	json_object_set_new(command, "id", json_string(id));
	json_t *answer = control_ask(jawort->control, id, command, error), *failure = json_object_get(answer, "error");
	if (failure == NULL)
		return answer;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "Jawort: %s", json_string_value(json_object_get(failure, "text")));
	json_decref(answer);
	return NULL;
}

static void *jawort_open(load *load, const driver_options *options, GError **error)
{
	jawort *jawort = g_new0(typeof(*jawort), 1);
	*jawort = (typeof(*jawort)){ .load = load, .options = options };
	jawort->control = control_new(options->control, SOCK_STREAM, load, take, jawort, error);
	json_t *answer = jawort->control != NULL ? ask(jawort, json_pack("{ss}", "do", "hello"), error) : NULL;
	json_decref(answer);
	return answer != NULL ? jawort : NULL;
}

static void jawort_close(void *driver)
{
	jawort *jawort = driver;
	control_free(jawort->control);
	g_free(jawort);
}

static gboolean offer(jawort *jawort, person *person, guint others, GError **error)
{
	const load_options *options = load_get_options(jawort->load);
	person->publish = person->receive = transport_new(&options->transport, &person_events, person, error);
	if (person->publish == NULL)
		return FALSE;
	source_numbers numbers[CAPTURE_KINDS] = { person->sources[0]->numbers, person->sources[1]->numbers };
	g_autofree char *sdp = description_write_offer(transport_local(person->publish), numbers, others);
	json_t *answer = ask(jawort, json_pack("{ss ss ss}", "do", "peer.offer", "peer", person->id, "sdp", sdp), error);
	gboolean is_read =
		answer != NULL && description_read(&person->remote, json_string_value(json_object_get(answer, "sdp")), error);
	json_decref(answer);
	if (!is_read)
		return FALSE;
	person->received_extensions = person->remote.media[CAPTURE_KINDS].extensions;
	load_watch_transport(jawort->load, person->publish);
	return transport_connect(person->publish, &person->remote, TRUE, error);
}

static gboolean place(jawort *jawort, const person *person, const char *room, GError **error)
{
	json_t *answer = ask(jawort, json_pack("{ss ss ss}", "do", "peer.place", "peer", person->id, "room", room), error);
	json_decref(answer);
	return answer != NULL;
}

static gboolean jawort_join(void *driver, room *room, GError **error)
{
	jawort *jawort = driver;
	g_autofree char *name = g_strdup_printf("room-%u", room->number);
	for (guint i = 0; i < room->people; i++) {
		if (!offer(jawort, room->person[i], room->people - 1, error) || !place(jawort, room->person[i], name, error))
			return FALSE;
	}
	if (!load_run_until(jawort->load, load_is_room_open, room, CONNECT_TIMEOUT_US)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "room %u did not connect", room->number);
		return FALSE;
	}
	for (guint i = 0; i < room->people; i++)
		person_ready(room->person[i], room->person[i]->remote.media);
	return TRUE;
}

static gboolean jawort_record(void *driver, room *room, GError **error)
{
	jawort *jawort = driver;
	g_autofree char *name = g_strdup_printf("room-%u", room->number);
	g_autofree char *id = g_strdup_printf("recording-%u", room->number);
	g_autofree char *folder = g_build_filename(jawort->options->folder, id, NULL);
	json_t *people = json_array();
	for (guint i = 0; i < room->people; i++) {
		g_autofree char *person = g_strdup_printf("person_%u", i + 1);
		json_array_append_new(people, json_pack("{ss ss}", "peer", room->person[i]->id, "name", person));
	}
	json_t *answer = ask(jawort,
		json_pack("{ss ss ss ss si s[s] so}", "do", "record.start", "room", name, "recording", id, "folder", folder,
			"part", 1, "recipients", jawort->options->recipient, "people", people),
		error);
	json_decref(answer);
	return answer != NULL;
}

const driver_class driver_jawort = { "jawort", jawort_open, jawort_close, jawort_join, jawort_record };
