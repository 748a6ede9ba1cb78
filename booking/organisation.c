/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/organisation.h"
#include "booking/error.h"
#include "booking/sql.h"

static GStrv words(const char *text)
{
	return *text == '\0' ? g_new0(char *, 1) : g_strsplit(text, " ", -1);
}

organisation *organisation_load(db *db, const char *id, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_ORGANISATION_GET, DB_TEXT("organisation", id));
	if (rows == NULL)
		return NULL;
	if (!db_next(rows)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND, "no such organisation");
		return NULL;
	}
	organisation *organisation = g_new0(struct organisation, 1);
	organisation->id = g_strdup(db_text(rows, "id"));
	organisation->kind = g_strdup(db_text(rows, "kind"));
	organisation->name = g_strdup(db_text(rows, "name"));
	organisation->address = g_strdup(db_text(rows, "address"));
	organisation->recipients = words(db_text(rows, "recipients"));
	organisation->second_recipients = words(db_text(rows, "second_recipients"));
	return organisation;
}

void organisation_free(organisation *organisation)
{
	if (organisation == NULL)
		return;
	g_free(organisation->id);
	g_free(organisation->kind);
	g_free(organisation->name);
	g_free(organisation->address);
	g_strfreev(organisation->recipients);
	g_strfreev(organisation->second_recipients);
	g_free(organisation);
}
