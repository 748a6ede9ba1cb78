/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/process.h"
#include "core/log.h"
#include "core/options.h"
#include "media/directory.h"
#include "media/error.h"
#include "media/server.h"
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>

enum { EXIT_SIGNAL = 0, EXIT_START = 1, EXIT_OPTIONS = 2, WORKERS_MAX = 64 };

static const option table[] = {
	{ .name = "control", .type = OPTION_TEXT, .about = "The Unix socket on which `serve` commands this process." },
	{ .name = "addresses",
		.type = OPTION_TEXT,
		.about = "Bind to these addresses only (with commas); without it every interface but loopback." },
	{ .name = "advertise",
		.type = OPTION_TEXT,
		.about = "Name this address to clients instead of the bound one (server behind 1:1 NAT)." },
	{ .name = "ports", .type = OPTION_TEXT, .about = "UDP ports FIRST-LAST, one a peer; without it the kernel chooses." },
	{ .name = "workers",
		.type = OPTION_INTEGER,
		.fallback = "0",
		.max = WORKERS_MAX,
		.unit = "threads",
		.about = "Threads that forward; 0: one a processor." },
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

static int serve(const char *path, const directory_options *configuration)
{
	g_autoptr(GError) error = NULL;
	server *server = NULL;
	directory *directory = directory_new(configuration, emit, &server);
	server = server_new(path, directory_dispatch, directory, &error);
	if (server == NULL) {
		fprintf(stderr, "%s\n", error->message);
		directory_free(directory);
		return EXIT_START;
	}
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	guint terminate = g_unix_signal_add(SIGTERM, quit, loop), interrupt = g_unix_signal_add(SIGINT, quit, loop);
	(void)terminate, (void)interrupt;
	log_info("media listens");
	g_main_loop_run(loop);
	directory_free(directory);
	server_free(server);
	return EXIT_SIGNAL;
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
	const char *list = options_text(options, "addresses");
	g_auto(GStrv) addresses = list != NULL ? g_strsplit(list, ",", -1) : NULL;
	g_autoptr(dtls_identity) identity = dtls_identity_new(&error);
	if (identity == NULL) {
		fprintf(stderr, "%s\n", error->message);
		return EXIT_START;
	}
	configuration.peer.ice.addresses = (const char *const *)addresses;
	configuration.peer.ice.advertise = options_text(options, "advertise");
	configuration.peer.identity = identity;
	configuration.workers = (guint)options_int(options, "workers");
	return serve(options_text(options, "control"), &configuration);
}
