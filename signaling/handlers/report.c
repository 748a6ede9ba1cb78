/* SPDX-License-Identifier: EUPL-1.2 */
/* Reports, as files. */
#include "ident/report.h"
#include "signaling/ident-access.h"
#include "signaling/protocol/handlers.h"
#include "signaling/report-seal.h"

#include <string.h>

typedef struct {
	const request *request;
	const char *id;
	ident_report *report;
} fetch;

static gboolean may_read(db *db, gpointer data, GError **error)
{
	fetch *fetch = data;
	g_autoptr(ident_report) report = report_of_actor(db, fetch->request->actor, fetch->id, error);
	return report != NULL;
}

/* Who reads a report stands in the log. */
static gboolean load(db *db, gpointer data, GError **error)
{
	fetch *fetch = data;
	booking_context context = request_context(fetch->request);
	context.db = db;
	fetch->report = report_of_actor(db, fetch->request->actor, fetch->id, error);
	return fetch->report != NULL && ident_report_note_reading(&context, fetch->report, error);
}

/* (transfer full) The sealed report. */
static ident_report *sealed(const request *request, const char *id, GError **error)
{
	fetch fetch = { .request = request, .id = id };
	store *store = app_store(request->app);
	if (!store_read(store, may_read, &fetch, error) || !report_seal(request, id, error) ||
		!store_write_wait(store, load, &fetch, error))
		return NULL;
	return fetch.report;
}

json_t *handle_report_json(request *request, const report_json_in *in, GError **error)
{
	g_autoptr(ident_report) report = sealed(request, in->report, error);
	if (report == NULL)
		return NULL;
	request->file = g_bytes_new(report->sealed, strlen(report->sealed));
	request->file_type = "application/json";
	request->file_name = g_strconcat(in->report, ".json", NULL);
	return json_null();
}

json_t *handle_report_pdf(request *request, const report_pdf_in *in, GError **error)
{
	g_autoptr(ident_report) report = sealed(request, in->report, error);
	request->file = report != NULL ? ident_report_pdf(report->sealed, request->actor->language, error) : NULL;
	if (request->file == NULL)
		return NULL;
	request->file_type = "application/pdf";
	request->file_name = g_strconcat(in->report, ".pdf", NULL);
	return json_null();
}
