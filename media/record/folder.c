/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/age.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/json.h"
#include "media/record/folder.h"
#include "media/record/limits.h"
#include "media/record/record.h"

struct record_folder {
	char *path;
	int lock; /* of the folder, as long as this exists */
	char *recipient;
	record_manifest *manifest;
	GHashTable *known; /* name -> known_file, finished by this recorder */
	guint part;
	gint64 utc_offset_us; /* wall clock minus monotonic clock, at the start */
};

typedef struct {
	guint64 bytes;
	char *sha256;
} known_file;

static void known_file_free(gpointer data)
{
	g_free(((known_file *)data)->sha256);
	g_free(data);
}

static void set_system_error(GError **error, const char *path, const char *what)
{
	g_set_error(error, RECORD_ERROR, RECORD_ERROR_FOLDER, "%s cannot be %s: %s", path, what, g_strerror(errno));
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *record_folder_list(const char *path, GError **error)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, error);
	if (dir == NULL)
		return NULL;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
		if (g_strcmp0(name, RECORD_MANIFEST_NAME) != 0)
			g_ptr_array_add(names, g_strdup(name));
	}
	g_ptr_array_sort(names, compare_names);
	return names;
}

char *record_folder_hash(const char *path, guint64 *bytes, GError **error)
{
	g_autoptr(crypto_digest) digest = crypto_digest_new();
	g_autofree guint8 *buffer = g_malloc(AGE_CHUNK_BYTES);
	guint8 hash[CRYPTO_HASH_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		set_system_error(error, path, "read");
		return NULL;
	}
	*bytes = 0;
	for (gssize length; (length = read(fd, buffer, AGE_CHUNK_BYTES)) > 0; *bytes += (guint64)length)
		crypto_digest_update(digest, buffer, (gsize)length);
	close(fd);
	crypto_digest_peek(digest, hash);
	return crypto_hex(hash, sizeof hash);
}

char *record_folder_path(const record_folder *folder, const char *name)
{
	return g_build_filename(folder->path, name, NULL);
}

const char *record_folder_recipient(const record_folder *folder)
{
	return folder->recipient;
}

record_manifest *record_folder_manifest(record_folder *folder)
{
	return folder->manifest;
}

guint record_folder_part(const record_folder *folder)
{
	return folder->part;
}

gint64 record_folder_utc_ms(const record_folder *folder, gint64 monotonic_us)
{
	return (monotonic_us + folder->utc_offset_us) / 1000;
}

void record_folder_note(record_folder *folder, const char *type, json_t *line)
{
	record_manifest_add(folder->manifest, type, record_folder_utc_ms(folder, clock_monotonic_us()), line);
}

char *record_folder_name_part(record_folder *folder, const char *person)
{
	for (guint part = folder->part;; part++) {
		g_autofree char *name = g_strdup_printf("%03u-%s.webm.age", part, person);
		g_autofree char *path = record_folder_path(folder, name);
		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&name);
	}
}

/* The number after the highest that is there. */
static guint free_part(const GPtrArray *names)
{
	guint part = 1;
	for (guint i = 0; i < names->len; i++)
		part = MAX(part, (guint)g_ascii_strtoull(names->pdata[i], NULL, 10) + 1);
	return part;
}

/* How far the manifest's lines prove `name`, and the time of the last line about it. */
static guint64 proven_bytes(const GPtrArray *lines, const char *name)
{
	guint64 bytes = 0;
	for (guint i = 0; i < lines->len; i++) {
		const json_t *line = lines->pdata[i];
		if (g_strcmp0(json_text(line, "type"), "data") == 0 && g_strcmp0(json_text(line, "file"), name) == 0)
			bytes = (guint64)(json_int(line, "from") + json_int(line, "bytes"));
	}
	return bytes;
}

/* What a killed recorder wrote after its last line gets a line now. */
static gboolean prove_rest(record_folder *folder, const GPtrArray *names, GError **error)
{
	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i];
		if (!g_str_has_suffix(name, ".webm.age"))
			continue;
		g_autofree char *path = record_folder_path(folder, name);
		guint64 from = proven_bytes(record_manifest_before(folder->manifest), name), bytes;
		g_autofree char *hash = record_folder_hash(path, &bytes, error);
		if (hash == NULL)
			return FALSE;
		bytes -= MIN(bytes, from);
		if (bytes > 0)
			record_folder_note(folder, "data",
				json_pack("{s:s, s:I, s:I, s:s}", "file", name, "from", (json_int_t)from, "bytes",
					(json_int_t)bytes, "sha256", hash));
	}
	return TRUE;
}

static gboolean remove_key(const char *folder, GError **error);

/* A key without a manifest is that of a recorder which was killed between the two: nothing was written to it. */
static gboolean begin(
	record_folder *folder, const char *recording, const char *const *recipients, const char *const *second, GError **error)
{
	g_autofree char *key = record_folder_path(folder, RECORD_KEY_NAME);
	folder->recipient = remove_key(folder->path, error) ? age_key_create(key, recipients, second, error) : NULL;
	if (folder->recipient == NULL)
		return FALSE;
	record_folder_note(folder, "start",
		json_pack("{s:s, s:s, s:i}", "recording", recording, "recipient", folder->recipient, "part", (int)folder->part));
	return TRUE;
}

static gboolean is_new(const char *path, const GPtrArray *names, GError **error)
{
	if (free_part(names) > 1)
		g_set_error(error, RECORD_ERROR, RECORD_ERROR_FOLDER, "%s holds a recording whose manifest is gone.", path);
	return free_part(names) == 1;
}

static gboolean go_on(record_folder *folder, const char *recording, const GPtrArray *names, GError **error)
{
	const GPtrArray *before = record_manifest_before(folder->manifest);
	const json_t *first = before->pdata[0], *last = before->pdata[before->len - 1];
	g_autofree char *key = record_folder_path(folder, RECORD_KEY_NAME);
	folder->recipient = g_strdup(json_text(first, "recipient"));
	if (g_strcmp0(json_text(first, "recording"), recording) != 0 || folder->recipient == NULL ||
		!g_file_test(key, G_FILE_TEST_EXISTS)) {
		g_set_error(error, RECORD_ERROR, RECORD_ERROR_FOLDER, "%s belongs to another recording, or its key is gone.",
			folder->path);
		return FALSE;
	}
	if (!prove_rest(folder, names, error))
		return FALSE;
	record_folder_note(folder, "restart",
		json_pack("{s:s, s:i, s:b, s:I}", "recording", recording, "part", (int)folder->part, "interrupted",
			g_strcmp0(json_text(last, "type"), "end") != 0, "since_ms", (json_int_t)json_int(last, "at_ms")));
	return TRUE;
}

/* A descriptor that keeps others out until it is closed or this process has ended; -1 when another has it for too long. */
static int lock_folder(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		set_system_error(error, path, "opened");
		return -1;
	}
	for (guint waited_ms = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited_ms += 10) {
		if (waited_ms >= RECORD_LOCK_WAIT_MS) {
			g_set_error(error, RECORD_ERROR, RECORD_ERROR_FOLDER, "Another recorder is still writing %s.", path);
			close(fd);
			return -1;
		}
		g_usleep(10000);
	}
	return fd;
}

record_folder *record_folder_open(const char *path, const char *recording, guint part, const char *const *recipients,
	const char *const *second, GError **error)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		set_system_error(error, path, "created");
		return NULL;
	}
	int lock = lock_folder(path, error);
	if (lock < 0)
		return NULL;
	g_autoptr(GPtrArray) names = record_folder_list(path, error);
	if (names == NULL) {
		close(lock);
		return NULL;
	}
	record_folder *folder = g_new0(record_folder, 1);
	folder->path = g_strdup(path);
	folder->lock = lock;
	folder->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_file_free);
	folder->part = MAX(part, free_part(names));
	folder->utc_offset_us = clock_now_ms() * 1000 - clock_monotonic_us();
	folder->manifest = record_manifest_open(path, error);
	gboolean is_open = folder->manifest != NULL;
	if (is_open && record_manifest_before(folder->manifest)->len > 0)
		is_open = go_on(folder, recording, names, error);
	else if (is_open)
		is_open = is_new(path, names, error) && begin(folder, recording, recipients, second, error);
	if (!is_open || !record_out_flush(record_manifest_out(folder->manifest), error)) {
		record_folder_free(folder);
		return NULL;
	}
	return folder;
}

void record_folder_free(record_folder *folder)
{
	if (folder == NULL)
		return;
	record_manifest_free(folder->manifest);
	g_hash_table_unref(folder->known);
	close(folder->lock);
	g_free(folder->path);
	g_free(folder->recipient);
	g_free(folder);
}

void record_folder_know(record_folder *folder, const char *name, guint64 bytes, const char *sha256)
{
	known_file *known = g_new0(known_file, 1);
	known->bytes = bytes;
	known->sha256 = g_strdup(sha256);
	g_hash_table_replace(folder->known, g_strdup(name), known);
}

/* (transfer full) Of a file that this recorder has written, or by reading it. */
static char *hash_of(const record_folder *folder, const char *name, guint64 *bytes, GError **error)
{
	const known_file *known = g_hash_table_lookup(folder->known, name);
	g_autofree char *path = record_folder_path(folder, name);
	if (known == NULL)
		return record_folder_hash(path, bytes, error);
	*bytes = known->bytes;
	return g_strdup(known->sha256);
}

json_t *record_folder_finish(record_folder *folder, GError **error)
{
	g_autoptr(GPtrArray) names = record_folder_list(folder->path, error);
	if (names == NULL)
		return NULL;
	g_autoptr(json_t) files = json_array();
	for (guint i = 0; i < names->len; i++) {
		guint64 bytes;
		g_autofree char *hash = hash_of(folder, names->pdata[i], &bytes, error);
		if (hash == NULL)
			return NULL;
		json_array_append_new(
			files, json_pack("{s:s, s:s, s:I}", "file", names->pdata[i], "sha256", hash, "bytes", (json_int_t)bytes));
	}
	record_folder_note(folder, "end", json_pack("{s:O}", "files", files));
	record_out *out = record_manifest_out(folder->manifest);
	if (!record_out_flush(out, error) || !record_out_sync_now(out, error))
		return NULL;
	return g_steal_pointer(&files);
}

static gboolean sync_folder(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean is_synced = fd >= 0 && fsync(fd) == 0;
	if (!is_synced)
		set_system_error(error, path, "synced");
	if (fd >= 0)
		close(fd);
	return is_synced;
}

/* The blocks of a deleted file stay on many disks until something else is written there. */
static gboolean overwrite(const char *path, GError **error)
{
	static const guint8 zeros[4096];
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return TRUE;
	struct stat status = { 0 };
	gboolean is_done = fd >= 0 && fstat(fd, &status) == 0;
	for (off_t at = 0; is_done && at < status.st_size; at += (off_t)sizeof zeros)
		is_done = pwrite(fd, zeros, (size_t)MIN((off_t)sizeof zeros, status.st_size - at), at) > 0;
	is_done = is_done && fsync(fd) == 0;
	if (!is_done)
		set_system_error(error, path, "overwritten");
	if (fd >= 0)
		close(fd);
	return is_done;
}

static gboolean remove_file(const char *path, GError **error)
{
	if (unlink(path) == 0 || errno == ENOENT)
		return TRUE;
	set_system_error(error, path, "removed");
	return FALSE;
}

static gboolean remove_key(const char *folder, GError **error)
{
	g_autofree char *key = g_build_filename(folder, RECORD_KEY_NAME, NULL);
	return overwrite(key, error) && remove_file(key, error) && sync_folder(folder, error);
}

gboolean record_folder_destroy(const char *path, GError **error)
{
	if (!remove_key(path, error))
		return FALSE;
	g_autoptr(GPtrArray) names = record_folder_list(path, error);
	if (names == NULL)
		return FALSE;
	g_ptr_array_add(names, g_strdup(RECORD_MANIFEST_NAME));
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *file = g_build_filename(path, names->pdata[i], NULL);
		if (!remove_file(file, error))
			return FALSE;
	}
	return sync_folder(path, error);
}
