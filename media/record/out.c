/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "core/crypto.h"
#include "media/record/out.h"
#include "media/record/record.h"

struct record_out {
	int fd;
	GByteArray *backlog;
	guint64 bytes, range_from;
	crypto_digest *digest;
	GThread *sync; /* the last one started */
	gint is_syncing;
};

record_out *record_out_new(const char *path, gboolean is_continued, GError **error)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | (is_continued ? 0 : O_CREAT | O_EXCL), 0600);
	if (fd < 0) {
		g_set_error(error, RECORD_ERROR, RECORD_ERROR_FOLDER, "%s cannot be opened: %s", path, g_strerror(errno));
		return NULL;
	}
	record_out *out = g_new0(record_out, 1);
	out->fd = fd;
	out->bytes = out->range_from = (guint64)lseek(fd, 0, SEEK_END);
	out->backlog = g_byte_array_new();
	out->digest = crypto_digest_new();
	return out;
}

void record_out_free(record_out *out)
{
	if (out == NULL)
		return;
	g_clear_pointer(&out->sync, g_thread_join);
	close(out->fd);
	g_byte_array_unref(out->backlog);
	crypto_digest_free(out->digest);
	g_free(out);
}

void record_out_append(record_out *out, const void *data, gsize length)
{
	g_byte_array_append(out->backlog, data, (guint)length);
}

gboolean record_out_flush(record_out *out, GError **error)
{
	gsize done = 0;
	int cause = 0;
	while (done < out->backlog->len && cause == 0) {
		gssize written = write(out->fd, out->backlog->data + done, out->backlog->len - done);
		if (written > 0)
			done += (gsize)written;
		else if (errno != EINTR)
			cause = errno;
	}
	crypto_digest_update(out->digest, out->backlog->data, done);
	out->bytes += done;
	if (done > 0)
		g_byte_array_remove_range(out->backlog, 0, (guint)done);
	if (cause != 0)
		g_set_error(error, RECORD_ERROR, RECORD_ERROR_FOLDER, "The recording cannot be written: %s", g_strerror(cause));
	return cause == 0;
}

gsize record_out_backlog(const record_out *out)
{
	return out->backlog->len;
}

guint64 record_out_bytes(const record_out *out)
{
	return out->bytes;
}

char *record_out_hash(const record_out *out)
{
	guint8 hash[CRYPTO_HASH_BYTES];
	crypto_digest_peek(out->digest, hash);
	return crypto_hex(hash, sizeof hash);
}

char *record_out_take_range(record_out *out, guint64 *from, guint64 *bytes)
{
	*from = out->range_from;
	*bytes = out->bytes - out->range_from;
	if (*bytes == 0)
		return NULL;
	out->range_from = out->bytes;
	return record_out_hash(out);
}

static gpointer sync_thread(gpointer data)
{
	record_out *out = data;
	fdatasync(out->fd); /* an error comes again with the next write or at the end */
	g_atomic_int_set(&out->is_syncing, 0);
	return NULL;
}

void record_out_sync(record_out *out)
{
	if (!g_atomic_int_compare_and_exchange(&out->is_syncing, 0, 1))
		return;
	g_clear_pointer(&out->sync, g_thread_join);
	out->sync = g_thread_new("sync", sync_thread, out);
}

gboolean record_out_sync_now(record_out *out, GError **error)
{
	if (fdatasync(out->fd) == 0)
		return TRUE;
	g_set_error(error, RECORD_ERROR, RECORD_ERROR_FOLDER, "The recording is not safely on disk: %s", g_strerror(errno));
	return FALSE;
}
