/* SPDX-License-Identifier: EUPL-1.2 */
/* Beginning and end of an attempt. */
#include "booking/person.h"
#include "core/log.h"
#include "ident/verdict.h"
#include "signaling/error.h"
#include "signaling/ident-access.h"
#include "signaling/protocol/handlers.h"
#include "signaling/report-seal.h"
#include "signaling/sql.h"

#include <string.h>

/* The live session, when the person belongs to it. */
static session *live_session_with(const request *request, const char *session_id, const char *person_id, GError **error)
{
	g_autoptr(session) session = session_of_officer(request->db, request->actor, session_id, error);
	g_autoptr(person) person = session != NULL ? person_load(request->db, person_id, error) : NULL;
	if (person == NULL)
		return NULL;
	if (strcmp(person->case_id, session->case_id) != 0) {
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND, "There is no such person.");
		return NULL;
	}
	if (session->state != SESSION_LIVE) {
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_MEETING, "The meeting is not going on.");
		return NULL;
	}
	return g_steal_pointer(&session);
}

json_t *handle_attempt_start(request *request, const attempt_start_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(session) session = live_session_with(request, in->session, in->person, error);
	g_auto(GStrv) nonces = session != NULL ? session_nonces(request->db, session, error) : NULL;
	if (nonces == NULL)
		return NULL;
	const ident_attempt_facts facts = { session->id, in->person, session->officer, session->performing, session->is_recording,
		(const char *const *)nonces };
	g_autofree char *attempt = ident_attempt_start(&context, &facts, error);
	return attempt != NULL ? json_pack("{s:s}", "attempt", attempt) : NULL;
}

json_t *handle_attempt_abort(request *request, const attempt_abort_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(ident_attempt) attempt = attempt_of_actor(request->db, request->actor, in->attempt, error);
	if (attempt == NULL || !ident_attempt_abort(&context, in->attempt, in->reason, error))
		return NULL;
	return json_object();
}

/* --- the verdict --- */

typedef struct {
	const request *request;
	const attempt_verdict_in *in;
	char *report;
} verdict;

/* (transfer full) What the report says of the recording; null when there is none. */
static json_t *recording_facts(db *db, const char *session, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_RECORDING_OF_SESSION, DB_TEXT("session", session));
	if (rows == NULL)
		return NULL;
	if (!db_next(rows))
		return json_null();
	return json_pack("{s:s, s:I, s:s?, s:I}", "id", db_text(rows, "id"), "parts", (json_int_t)db_int(rows, "part"), "chain",
		db_text(rows, "chain"), "bytes", (json_int_t)db_int(rows, "bytes"));
}

static gboolean give(db *db, gpointer data, GError **error)
{
	verdict *verdict = data;
	const attempt_verdict_in *in = verdict->in;
	booking_context context = request_context(verdict->request);
	context.db = db;
	g_autoptr(ident_attempt) attempt = attempt_of_actor(db, verdict->request->actor, in->attempt, error);
	g_autoptr(json_t) recording = attempt != NULL ? recording_facts(db, attempt->session, error) : NULL;
	if (recording == NULL)
		return FALSE;
	g_autofree const char **reasons = g_new0(const char *, in->reasons_count + 1);
	for (size_t i = 0; i < in->reasons_count; i++)
		reasons[i] = in->reasons[i];
	verdict->report = ident_verdict_give(&context, in->attempt, in->verdict, reasons, recording, error);
	return verdict->report != NULL;
}

/* The verdict stands when it is committed; a signer that is away only delays the report, which is sealed when it is fetched. */
json_t *handle_attempt_verdict(request *request, const attempt_verdict_in *in, GError **error)
{
	verdict verdict = { .request = request, .in = in };
	if (!store_write_wait(app_store(request->app), give, &verdict, error))
		return NULL;
	g_autofree char *report = verdict.report;
	g_autoptr(GError) cause = NULL;
	if (!report_seal(request, report, &cause))
		log_warning("report not sealed yet", LOG_TEXT("report", report), LOG_CAUSE(cause));
	return json_pack("{s:s}", "report", report);
}
