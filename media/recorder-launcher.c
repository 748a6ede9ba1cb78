/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/recorder-launcher.h"
#include "core/log.h"
#include "media/error.h"
#include "media/record/link.h"
#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINK_BUFFER_BYTES = 4 << 20 };

struct recorder_launcher {
	char *sandbox; /* an argument */
	GMutex lock;   /* of `fd` */
	int fd;        /* to the process; -1: none */
};

static gboolean spawn(recorder_launcher *launcher)
{
	int ends[2];
	pid_t pid;
	char *arguments[] = { (char *)"jawort", (char *)"record", launcher->sandbox, NULL };
	posix_spawn_file_actions_t actions;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return FALSE;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], RECORD_LINK_FD);
	int failure = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (launcher->fd >= 0)
		close(launcher->fd);
	launcher->fd = failure == 0 ? ends[0] : -1;
	if (failure == 0)
		return TRUE;
	close(ends[0]);
	log_error("recorders cannot be started", LOG_TEXT("cause", g_strerror(failure)));
	return FALSE;
}

recorder_launcher *recorder_launcher_new(const char *sandbox)
{
	recorder_launcher *launcher = g_new0(recorder_launcher, 1);
	launcher->sandbox = g_strdup_printf("--sandbox=%s", sandbox);
	launcher->fd = -1;
	g_mutex_init(&launcher->lock);
	spawn(launcher);
	return launcher;
}

void recorder_launcher_free(recorder_launcher *launcher)
{
	if (launcher == NULL)
		return;
	if (launcher->fd >= 0)
		close(launcher->fd);
	g_mutex_clear(&launcher->lock);
	g_free(launcher->sandbox);
	g_free(launcher);
}

/* Give a copy of `link` to the process; FALSE when it is not there. */
static gboolean hand_over(const recorder_launcher *launcher, int link)
{
	char byte = 0;
	struct iovec content = { &byte, sizeof byte };
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .head = { .cmsg_len = CMSG_LEN(sizeof link), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
	struct msghdr message = {
		.msg_iov = &content, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room
	};
	memcpy(CMSG_DATA(&control.head), &link, sizeof link);
	return launcher->fd >= 0 && sendmsg(launcher->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
}

/* Both ends, with room for what a busy recorder has not read yet. */
static gboolean make_link(int ends[2])
{
	int size = LINK_BUFFER_BYTES;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return FALSE;
	for (guint i = 0; i < 2; i++) { /* beyond the limit only with the right; otherwise it stays as it is */
		if (setsockopt(ends[i], SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
			setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	}
	return TRUE;
}

int recorder_launcher_start(recorder_launcher *launcher, GError **error)
{
	int ends[2];
	if (launcher == NULL || !make_link(ends)) {
		g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_RECORDER, "no recorder can be started");
		return -1;
	}
	g_mutex_lock(&launcher->lock);
	gboolean is_given = hand_over(launcher, ends[1]) || (spawn(launcher) && hand_over(launcher, ends[1]));
	g_mutex_unlock(&launcher->lock);
	close(ends[1]);
	if (is_given)
		return ends[0];
	close(ends[0]);
	g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_RECORDER, "the recorder does not start");
	return -1;
}
