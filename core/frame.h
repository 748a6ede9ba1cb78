/* SPDX-License-Identifier: EUPL-1.2 */
/* JSON messages over a Unix stream socket: four bytes of length (big-endian), then one object.
 *
 * Both calls block, at most as long as the socket's own time limits (frame_connect() sets them). After an error the
 * connection is useless: the rest of a frame may still be in it. */
#pragma once
#include <glib.h>
#include <jansson.h>

enum { FRAME_MAX_BYTES = 1 << 20, FRAME_MAX_DEPTH = 4 };

/* A socket listening on `path` (mode 0660), instead of whatever was left there. -1 with CORE_ERROR_FILE. */
int frame_listen(const char *path, GError **error);
/* A connected socket whose reads and writes end after `timeout_ms`. -1 with CORE_ERROR_NETWORK. */
int frame_connect(const char *path, guint timeout_ms, GError **error);
/* Let reads and writes of an accepted socket end after `timeout_ms`. */
void frame_set_timeout(int fd, guint timeout_ms);

/* FALSE with CORE_ERROR_LIMIT or CORE_ERROR_NETWORK. */
gboolean frame_write(int fd, const json_t *message, GError **error);
/* (transfer full) NULL with CORE_ERROR_NETWORK (also at the end of the stream), CORE_ERROR_LIMIT or CORE_ERROR_FORMAT. */
json_t *frame_read(int fd, GError **error);
