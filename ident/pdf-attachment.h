/* SPDX-License-Identifier: EUPL-1.2 */
/* A file attached to a PDF made by cairo (ISO 32000-1, 7.11.4 and 7.5.6): cairo 1.16 cannot do that. An incremental update is
 * appended with the embedded file, its specification and a new catalog; the file's bytes stand in it as they are. */
#pragma once
#include <glib.h>

/* FALSE when `pdf` has not the form that cairo gives it. `name` and `type` are ASCII without brackets. */
gboolean pdf_attach(GByteArray *pdf, const char *name, const char *type, const char *data, gsize length);

/* (transfer full) The last file attached so; NULL when there is none. */
char *pdf_attachment(const char *pdf, gsize length, gsize *attachment_length);
