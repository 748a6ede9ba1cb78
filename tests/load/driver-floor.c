/* SPDX-License-Identifier: EUPL-1.2 */
/* tests/bench/bench_floor.c: people say in which room they are, and that is all. */
#include "tests/load/driver.h"
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	load *load;
	uint16_t port;
} floor_driver;

static void *floor_open(load *load, const driver_options *options, GError **error)
{
	(void)error;
	floor_driver *driver = g_new0(floor_driver, 1);
	*driver = (floor_driver){ load, (uint16_t)atoi(options->control) };
	return driver;
}

static gboolean floor_join(void *data, room *room, GError **error)
{
	floor_driver *driver = data;
	static const described_media no_extensions[CAPTURE_KINDS];
	g_autofree char *hello = g_strdup_printf("%u", room->number);
	for (guint i = 0; i < room->people; i++) {
		person *person = room->person[i];
		person->publish = person->receive =
			transport_new(&load_get_options(driver->load)->transport, &person_events, person, error);
		if (person->publish == NULL || !transport_connect_bare(person->publish, driver->port, error))
			return FALSE;
		load_watch_transport(driver->load, person->publish);
		transport_send_plain(person->publish, hello, strlen(hello));
	}
	for (guint i = 0; i < room->people; i++) {
		person *person = room->person[i];
		for (guint j = 0, place = 0; j < room->people; j++) {
			for (guint kind = 0; kind < CAPTURE_KINDS && j != i; kind++, place++)
				person_expect(person, place, room->person[j]->sources[kind],
					room->person[j]->sources[kind]->numbers.ssrc);
		}
		person_ready(person, no_extensions);
	}
	return TRUE;
}

const driver_class driver_floor = { "floor", floor_open, g_free, floor_join, NULL };
