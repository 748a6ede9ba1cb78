/* SPDX-License-Identifier: EUPL-1.2 */
/* The data files of this folder, compiled in (data.gresource.xml). Thread: any. */
#pragma once
#include <glib.h>
#include <jansson.h>

/* (transfer full) One file, e.g. "data/consent.json". A file that is not there or no JSON is a bug: aborts. */
json_t *ident_data(const char *name);
/* The bytes of a file. */
GBytes *ident_data_bytes(const char *name);
/* (transfer full) The names of the files in a folder, e.g. "procedures". */
GStrv ident_data_names(const char *folder);
/* The text of an object {"de":…,"en":…} in `language`, else in English; "" when there is none. */
const char *ident_data_text(const json_t *texts, const char *language);
