/* SPDX-License-Identifier: EUPL-1.2 */
/* How people come into rooms: one for each kind of server. */
#pragma once
#include "tests/load/load.h"

typedef struct {
	const char *control;   /* path of the socket; of bench-floor its UDP port */
	const char *folder;    /* where recordings go */
	const char *recipient; /* "age1…", who can open them */
} driver_options;

typedef struct {
	const char *name;
	/* NULL with an error. */
	void *(*open)(load *load, const driver_options *options, GError **error);
	void (*close)(void *driver);
	/* Connect all people of a room to each other, until each is ready (person.h). */
	gboolean (*join)(void *driver, room *room, GError **error);
	/* Record it from now on. NULL: it cannot. */
	gboolean (*record)(void *driver, room *room, GError **error);
} driver_class;

extern const driver_class driver_floor, driver_janus, driver_jawort;
