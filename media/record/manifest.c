/* SPDX-License-Identifier: EUPL-1.2 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "core/crypto.h"
#include "core/file.h"
#include "core/json.h"
#include "media/record/limits.h"
#include "media/record/manifest.h"
#include "media/record/record.h"

static const char chain_zero[65] = "0000000000000000000000000000000000000000000000000000000000000000";

struct record_manifest {
	record_out *out;
	char chain[65];
	gint64 count;
	GPtrArray *before;
};

/* The chain after `line`, which has no "chain" member. */
static void chain_next(const char *previous, const json_t *line, char chain[65])
{
	g_autofree char *text = json_canonical(line, NULL);
	g_autofree char *input = g_strconcat(previous, text, NULL);
	g_autofree char *hash = crypto_sha256_hex(input, strlen(input));
	g_strlcpy(chain, hash, 65);
}

/* (transfer full) One line, its chain verified and moved on. */
static json_t *read_line(const char *text, gsize length, gint64 number, char chain[65], GError **error)
{
	g_autoptr(json_t) line = json_read(text, length, RECORD_MANIFEST_MAX_BYTES, 6, error);
	if (line == NULL) {
		g_prefix_error(error, "Line %" G_GINT64_FORMAT " of the manifest: ", number);
		return NULL;
	}
	g_autofree char *stated = g_strdup(json_text(line, "chain"));
	json_object_del(line, "chain");
	chain_next(chain, line, chain);
	if (g_strcmp0(stated, chain) != 0 || json_int(line, "n") != number) {
		g_set_error(error, RECORD_ERROR, RECORD_ERROR_MANIFEST,
			"Line %" G_GINT64_FORMAT " of the manifest was changed, moved, or one before it was removed.", number);
		return NULL;
	}
	return g_steal_pointer(&line);
}

static void json_free(gpointer value)
{
	json_decref(value);
}

GPtrArray *record_manifest_read(const char *folder, char chain[65], gsize *whole_bytes, GError **error)
{
	g_autofree char *path = g_build_filename(folder, RECORD_MANIFEST_NAME, NULL);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(json_free);
	g_strlcpy(chain, chain_zero, 65);
	gsize length = 0, at = 0;
	g_autofree char *text = NULL;
	if (g_file_test(path, G_FILE_TEST_EXISTS)) {
		text = file_read(path, RECORD_MANIFEST_MAX_BYTES, &length, error);
		if (text == NULL)
			return NULL;
	}
	for (const char *end; at < length && (end = memchr(text + at, '\n', length - at)) != NULL; at = (gsize)(end - text) + 1) {
		json_t *line = read_line(text + at, (gsize)(end - text) - at, lines->len + 1, chain, error);
		if (line == NULL)
			return NULL;
		g_ptr_array_add(lines, line);
	}
	if (whole_bytes != NULL)
		*whole_bytes = at;
	return g_steal_pointer(&lines);
}

/* truncate() would be a call that Landlock does not look at (core/sandbox.c). */
static gboolean cut(const char *path, gsize bytes)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	gboolean is_cut = fd >= 0 && ftruncate(fd, (off_t)bytes) == 0;
	if (fd >= 0)
		close(fd);
	return is_cut;
}

record_manifest *record_manifest_open(const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, RECORD_MANIFEST_NAME, NULL);
	gboolean is_continued = g_file_test(path, G_FILE_TEST_EXISTS);
	char chain[65];
	gsize whole_bytes;
	g_autoptr(GPtrArray) before = record_manifest_read(folder, chain, &whole_bytes, error);
	if (before == NULL)
		return NULL;
	if (is_continued && !cut(path, whole_bytes)) {
		g_set_error(error, RECORD_ERROR, RECORD_ERROR_FOLDER, "%s cannot be written.", path);
		return NULL;
	}
	record_out *out = record_out_new(path, is_continued, error);
	if (out == NULL)
		return NULL;
	record_manifest *manifest = g_new0(record_manifest, 1);
	manifest->out = out;
	manifest->count = before->len;
	manifest->before = g_steal_pointer(&before);
	memcpy(manifest->chain, chain, sizeof chain);
	return manifest;
}

void record_manifest_free(record_manifest *manifest)
{
	if (manifest == NULL)
		return;
	record_out_free(manifest->out);
	g_ptr_array_unref(manifest->before);
	g_free(manifest);
}

void record_manifest_add(record_manifest *manifest, const char *type, gint64 at_ms, json_t *line)
{
	json_object_set_new(line, "type", json_string(type));
	json_object_set_new(line, "n", json_integer(++manifest->count));
	json_object_set_new(line, "at_ms", json_integer(at_ms));
	chain_next(manifest->chain, line, manifest->chain);
	json_object_set_new(line, "chain", json_string(manifest->chain));
	g_autofree char *text = json_canonical(line, NULL);
	record_out_append(manifest->out, text, strlen(text));
	record_out_append(manifest->out, "\n", 1);
	json_decref(line);
}

const char *record_manifest_chain(const record_manifest *manifest)
{
	return manifest->chain;
}

const GPtrArray *record_manifest_before(const record_manifest *manifest)
{
	return manifest->before;
}

record_out *record_manifest_out(record_manifest *manifest)
{
	return manifest->out;
}
