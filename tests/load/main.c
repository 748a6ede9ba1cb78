/* SPDX-License-Identifier: EUPL-1.2 */
/* jawort-load: rooms full of people, for one server, and what that costs it. Prints a JSON object a step. README.md. */
#include "tests/load/driver.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static struct {
	char *server, *control, *address, *profiles, *capture, *folder, *recipient, *steps;
	int pid, people;
	double seconds, warm_up;
} set = { .people = 3, .seconds = 10, .warm_up = 3 };

static const GOptionEntry entries[] = {
	{ "server", 0, 0, G_OPTION_ARG_STRING, &set.server, "Which kind it is", "jawort|janus|floor" },
	{ "control", 0, 0, G_OPTION_ARG_STRING, &set.control, "Its control socket; of floor the UDP port", "PATH" },
	{ "address", 0, 0, G_OPTION_ARG_STRING, &set.address, "Where people bind their sockets", "127.0.0.1" },
	{ "pid", 0, 0, G_OPTION_ARG_INT, &set.pid, "Its process; descendants are counted, too", "PID" },
	{ "capture", 0, 0, G_OPTION_ARG_FILENAME, &set.capture, "What people send (jawort-load-capture)", "FILE" },
	{ "people", 0, 0, G_OPTION_ARG_INT, &set.people, "People of a room, 2 to 6", "3" },
	{ "profiles", 0, 0, G_OPTION_ARG_STRING, &set.profiles, "SRTP profiles of the people", "gcm|sha1|browser" },
	{ "steps", 0, 0, G_OPTION_ARG_STRING, &set.steps, "Rooms at each step; with r they are recorded", "10,10r" },
	{ "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &set.seconds, "Length of a window", "10" },
	{ "warm-up", 0, 0, G_OPTION_ARG_DOUBLE, &set.warm_up, "Seconds before each window", "3" },
	{ "folder", 0, 0, G_OPTION_ARG_FILENAME, &set.folder, "Where the server may record to", "PATH" },
	{ "recipient", 0, 0, G_OPTION_ARG_STRING, &set.recipient, "Who can open Jawort's recordings", "age1…" },
	{ 0 },
};

static const driver_class *const drivers[] = { &driver_floor, &driver_janus, &driver_jawort };
static const char *const profiles_names[] = { [PROFILES_GCM] = "gcm", [PROFILES_SHA1] = "sha1", [PROFILES_BROWSER] = "browser" };

static const driver_class *find_driver(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(drivers); i++) {
		if (g_strcmp0(drivers[i]->name, set.server) == 0)
			return drivers[i];
	}
	return NULL;
}

static gboolean find_profiles(profiles *profiles)
{
	for (guint i = 0; i < G_N_ELEMENTS(profiles_names); i++) {
		*profiles = (typeof(*profiles))i;
		if (set.profiles == NULL || strcmp(profiles_names[i], set.profiles) == 0)
			return TRUE;
	}
	return FALSE;
}

enum { REACH_LIMIT_US = 45000000 }; /* a server that takes longer cannot have that many rooms */

/* "10" or "10r": so many rooms, recorded. */
static gboolean reach(load *load, const driver_class *class, void *driver, const char *step, GError **error)
{
	guint rooms = (guint)atoi(step);
	int64_t end_us = g_get_monotonic_time() + REACH_LIMIT_US;
	while (load_room_count(load) < rooms) {
		if (g_get_monotonic_time() > end_us) {
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN, "only %u rooms after %d s", load_room_count(load),
				REACH_LIMIT_US / G_USEC_PER_SEC);
			return FALSE;
		}
		if (!class->join(driver, load_add_room(load), error))
			return FALSE;
	}
	load_start(load);
	for (guint i = 0; i < load_room_count(load) && g_str_has_suffix(step, "r"); i++) {
		room *room = load_room(load, i);
		if (!room->is_recorded && !class->record(driver, room, error))
			return FALSE;
		room->is_recorded = TRUE;
	}
	return TRUE;
}

static gboolean run_step(load *load, const driver_class *class, void *driver, const char *step)
{
	g_autoptr(GError) error = NULL;
	json_t *result;
	if (reach(load, class, driver, step, &error)) {
		load_run(load, (int64_t)(set.warm_up * G_USEC_PER_SEC));
		result = load_measure(load, set.seconds, set.pid);
	} else {
		result = json_pack("{ss si}", "error", error->message, "rooms", atoi(step));
	}
	json_object_set_new(result, "server", json_string(class->name));
	json_object_set_new(result, "is_recorded", json_boolean(g_str_has_suffix(step, "r")));
	g_autofree char *line = json_dumps(result, JSON_COMPACT | JSON_REAL_PRECISION(6));
	printf("%s\n", line);
	fflush(stdout);
	json_decref(result);
	return error == NULL;
}

static int run(const driver_class *class, const load_options *options, GError **error)
{
	driver_options driver_options = { set.control, set.folder, set.recipient };
	load *load = load_new(options);
	void *driver = class->open(load, &driver_options, error);
	if (driver == NULL)
		return 1;
	g_auto(GStrv) steps = g_strsplit(set.steps, ",", -1);
	gboolean is_reached = TRUE;
	for (char **step = steps; *step != NULL && is_reached; step++)
		is_reached = run_step(load, class, driver, *step);
	class->close(driver);
	load_free(load);
	return is_reached ? 0 : 3;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	load_options options = { 0 };
	g_option_context_add_main_entries(context, entries, NULL);
	const driver_class *class = g_option_context_parse(context, &argc, &argv, &error) ? find_driver() : NULL;
	if (class == NULL || set.control == NULL || set.capture == NULL || set.steps == NULL ||
		!find_profiles(&options.transport.profiles)) {
		fprintf(stderr, "%s; see --help\n",
			error != NULL ? error->message : "server, control, capture and steps are needed");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	g_autoptr(capture) capture = capture_load(set.capture, &error);
	options.capture = capture;
	options.transport.address = set.address != NULL ? set.address : "127.0.0.1";
	options.people = (guint)CLAMP(set.people, 2, DESCRIPTION_RECEIVED_MAX + 1);
	int status = capture != NULL ? run(class, &options, &error) : 1;
	if (error != NULL)
		fprintf(stderr, "%s\n", error->message);
	return status;
}
