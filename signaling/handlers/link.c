/* SPDX-License-Identifier: EUPL-1.2 */
/* A person's own link becomes a signed-in browser. */
#include "booking/audit/log.h"
#include "booking/error.h"
#include "booking/link.h"
#include "signaling/cookie.h"
#include "signaling/error.h"
#include "signaling/protocol/handlers.h"

typedef struct {
	request *request;
	const link_open_in *in;
	link_result result;
	char *person;
	char *cookie;
} opening;

/* A wrong date of birth is counted, so what happened is committed whatever it was. */
static gboolean open_job(db *db, gpointer data, GError **error)
{
	opening *opening = data;
	booking_context context = request_context(opening->request);
	context.db = db;
	if (!link_open(&context, opening->in->token, opening->in->birth_date, &opening->result, &opening->person, error))
		return FALSE;
	if (opening->result != LINK_OPENED)
		return TRUE;
	g_autoptr(person) person = person_load(db, opening->person, error);
	g_autoptr(appointment) appointment = person == NULL ? NULL : appointment_of_case(db, person->case_id, error);
	if (appointment != NULL)
		opening->cookie =
			cookie_session_start(db, ACTOR_PERSON, person->id, appointment->responsible, context.now_ms, error);
	return opening->cookie != NULL;
}

json_t *handle_link_open(request *request, const link_open_in *in, GError **error)
{
	opening opening = { .request = request, .in = in };
	gboolean is_done = store_write_wait(app_store(request->app), open_job, &opening, error);
	g_autofree char *person = opening.person;
	request->cookie = opening.cookie;
	if (!is_done)
		return NULL;
	if (opening.result == LINK_OPENED)
		return json_pack("{s:s}", "person", person);
	if (opening.result == LINK_LOCKED)
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_LINK_LOCKED,
			"Too many wrong tries: please wait a quarter of an hour.");
	else
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_WRONG, "this link and date of birth do not belong together");
	return NULL;
}

json_t *handle_link_close(request *request, const link_close_in *in, GError **error)
{
	(void)in;
	audit_entry entry = { .organisation = request->actor->organisation,
		.actor = request->actor->name,
		.action = "link.closed",
		.subjects = { request->actor->id },
		.time_ms = request->now_ms };
	if (!cookie_session_end(request->db, request->browser, error) || audit_append(request->db, &entry, error) < 0)
		return NULL;
	store_touch(request->db, "person:%s", request->actor->id); /* other tabs learn that they are signed out */
	request->cookie = g_strdup("");
	return json_object();
}
