/* SPDX-License-Identifier: EUPL-1.2 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "core/crypto.h"
#include "core/json.h"
#include "media/record/folder.h"
#include "media/record/record.h"

/* What the manifest says of one file, and how far it was read. */
typedef struct {
	int fd;                /* -1: it cannot be opened */
	crypto_digest *digest; /* of what was read */
	guint64 read_bytes;
	guint64 bytes;      /* proven without a hole from the beginning */
	const char *sha256; /* of all of it, NULL when no line says */
	gboolean is_part, is_wrong;
} file_claim;

typedef struct {
	const char *folder;
	GPtrArray *lines;
	GHashTable *claims; /* name -> file_claim */
	GPtrArray *faults;
	record_check_result *result;
} check;

static void G_GNUC_PRINTF(2, 3) fault(check *self, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_ptr_array_add(self->faults, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

static void claim_free(gpointer data)
{
	file_claim *claim = data;
	if (claim->fd >= 0)
		close(claim->fd);
	crypto_digest_free(claim->digest);
	g_free(claim);
}

/* Read on up to `until` bytes, or to the end. (transfer full) The hash of all that was read. */
static char *hash_until(file_claim *claim, guint64 until)
{
	guint8 buffer[65536], hash[CRYPTO_HASH_BYTES];
	gssize length = 1;
	while (claim->fd >= 0 && length > 0 && claim->read_bytes < until) {
		length = read(claim->fd, buffer, (gsize)MIN(sizeof buffer, until - claim->read_bytes));
		if (length <= 0)
			break;
		crypto_digest_update(claim->digest, buffer, (gsize)length);
		claim->read_bytes += (guint64)length;
	}
	crypto_digest_peek(claim->digest, hash);
	return crypto_hex(hash, sizeof hash);
}

static file_claim *claim_of(check *self, const char *name)
{
	file_claim *claim = g_hash_table_lookup(self->claims, name);
	if (claim == NULL) {
		g_autofree char *path = g_build_filename(self->folder, name, NULL);
		claim = g_new0(file_claim, 1);
		claim->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		claim->digest = crypto_digest_new();
		g_hash_table_insert(self->claims, g_strdup(name), claim);
	}
	return claim;
}

/* A name from the manifest is used as a path: no way out of the folder. */
static const char *file_of(check *self, const json_t *line)
{
	const char *name = json_text(line, "file");
	if (name != NULL && name[0] != '.' && strchr(name, '/') == NULL)
		return name;
	fault(self, "A line of the manifest names no usable file.");
	return NULL;
}

static void check_range(check *self, const json_t *line)
{
	const char *name = file_of(self, line);
	if (name == NULL)
		return;
	file_claim *claim = claim_of(self, name);
	guint64 from = (guint64)json_int(line, "from"), until = from + (guint64)json_int(line, "bytes");
	g_autofree char *hash = hash_until(claim, until);
	claim->is_part = TRUE;
	if (from != claim->bytes)
		fault(self, "%s: the lines leave out bytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ".", name, claim->bytes,
			from);
	if (claim->read_bytes < until)
		fault(self, "%s: bytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " are missing.", name, claim->read_bytes,
			until);
	else if (!claim->is_wrong && g_strcmp0(hash, json_text(line, "sha256")) != 0)
		fault(self, "%s: bytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " were changed.", name, from, until);
	claim->is_wrong |= g_strcmp0(hash, json_text(line, "sha256")) != 0; /* and so is every hash behind it */
	claim->bytes = until;
}

static void take_hash(check *self, const json_t *line)
{
	const char *name = file_of(self, line);
	if (name == NULL)
		return;
	file_claim *claim = claim_of(self, name);
	guint64 bytes = (guint64)json_int(line, "bytes");
	if (claim->is_part && claim->bytes != bytes)
		fault(self, "%s: the lines prove %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " bytes.", name, claim->bytes,
			bytes);
	claim->bytes = bytes;
	claim->sha256 = json_text(line, "sha256");
}

static void take_end(check *self, const json_t *line)
{
	const json_t *files = json_object_get(line, "files");
	for (gsize i = 0; i < json_array_size(files); i++)
		take_hash(self, json_array_get(files, i));
	self->result->complete = TRUE;
}

static void take_restart(check *self, const json_t *line)
{
	(void)line;
	self->result->restarts++;
	self->result->complete = FALSE;
}

static void take_gap(check *self, const json_t *line)
{
	(void)line;
	self->result->gaps++;
}

static void take_file(check *self, const json_t *line)
{
	const char *name = file_of(self, line);
	if (name != NULL)
		claim_of(self, name)->is_part = TRUE;
}

static const struct {
	const char *type;
	void (*take)(check *self, const json_t *line);
} readers[] = {
	{ "data", check_range },
	{ "end", take_end },
	{ "file", take_file },
	{ "gap", take_gap },
	{ "restart", take_restart },
	{ "still", take_hash },
};

static void read_lines(check *self)
{
	for (guint i = 0; i < self->lines->len; i++) {
		const json_t *line = self->lines->pdata[i];
		for (guint reader = 0; reader < G_N_ELEMENTS(readers); reader++) {
			if (g_strcmp0(json_text(line, "type"), readers[reader].type) == 0)
				readers[reader].take(self, line);
		}
	}
}

/* Media time of each person: from the beginning of a part to its last frame. */
static void add_times(check *self)
{
	g_autoptr(GHashTable) people = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	for (guint i = 0; i < self->lines->len; i++) {
		const json_t *begin = self->lines->pdata[i];
		gint64 until_ms = 0;
		if (g_strcmp0(json_text(begin, "type"), "file") != 0 || json_text(begin, "person") == NULL)
			continue;
		for (guint j = i; j < self->lines->len; j++) {
			const json_t *line = self->lines->pdata[j];
			if (g_strcmp0(json_text(line, "type"), "data") == 0 &&
				g_strcmp0(json_text(line, "file"), json_text(begin, "file")) == 0)
				until_ms = MAX(until_ms, json_int(line, "until_ms"));
		}
		gint64 *sum = g_hash_table_lookup(people, json_text(begin, "person"));
		if (sum == NULL)
			g_hash_table_insert(people, (gpointer)json_text(begin, "person"), sum = g_new0(gint64, 1));
		*sum += MAX(0, until_ms - json_int(begin, "began_ms"));
		self->result->media_ms = MAX(self->result->media_ms, *sum);
	}
}

static void check_present(check *self, GPtrArray *names)
{
	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i];
		if (!g_hash_table_contains(self->claims, name) && (self->result->complete || strcmp(name, RECORD_KEY_NAME) != 0))
			fault(self, "%s is in the folder but not in the manifest.", name);
	}
	if (self->lines->len > 0 && !g_ptr_array_find_with_equal_func(names, RECORD_KEY_NAME, g_str_equal, NULL))
		fault(self, RECORD_KEY_NAME " is missing: the recording cannot be opened.");
}

static void check_files(check *self)
{
	GHashTableIter each;
	gpointer key, value;
	g_hash_table_iter_init(&each, self->claims);
	while (g_hash_table_iter_next(&each, &key, &value)) {
		file_claim *claim = value;
		g_autofree char *hash = hash_until(claim, G_MAXUINT64);
		gboolean is_changed = claim->sha256 != NULL && g_strcmp0(hash, claim->sha256) != 0;
		if (claim->fd < 0)
			fault(self, "%s is missing.", (const char *)key);
		else if (is_changed && !claim->is_wrong)
			fault(self, "%s was changed.", (const char *)key);
		if (claim->fd >= 0 && !is_changed && !claim->is_wrong) {
			self->result->files++;
			self->result->bytes += (gint64)claim->read_bytes;
		}
	}
}

gboolean record_check(const char *folder, record_check_result *result, GPtrArray *faults, GError **error)
{
	*result = (record_check_result){ 0 };
	g_autoptr(GPtrArray) names = record_folder_list(folder, error);
	if (names == NULL)
		return FALSE;
	g_autoptr(GPtrArray) lines = record_manifest_read(folder, result->chain, NULL, error);
	if (lines == NULL)
		return FALSE;
	g_autoptr(GHashTable) claims = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, claim_free);
	g_autoptr(GPtrArray) own_faults = g_ptr_array_new_with_free_func(g_free);
	check self = { folder, lines, claims, faults != NULL ? faults : own_faults, result };
	if (lines->len == 0)
		fault(&self, "There is no manifest, or an empty one.");
	read_lines(&self);
	add_times(&self);
	check_files(&self);
	check_present(&self, names);
	if (self.faults->len == 0)
		return TRUE;
	g_set_error(error, RECORD_ERROR, RECORD_ERROR_MANIFEST, "%s", (const char *)self.faults->pdata[0]);
	return FALSE;
}
