/* SPDX-License-Identifier: EUPL-1.2 */
/* jawort sign: signs checkpoints and documents for serve (booking/audit/signer.h), over a Unix socket. */
#include "booking/audit/signer.h"
#include "core/frame.h"
#include "core/log.h"
#include "core/options.h"
#include "core/sandbox.h"
#include "signaling/commands/commands.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	CLIENTS_MAX = 32,
	CLIENT_TIMEOUT_MS = 2000, /* for the rest of a message that has begun; everybody else waits meanwhile */
	FIRST_CLIENT = 2,         /* before it: signals and the listening socket */
};

static const option table[] = {
	{ "folder", OPTION_TEXT, "var/sign", 0, 0, NULL, NULL, FALSE, "Where the keys and what was signed last are kept." },
	{ "socket", OPTION_TEXT, "var/sign.socket", 0, 0, NULL, NULL, FALSE, "The Unix socket that serve connects to." },
	{ "parent", OPTION_INTEGER, "0", 0, G_MAXINT32, NULL, NULL, FALSE,
		"End when this process, who started us, is gone; 0: go on by ourselves." },
	{ "sandbox", OPTION_CHOICE, "full", 0, 0, SANDBOX_CHOICES, NULL, FALSE, SANDBOX_ABOUT },
	{ "log-level", OPTION_CHOICE, "info", 0, 0, "debug|info|warning|error", NULL, FALSE,
		"Events below this level are not written." },
	{ "log-format", OPTION_CHOICE, "text", 0, 0, "text|json", NULL, FALSE, "How events are written." },
	{ 0 },
};

/* FALSE: the connection is over. */
static gboolean answer(audit_signer *signer, int client)
{
	g_autoptr(GError) error = NULL;
	json_t *request = frame_read(client, NULL);
	if (request == NULL)
		return FALSE;
	json_t *reply = audit_signer_answer(signer, request);
	const char *code = json_string_value(json_object_get(reply, "error"));
	if (code != NULL)
		log_warning("request refused", LOG_TEXT("code", code),
			LOG_TEXT("organisation", json_string_value(json_object_get(request, "organisation"))));
	gboolean is_answered = frame_write(client, reply, &error);
	json_decref(reply);
	json_decref(request);
	return is_answered;
}

static void accept_client(struct pollfd *watched, nfds_t *count)
{
	int client = accept4(watched[1].fd, NULL, NULL, SOCK_CLOEXEC);
	if (client < 0)
		return;
	if (*count == FIRST_CLIENT + CLIENTS_MAX) {
		close(client);
		return;
	}
	frame_set_timeout(client, CLIENT_TIMEOUT_MS);
	watched[(*count)++] = (struct pollfd){ .fd = client, .events = POLLIN };
}

static int serve_clients(audit_signer *signer, int signals, int listener)
{
	struct pollfd watched[FIRST_CLIENT + CLIENTS_MAX] = { { .fd = signals, .events = POLLIN },
		{ .fd = listener, .events = POLLIN } };
	nfds_t count = FIRST_CLIENT;
	while (watched[0].revents == 0) {
		if (poll(watched, count, -1) < 0 && errno != EINTR)
			break;
		for (nfds_t i = count; i-- > FIRST_CLIENT;) {
			if (watched[i].revents == 0 || answer(signer, watched[i].fd))
				continue;
			close(watched[i].fd);
			watched[i] = watched[--count];
		}
		if (watched[1].revents != 0)
			accept_client(watched, &count);
	}
	while (count > FIRST_CLIENT)
		close(watched[--count].fd);
	return watched[0].revents != 0 ? 0 : 1;
}

/* Nobody but serve needs signatures: it starts the next one. */
static gboolean live_with(pid_t parent)
{
	return parent == 0 || (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent);
}

/* From here on there are the connections and the folder. */
static gboolean lock_in(const options *options, GError **error)
{
	const sandbox_path paths[] = {
		{ .path = options_text(options, "folder"), .is_writable = TRUE },
		{ .path = "/usr" },
		{ 0 },
	};
	sandbox_level level = SANDBOX_FULL;
	sandbox_level_parse(options_text(options, "sandbox"), &level);
	return sandbox_enter(level, paths, 0, error);
}

static int run(const options *options, GError **error)
{
	sigset_t ends;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	if (!live_with((pid_t)options_int(options, "parent")))
		return 1;
	g_autoptr(audit_signer) signer = audit_signer_new(options_text(options, "folder"), error);
	int listener = signer != NULL ? frame_listen(options_text(options, "socket"), error) : -1;
	if (listener < 0)
		return 1;
	int signals = signalfd(-1, &ends, SFD_CLOEXEC);
	if (!lock_in(options, error))
		return 1;
	log_info("signing", LOG_TEXT("socket", options_text(options, "socket")));
	int status = serve_clients(signer, signals, listener);
	close(signals);
	close(listener); /* its name stays, and is replaced at the next start: to remove it is no longer ours */
	return status;
}

int command_sign(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(options) options = options_load(table, argc, argv, &error);
	int status = 2;
	if (options != NULL) {
		log_level level = LOG_LEVEL_INFO;
		log_format format = LOG_FORMAT_TEXT;
		log_level_parse(options_text(options, "log-level"), &level);
		log_format_parse(options_text(options, "log-format"), &format);
		log_open("sign", level, format);
		status = run(options, &error);
	}
	if (error != NULL)
		fprintf(stderr, "jawort sign: %s\n", error->message);
	return status;
}
