/* SPDX-License-Identifier: EUPL-1.2 */
/* The built pages, read into memory once at start.
 *
 * Files whose names carry a hash (below assets/) may be kept for ever; all others are asked for again by their ETag.
 * NAME.gz beside NAME is sent to browsers that take it. Unknown paths get index.html, whose router knows them.
 * Thread: read-only after site_load(). */
#pragma once
#include <glib.h>

typedef struct site site;

typedef struct {
	GBytes *bytes;
	GBytes *gzip;       /* NULL when there is none */
	const char *type;   /* "text/html; charset=utf-8" */
	char *etag;         /* with its quotes */
	gboolean is_hashed; /* the name changes with the content */
} site_file;

/* Returns (transfer full); CORE_ERROR_FILE when the folder or its index.html is missing. */
site *site_load(const char *folder, GError **error);
void site_free(site *site);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(site, site_free)
/* The file of a path that begins with a slash. NULL: a name with an extension that does not exist. */
const site_file *site_find(const site *site, const char *path);
