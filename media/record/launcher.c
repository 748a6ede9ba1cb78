/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "core/age.h"
#include "core/crypto.h"
#include "core/log.h"
#include "media/record/record.h"
#include "media/record/still.h"

/* The descriptor of the next link; -1: no more come. */
static int receive_link(int fd)
{
	char byte;
	struct iovec content = { &byte, sizeof byte };
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = {
		.msg_iov = &content, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room
	};
	gssize length;
	do
		length = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	if (length <= 0 || message.msg_controllen < sizeof control.room || control.head.cmsg_type != SCM_RIGHTS)
		return -1;
	int link;
	memcpy(&link, CMSG_DATA(&control.head), sizeof link);
	return link;
}

/* What the libraries prepare when they are used first is prepared here, once, and shared by all. */
static gboolean warm_up(GError **error)
{
	g_autofree char *recipient = NULL;
	crypto_free_secret(age_identity_new(&recipient));
	g_autoptr(GBytes) sealed = age_encrypt("", 0, (const char *const[]){ recipient, NULL }, error);
	if (sealed == NULL || !record_still_init(error))
		return FALSE;
	malloc_trim(0);
	return TRUE;
}

int record_launch(int fd, sandbox_level level)
{
	g_autoptr(GError) error = NULL;
	if (!warm_up(&error)) {
		log_error("recorders cannot be started", LOG_CAUSE(error));
		return 1;
	}
	prctl(PR_SET_NAME, "jawort-launch");
	signal(SIGCHLD, SIG_IGN); /* `media` sees the end of the link */
	for (int link; (link = receive_link(fd)) >= 0; close(link)) {
		pid_t child = fork();
		if (child == 0) {
			close(fd);
			prctl(PR_SET_NAME, "jawort-record");
			_exit(record_process(link, level));
		}
		if (child < 0)
			log_error("recorder not started", LOG_TEXT("cause", g_strerror(errno)));
	}
	return 0;
}
