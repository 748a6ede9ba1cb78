/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/frame.h"
#include "core/error.h"
#include "core/json.h"
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 16 };

static int unix_socket(const char *path, struct sockaddr_un *address, GError **error)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path)) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_FILE,
			"The socket's path is longer than %zu bytes: %s. Choose a shorter folder.", sizeof(address->sun_path) - 1,
			path);
		return -1;
	}
	memcpy(address->sun_path, path, strlen(path));
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		g_set_error(error, CORE_ERROR, CORE_ERROR_FILE, "No socket can be made: %s.", g_strerror(errno));
	return fd;
}

int frame_listen(const char *path, GError **error)
{
	struct sockaddr_un address;
	int fd = unix_socket(path, &address, error);
	if (fd < 0)
		return -1;
	/* Left by a process that was killed; whatever else stands there is not ours to delete, and bind() says so. */
	struct stat status;
	if (stat(path, &status) == 0 && S_ISSOCK(status.st_mode))
		unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && chmod(path, 0660) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	g_set_error(error, CORE_ERROR, CORE_ERROR_FILE,
		"Nobody can listen on the socket %s: %s. Check that its folder is ours to write.", path, g_strerror(errno));
	close(fd);
	return -1;
}

void frame_set_timeout(int fd, guint timeout_ms)
{
	struct timeval limit = { .tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

int frame_connect(const char *path, guint timeout_ms, GError **error)
{
	struct sockaddr_un address;
	int fd = unix_socket(path, &address, error);
	if (fd < 0)
		return -1;
	frame_set_timeout(fd, timeout_ms);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	g_set_error(error, CORE_ERROR, CORE_ERROR_NETWORK, "Nobody answers at the socket %s: %s.", path, g_strerror(errno));
	close(fd);
	return -1;
}

static gboolean set_network_error(GError **error)
{
	g_set_error(error, CORE_ERROR, CORE_ERROR_NETWORK, "The connection ended: %s.",
		errno == EAGAIN ? "no answer in time" : g_strerror(errno));
	return FALSE;
}

static gboolean send_all(int fd, const char *data, size_t length, GError **error)
{
	while (length > 0) {
		ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return set_network_error(error);
		data += sent;
		length -= (size_t)sent;
	}
	return TRUE;
}

static gboolean receive_all(int fd, char *data, size_t length, GError **error)
{
	while (length > 0) {
		ssize_t got = recv(fd, data, length, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = ECONNRESET;
		if (got <= 0)
			return set_network_error(error);
		data += got;
		length -= (size_t)got;
	}
	return TRUE;
}

gboolean frame_write(int fd, const json_t *message, GError **error)
{
	g_autofree char *text = json_compact(message);
	size_t length = strlen(text);
	if (length > FRAME_MAX_BYTES) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_LIMIT, "A message of %zu bytes is too large.", length);
		return FALSE;
	}
	guint32 prefix = htonl((guint32)length);
	return send_all(fd, (const char *)&prefix, sizeof(prefix), error) && send_all(fd, text, length, error);
}

json_t *frame_read(int fd, GError **error)
{
	guint32 prefix;
	if (!receive_all(fd, (char *)&prefix, sizeof(prefix), error))
		return NULL;
	size_t length = ntohl(prefix);
	if (length > FRAME_MAX_BYTES) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_LIMIT, "A message of %zu bytes is too large.", length);
		return NULL;
	}
	g_autofree char *text = g_malloc(length + 1);
	return receive_all(fd, text, length, error) ? json_read(text, length, FRAME_MAX_BYTES, FRAME_MAX_DEPTH, error) : NULL;
}
