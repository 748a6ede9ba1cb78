/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/pdf-attachment.h"
#include <string.h>

#define FILE_START "/Type /EmbeddedFile /Length "

/* The last `text` in bytes that may hold NULs. */
static const char *find_last(const char *bytes, gsize length, const char *text)
{
	const char *last = NULL, *end = bytes + length;
	for (const char *at = bytes; (at = memmem(at, end - at, text, strlen(text))) != NULL; at++)
		last = at;
	return last;
}

/* The number after `key` in the trailer; 0 when it is missing. */
static guint64 trailer_number(const char *trailer, const char *key)
{
	const char *at = strstr(trailer, key);
	return at != NULL ? g_ascii_strtoull(at + strlen(key), NULL, 10) : 0;
}

/* The inside of the dictionary of object `number`, which is a flat one. (transfer full) */
static char *dictionary_of(const char *pdf, gsize length, guint64 number)
{
	g_autofree char *start = g_strdup_printf("\n%" G_GUINT64_FORMAT " 0 obj\n<<", number);
	const char *at = find_last(pdf, length, start);
	if (at == NULL)
		return NULL;
	at += strlen(start);
	const char *end = memmem(at, pdf + length - at, "endobj", strlen("endobj"));
	const char *close = end != NULL ? find_last(at, end - at, ">>") : NULL;
	return close != NULL ? g_strndup(at, close - at) : NULL;
}

static char *name_text(const char *type)
{
	g_autoptr(GString) text = g_string_new(type);
	g_string_replace(text, "/", "#2F", 0);
	return g_strdup(text->str);
}

gboolean pdf_attach(GByteArray *pdf, const char *name, const char *type, const char *data, gsize length)
{
	const char *bytes = (const char *)pdf->data;
	const char *trailer = find_last(bytes, pdf->len, "trailer");
	g_autofree char *end = trailer != NULL ? g_strndup(trailer, bytes + pdf->len - trailer) : NULL;
	if (end == NULL)
		return FALSE;
	guint64 size = trailer_number(end, "/Size "), root = trailer_number(end, "/Root ");
	guint64 info = trailer_number(end, "/Info "), previous = trailer_number(end, "startxref\n");
	g_autofree char *catalog = dictionary_of(bytes, pdf->len, root);
	if (size == 0 || previous == 0 || catalog == NULL)
		return FALSE;

	guint64 base = pdf->len, places[3];
	g_autofree char *subtype = name_text(type);
	g_autoptr(GString) update = g_string_new(NULL);
	places[0] = base + update->len;
	g_string_append_printf(update,
		"%" G_GUINT64_FORMAT " 0 obj\n<< " FILE_START "%" G_GSIZE_FORMAT " /Subtype /%s >>\nstream\n", size, length,
		subtype);
	g_string_append_len(update, data, length);
	g_string_append(update, "\nendstream\nendobj\n");
	places[1] = base + update->len;
	g_string_append_printf(update,
		"%" G_GUINT64_FORMAT
		" 0 obj\n<< /Type /Filespec /F (%s) /UF (%s) /AFRelationship /Source /EF << /F %" G_GUINT64_FORMAT
		" 0 R >> >>\nendobj\n",
		size + 1, name, name, size);
	places[2] = base + update->len;
	g_string_append_printf(update,
		"%" G_GUINT64_FORMAT " 0 obj\n<<%s /Names << /EmbeddedFiles << /Names [(%s) %" G_GUINT64_FORMAT
		" 0 R] >> >> /AF [%" G_GUINT64_FORMAT " 0 R] >>\nendobj\n",
		root, catalog, name, size + 1, size + 1);

	guint64 table = base + update->len;
	g_string_append_printf(update,
		"xref\n%" G_GUINT64_FORMAT " 1\n%010" G_GUINT64_FORMAT " 00000 n \n%" G_GUINT64_FORMAT " 2\n%010" G_GUINT64_FORMAT
		" 00000 n \n%010" G_GUINT64_FORMAT " 00000 n \n",
		root, places[2], size, places[0], places[1]);
	g_string_append_printf(update,
		"trailer\n<< /Size %" G_GUINT64_FORMAT " /Root %" G_GUINT64_FORMAT " 0 R /Info %" G_GUINT64_FORMAT
		" 0 R /Prev %" G_GUINT64_FORMAT " >>\nstartxref\n%" G_GUINT64_FORMAT "\n%%%%EOF\n",
		size + 2, root, info, previous, table);
	g_byte_array_append(pdf, (const guint8 *)update->str, update->len);
	return TRUE;
}

char *pdf_attachment(const char *pdf, gsize length, gsize *attachment_length)
{
	const char *at = find_last(pdf, length, FILE_START);
	const char *stream = at != NULL ? memmem(at, pdf + length - at, "stream\n", strlen("stream\n")) : NULL;
	if (stream == NULL)
		return NULL;
	stream += strlen("stream\n");
	guint64 size = g_ascii_strtoull(at + strlen(FILE_START), NULL, 10);
	if (size > (guint64)(pdf + length - stream))
		return NULL;
	*attachment_length = size;
	return g_strndup(stream, size);
}
