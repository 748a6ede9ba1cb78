/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/http/site.h"

#include "core/crypto.h"
#include "core/error.h"
#include "core/file.h"

#include <string.h>

#define FILE_BYTES (32 * 1024 * 1024)

struct site {
	GHashTable *files; /* "/path" to site_file */
};

static const struct {
	const char *suffix;
	const char *type;
} types[] = {
	{ ".html", "text/html; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".css", "text/css; charset=utf-8" },
	{ ".json", "application/json" },
	{ ".webmanifest", "application/manifest+json" },
	{ ".svg", "image/svg+xml" },
	{ ".png", "image/png" },
	{ ".jpg", "image/jpeg" },
	{ ".ico", "image/vnd.microsoft.icon" },
	{ ".woff2", "font/woff2" },
	{ ".woff", "font/woff" },
	{ ".mp3", "audio/mpeg" },
	{ ".wav", "audio/wav" },
	{ ".txt", "text/plain; charset=utf-8" },
};

static void file_free(gpointer data)
{
	site_file *file = data;
	g_bytes_unref(file->bytes);
	g_clear_pointer(&file->gzip, g_bytes_unref);
	g_free(file->etag);
	g_free(file);
}

static const char *type_of(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (g_str_has_suffix(name, types[i].suffix))
			return types[i].type;
	return "application/octet-stream";
}

static gboolean load_file(site *site, const char *path, const char *name, GError **error)
{
	size_t length = 0;
	char *text = file_read(path, FILE_BYTES, &length, error);
	if (text == NULL)
		return FALSE;
	site_file *file = g_new0(site_file, 1);
	file->bytes = g_bytes_new_take(text, length);
	file->type = type_of(name);
	g_autofree char *hash = crypto_sha256_hex(text, length);
	file->etag = g_strdup_printf("\"%.32s\"", hash);
	file->is_hashed = g_str_has_prefix(name, "/assets/");
	g_hash_table_insert(site->files, g_strdup(name), file);
	return TRUE;
}

static gboolean load_folder(site *site, const char *folder, const char *prefix, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(GDir) entries = g_dir_open(folder, 0, &own);
	if (entries == NULL) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_FILE,
			"The pages cannot be read (%s). Build them with: cd web && npm ci && npm run build", own->message);
		return FALSE;
	}
	for (const char *entry; (entry = g_dir_read_name(entries)) != NULL;) {
		g_autofree char *path = g_build_filename(folder, entry, NULL);
		g_autofree char *name = g_strdup_printf("%s/%s", prefix, entry);
		gboolean is_folder = g_file_test(path, G_FILE_TEST_IS_DIR);
		if (!(is_folder ? load_folder : load_file)(site, path, name, error))
			return FALSE;
	}
	return TRUE;
}

/* Move each NAME.gz to the file it is the smaller form of. */
static void attach_gzip(site *site)
{
	GHashTableIter iterator;
	gpointer name, value;
	g_hash_table_iter_init(&iterator, site->files);
	while (g_hash_table_iter_next(&iterator, &name, &value)) {
		if (!g_str_has_suffix(name, ".gz"))
			continue;
		g_autofree char *plain = g_strndup(name, strlen(name) - 3);
		site_file *file = g_hash_table_lookup(site->files, plain);
		if (file != NULL)
			file->gzip = g_bytes_ref(((site_file *)value)->bytes);
	}
}

site *site_load(const char *folder, GError **error)
{
	g_autoptr(site) result = g_new0(site, 1);
	result->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, file_free);
	if (!load_folder(result, folder, "", error))
		return NULL;
	attach_gzip(result);
	if (g_hash_table_lookup(result->files, "/index.html") != NULL)
		return g_steal_pointer(&result);
	g_set_error(error, CORE_ERROR, CORE_ERROR_FILE,
		"There is no index.html in %s. Build the pages with: cd web && npm ci && npm run build", folder);
	return NULL;
}

void site_free(site *site)
{
	if (site == NULL)
		return;
	g_hash_table_unref(site->files);
	g_free(site);
}

const site_file *site_find(const site *site, const char *path)
{
	const site_file *file = g_hash_table_lookup(site->files, path);
	if (file != NULL)
		return file;
	const char *name = strrchr(path, '/');
	gboolean is_page = name == NULL || strchr(name, '.') == NULL;
	return is_page ? g_hash_table_lookup(site->files, "/index.html") : NULL;
}
