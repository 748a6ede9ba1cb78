/* SPDX-License-Identifier: EUPL-1.2 */
/* A session from the officer's side. */
#include "signaling/session.h"
#include "signaling/apart.h"
#include "signaling/desk.h"
#include "signaling/presence.h"
#include "signaling/protocol/handlers.h"

static gboolean set_desk(const request *request, desk_state state, GError **error)
{
	return desk_set(request->db, request->actor->id, request->actor->organisation, state, request->now_ms, error);
}

json_t *handle_session_join(request *request, const session_join_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(session) session = session_of_officer(request->db, request->actor, in->session, error);
	if (session == NULL || !presence_open_page(request->db, request->actor->id, request->peer, request->now_ms, error) ||
		!session_apply(&context, session, SESSION_JOIN, NULL, error) || !set_desk(request, DESK_IN_SESSION, error))
		return NULL;
	return json_object();
}

/* Who has not met the people cannot end their appointment: they get another officer, and this desk no others at once. */
static gboolean give_back(const request *request, session *session, const session_end_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(json_t) details =
		json_pack("{s:s, s:s, s:s?}", "officer", request->actor->id, "cause", in->reason, "remark", in->note);
	return set_desk(request, DESK_PAUSED, error) && session_apply(&context, session, SESSION_REQUEUE, details, error);
}

static gboolean finish(const request *request, session *session, const session_end_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(json_t) details = json_pack("{s:s, s:s?}", "reason", in->reason, "note", in->note);
	return session_apply(&context, session, SESSION_END, details, error) && set_desk(request, DESK_WRAP_UP, error);
}

json_t *handle_session_end(request *request, const session_end_in *in, GError **error)
{
	g_autoptr(session) session = session_of_officer(request->db, request->actor, in->session, error);
	if (session == NULL)
		return NULL;
	gboolean is_done =
		session->state == SESSION_ASSIGNED ? give_back(request, session, in, error) : finish(request, session, in, error);
	return is_done ? json_object() : NULL;
}

json_t *handle_session_apart(request *request, const session_apart_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(session) session = session_of_officer(request->db, request->actor, in->session, error);
	if (session == NULL || !apart_set(&context, session, in->persons, in->persons_count, in->with_officer, error))
		return NULL;
	return json_object();
}

json_t *handle_session_flag(request *request, const session_flag_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(session) session = session_of_officer(request->db, request->actor, in->session, error);
	g_autoptr(json_t) details = json_pack("{s:s}", "text", in->text);
	if (session == NULL || !session_log(&context, session, "session.flagged", details, error))
		return NULL;
	return json_object();
}
