/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/process.h"
#include "core/log.h"
#include "core/options.h"
#include "core/sandbox.h"
#include "media/directory.h"
#include "media/error.h"
#include "media/limits.h"
#include "media/recorder-launcher.h"
#include "media/server.h"
#include "media/solitude.h"
#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_SIGNAL = 0, EXIT_START = 1, EXIT_OPTIONS = 2 };

static const option table[] = {
	{ .name = "control", .type = OPTION_TEXT, .about = "The Unix socket on which `serve` commands this process." },
	{ .name = "addresses",
		.type = OPTION_TEXT,
		.about = "Bind to these addresses only (with commas); without it every interface but loopback." },
	{ .name = "advertise",
		.type = OPTION_TEXT,
		.about = "Name these addresses (with commas) to clients instead of the bound ones (server behind 1:1 NAT)." },
	{ .name = "ice",
		.type = OPTION_CHOICE,
		.fallback = "lite",
		.choices = "lite|full",
		.about = "lite: one port for all, clients must reach it; full: a port a client, which we try to reach too." },
	{ .name = "port",
		.type = OPTION_INTEGER,
		.fallback = "10000",
		.max = G_MAXUINT16,
		.about = "The one UDP port of --ice=lite; 0: the kernel chooses." },
	{ .name = "ports", .type = OPTION_TEXT, .about = "UDP ports FIRST-LAST of --ice=full; without it the kernel chooses." },
	{ .name = "workers",
		.type = OPTION_INTEGER,
		.fallback = "0",
		.max = MEDIA_WORKERS_MAX,
		.unit = "threads",
		.about = "Threads that forward; 0: one a processor." },
	{ .name = "worker-people",
		.type = OPTION_INTEGER,
		.fallback = "150",
		.min = 1,
		.max = MEDIA_PEERS_MAX,
		.about = "People that one of them takes, unless it is busy before, until the next is used; 150 are half a "
			 "processor." },
	{ .name = "alone-pause",
		.type = OPTION_INTEGER,
		.fallback = "10",
		.min = 1,
		.max = 3600,
		.unit = "seconds",
		.about = "Pause recordings when `serve` is gone for so long: nobody could withdraw their consent." },
	{ .name = "alone-end",
		.type = OPTION_INTEGER,
		.fallback = "600",
		.min = 1,
		.max = 86400,
		.unit = "seconds",
		.about = "End when `serve` is gone for so long." },
	{ .name = "recordings", .type = OPTION_TEXT, .about = "Recordings go below this folder; without it none can be made." },
	{ .name = "sandbox", .type = OPTION_CHOICE, .fallback = "full", .choices = SANDBOX_CHOICES, .about = SANDBOX_ABOUT },
	{ .name = "log-format",
		.type = OPTION_CHOICE,
		.fallback = "text",
		.choices = "text|json",
		.about = "How events are written to standard error." },
	{ 0 },
};

static gboolean quit(void *loop)
{
	g_main_loop_quit(loop);
	return G_SOURCE_REMOVE;
}

/* FIRST-LAST; FALSE when malformed. */
static gboolean read_ports(const char *text, ice_options *ice)
{
	guint first, last;
	int end = 0;
	if (text == NULL)
		return TRUE;
	if (sscanf(text, "%5u-%5u%n", &first, &last, &end) != 2 || text[end] != '\0' || first == 0 || first > last ||
		last > G_MAXUINT16)
		return FALSE;
	ice->first_port = (uint16_t)first;
	ice->last_port = (uint16_t)last;
	return TRUE;
}

static void emit(json_t *event, void *data)
{
	server_emit(*(server **)data, event);
}

static void end_loop(void *loop)
{
	g_main_loop_quit(loop);
}

static void dispatch(void *data, json_t *command, reply *reply)
{
	directory_dispatch(*(directory **)data, command, reply);
}

/* From here on there are sockets, recordings, and `jawort record` with what its loader reads. */
static gboolean lock_in(const options *options, GError **error)
{
	const char *recordings = options_text(options, "recordings");
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	sandbox_level level = SANDBOX_FULL;
	sandbox_level_parse(options_text(options, "sandbox"), &level);
	if (recordings != NULL && g_mkdir_with_parents(recordings, 0700) != 0) {
		g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_RECORDER, "%s cannot be made: %s", recordings, g_strerror(errno));
		return FALSE;
	}
	const sandbox_path paths[] = {
		{ .path = program, .is_executable = TRUE },
		{ .path = "/usr" },
		{ .path = "/usr/lib", .is_executable = TRUE },
		{ .path = "/lib64", .is_executable = TRUE },
		{ .path = "/etc/ld.so.cache" },
		{ .path = "/etc/ssl" },
		{ .path = "/dev/null", .is_writable = TRUE },
		{ .path = recordings, .is_writable = TRUE }, /* the last: it may be missing */
		{ 0 },
	};
	return sandbox_enter(level, paths, SANDBOX_NETWORK | SANDBOX_PROGRAMS, error);
}

static int serve(const options *options, directory_options *configuration)
{
	g_autoptr(GError) error = NULL;
	directory *directory = NULL;
	server *server = server_new(options_text(options, "control"), dispatch, &directory, &error);
	if (server == NULL || !lock_in(options, &error)) {
		fprintf(stderr, "%s\n", error->message);
		server_free(server);
		return EXIT_START;
	}
	configuration->launcher = recorder_launcher_new(options_text(options, "sandbox"));
	directory = directory_new(configuration, emit, &server);
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	guint terminate = g_unix_signal_add(SIGTERM, quit, loop), interrupt = g_unix_signal_add(SIGINT, quit, loop);
	(void)terminate, (void)interrupt;
	const solitude_options alone = { .pause_seconds = (guint)options_int(options, "alone-pause"),
		.end_seconds = (guint)options_int(options, "alone-end"),
		.end = end_loop,
		.data = loop };
	solitude *solitude = solitude_new(server, directory, &alone);
	log_info("media listens");
	g_main_loop_run(loop);
	solitude_free(solitude);
	directory_free(directory);
	server_free(server);
	recorder_launcher_free(configuration->launcher);
	return EXIT_SIGNAL;
}

/* The commas' parts, NULL when there is no text. */
static char **read_list(const char *text)
{
	return text != NULL ? g_strsplit(text, ",", -1) : NULL;
}

/* FALSE when it cannot be had. Nothing is opened for full agents. */
static gboolean open_port(const options *options, directory_options *configuration, GError **error)
{
	if (strcmp(options_text(options, "ice"), "lite") != 0)
		return TRUE;
	const port_options wanted = {
		.addresses = configuration->peer.ice.addresses,
		.advertise = configuration->peer.ice.advertise,
		.number = (uint16_t)options_int(options, "port"),
		.workers = configuration->workers,
	};
	configuration->port = port_new(&wanted, error);
	return configuration->port != NULL;
}

int media_process(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(options) options = options_load(table, argc, argv, &error);
	directory_options configuration = { 0 };
	if (options == NULL || options_text(options, "control") == NULL ||
		!read_ports(options_text(options, "ports"), &configuration.peer.ice)) {
		fprintf(stderr, "%s\n", error != NULL ? error->message : "media needs --control=PATH, and --ports as FIRST-LAST");
		return EXIT_OPTIONS;
	}
	log_format format = LOG_FORMAT_TEXT;
	log_format_parse(options_text(options, "log-format"), &format);
	log_open("media", LOG_LEVEL_INFO, format);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN); /* recorders are known by their links */
	g_auto(GStrv) addresses = read_list(options_text(options, "addresses"));
	g_auto(GStrv) advertise = read_list(options_text(options, "advertise"));
	guint workers = (guint)options_int(options, "workers");
	configuration.workers = workers != 0 ? workers : g_get_num_processors();
	configuration.worker_people = (guint)options_int(options, "worker-people");
	configuration.peer.ice.addresses = (const char *const *)addresses;
	configuration.peer.ice.advertise = (const char *const *)advertise;
	g_autoptr(dtls_identity) identity = dtls_identity_new(&error);
	configuration.peer.identity = identity;
	if (identity == NULL || !open_port(options, &configuration, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return EXIT_START;
	}
	int status = serve(options, &configuration);
	port_free(configuration.port);
	return status;
}
