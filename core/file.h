/* SPDX-License-Identifier: EUPL-1.2 */
/* Small files that must survive a power cut. Errors are CORE_ERROR_FILE with the path and a sentence. */
#pragma once
#include "core/error.h"

/* Replace `path` as a whole: write beside it, fsync, rename, fsync the folder. A reader sees the old or the new one. */
gboolean file_replace(const char *path, const void *data, size_t length, int mode, GError **error);
/* The same for a file that must not exist yet. */
gboolean file_create(const char *path, const void *data, size_t length, int mode, GError **error);
/* (transfer full) The whole file with a final NUL; refuses more than `max_bytes` with CORE_ERROR_LIMIT. */
char *file_read(const char *path, size_t max_bytes, size_t *length, GError **error);
/* All of `length` bytes, through short writes and EINTR. The message names no path. */
gboolean file_write_all(int fd, const void *data, size_t length, GError **error);
