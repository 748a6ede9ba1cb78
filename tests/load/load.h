/* SPDX-License-Identifier: EUPL-1.2 */
/* All rooms and people of the load, their loop, and the windows in which they are counted. One thread. */
#pragma once
#include "tests/load/person.h"
#include "tests/load/schedule.h"
#include "tests/load/usage.h"
#include <jansson.h>

typedef struct {
	guint number;
	guint people;
	person *person[DESCRIPTION_RECEIVED_MAX + 1];
	gboolean is_recorded;
} room;

typedef struct load load;

typedef struct {
	const capture *capture;
	guint people; /* of each room */
	transport_options transport;
} load_options;

load *load_new(const load_options *options);
void load_free(load *load);
const load_options *load_get_options(const load *load);

/* Call `readable` from inside load_step() when the descriptor has something. */
void load_watch(load *load, int fd, void (*readable)(void *data), void *data);
/* A socket of a person, from now on. */
void load_watch_transport(load *load, transport *transport);
/* Send, receive and wait, until `until_us` of the monotonic clock, or once through the loop if that is past. */
void load_step(load *load, int64_t until_us);
void load_run(load *load, int64_t duration_us);
/* Run until `is_true`, at most `timeout_us`. FALSE: it did not become so. */
gboolean load_run_until(load *load, gboolean (*is_true)(void *data), void *data, int64_t timeout_us);

/* A new room with its people, who are not connected; it stays the load's. */
room *load_add_room(load *load);
guint load_room_count(const load *load);
room *load_room(const load *load, guint index);
person *load_find_person(const load *load, const char *id);
gboolean load_is_room_open(void *room);
/* All who are ready begin to send within a second, each at another time. Not before all have joined: a server that is busy
 * already would take long to let them in. */
void load_start(load *load);

/* Count for `seconds` what is sent, arrives and is used by the server `pid`. (transfer full) */
json_t *load_measure(load *load, double seconds, GPid pid);
