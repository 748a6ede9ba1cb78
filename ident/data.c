/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "ident/data.h"
#include "ident/resources.h"
#include <gio/gio.h>

GBytes *ident_data_bytes(const char *name)
{
	g_autofree char *path = g_strconcat("/ident/", name, NULL);
	g_autoptr(GError) error = NULL;
	GBytes *bytes = g_resource_lookup_data(ident_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
	if (bytes == NULL)
		g_error("%s", error->message);
	return bytes;
}

json_t *ident_data(const char *name)
{
	g_autoptr(GBytes) bytes = ident_data_bytes(name);
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	g_autoptr(GError) error = NULL;
	json_t *json = json_read(text, length, length, 8, &error);
	if (json == NULL)
		g_error("%s: %s", name, error->message);
	return json;
}

GStrv ident_data_names(const char *folder)
{
	g_autofree char *path = g_strconcat("/ident/", folder, NULL);
	return g_resource_enumerate_children(ident_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

const char *ident_data_text(const json_t *texts, const char *language)
{
	const char *text = json_text(texts, language);
	if (text == NULL)
		text = json_text(texts, "en");
	return text != NULL ? text : "";
}
