/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean fail(GError **error, const char *what, const char *path)
{
	int reason = errno;
	const char *advice = reason == ENOSPC                      ? " Free some space."
			     : reason == EROFS || reason == EACCES ? " Check its owner and mode."
								   : "";
	g_set_error(error, CORE_ERROR, CORE_ERROR_FILE, "%s %s: %s.%s", path, what, g_strerror(reason), advice);
	return FALSE;
}

gboolean file_write_all(int fd, const void *data, size_t length, GError **error)
{
	const char *next = data;
	while (length > 0) {
		ssize_t written = write(fd, next, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return fail(error, "cannot be written", "The file");
		next += written;
		length -= (size_t)written;
	}
	return TRUE;
}

static gboolean sync_folder_of(const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean is_synced = fd >= 0 && fsync(fd) == 0;
	if (!is_synced)
		fail(error, "cannot be written to disk", folder);
	if (fd >= 0)
		close(fd);
	return is_synced;
}

static gboolean write_synced(const char *path, const void *data, size_t length, int flags, int mode, GError **error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);
	if (fd < 0)
		return fail(error, "cannot be made", path);
	gboolean is_good = file_write_all(fd, data, length, error);
	if (is_good && fsync(fd) != 0)
		is_good = fail(error, "cannot be written to disk", path);
	close(fd);
	if (!is_good)
		unlink(path);
	return is_good;
}

gboolean file_replace(const char *path, const void *data, size_t length, int mode, GError **error)
{
	g_autofree char *beside = g_strconcat(path, ".new", NULL);
	if (!write_synced(beside, data, length, O_TRUNC, mode, error))
		return FALSE;
	if (rename(beside, path) != 0)
		return fail(error, "cannot be replaced", path);
	return sync_folder_of(path, error);
}

gboolean file_create(const char *path, const void *data, size_t length, int mode, GError **error)
{
	return write_synced(path, data, length, O_EXCL, mode, error) && sync_folder_of(path, error);
}

char *file_read(const char *path, size_t max_bytes, size_t *length, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fail(error, "cannot be read", path);
		return NULL;
	}
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	char block[65536];
	ssize_t got;
	while ((got = read(fd, block, sizeof(block))) > 0 && bytes->len <= max_bytes)
		g_byte_array_append(bytes, (guint8 *)block, (guint)got);
	if (got < 0)
		fail(error, "cannot be read", path);
	close(fd);
	if (got < 0)
		return NULL;
	if (bytes->len > max_bytes) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_LIMIT, "%s has more than %zu bytes.", path, max_bytes);
		return NULL;
	}
	if (length != NULL)
		*length = bytes->len;
	g_byte_array_append(bytes, (guint8 *)"", 1);
	return (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
}
