/* SPDX-License-Identifier: EUPL-1.2 */
/* The officer's own state: a shift begins, ready for the next, a pause. */
#include "booking/staff.h"
#include "signaling/desk.h"
#include "signaling/error.h"
#include "signaling/pairing.h"
#include "signaling/protocol/handlers.h"
#include "signaling/session.h"
#include "signaling/view-parts.h"

static gboolean log_desk(const request *request, const char *action, GError **error)
{
	booking_context context = request_context(request);
	return desk_log(&context, request->actor->id, request->actor->organisation, action, error);
}

static gboolean set(const request *request, desk_state state, GError **error)
{
	return desk_set(request->db, request->actor->id, request->actor->organisation, state, request->now_ms, error);
}

static gboolean refuse(GError **error, signaling_error code, const char *text)
{
	g_set_error_literal(error, SIGNALING_ERROR, code, text);
	return FALSE;
}

/* The paperwork of the last session is done with what comes next. */
static gboolean close_session(const request *request, GError **error)
{
	GError *own = NULL;
	g_autoptr(session) session = session_in_hand(request->db, request->actor->id, &own);
	if (own != NULL) {
		g_propagate_error(error, own);
		return FALSE;
	}
	if (session == NULL)
		return TRUE;
	if (session->state != SESSION_WRAP_UP)
		return refuse(error, SIGNALING_ERROR_SESSION_OPEN, "Please end the session first.");
	booking_context context = request_context(request);
	return session_apply(&context, session, SESSION_CLOSE, NULL, error);
}

json_t *handle_desk_start_shift(request *request, const desk_start_shift_in *in, GError **error)
{
	if (!in->room_attested) {
		refuse(error, SIGNALING_ERROR_ROOM_NOT_ATTESTED,
			"Please attest first that nobody else can see or hear the sessions (V-02).");
		return NULL;
	}
	int state = desk_get(request->db, request->actor->id, NULL, error);
	if (state < 0 || ((state == DESK_OFF || state == DESK_PAUSED) && !set(request, DESK_PAUSED, error)) ||
		!desk_attest(request->db, request->actor->id, request->now_ms, error) ||
		!log_desk(request, "desk.room_attested", error))
		return NULL;
	return json_object();
}

static gboolean check_allowed(const request *request, GError **error)
{
	int64_t attested_ms = 0;
	if (desk_get(request->db, request->actor->id, &attested_ms, error) < 0)
		return FALSE;
	int64_t trained_ms = staff_trained_until_ms(request->db, request->actor->id, error);
	if (trained_ms < 0)
		return FALSE;
	const char *blocked = desk_blocked(attested_ms, trained_ms, request->now_ms);
	if (blocked == NULL)
		return TRUE;
	if (g_str_equal(blocked, "training_expired"))
		return refuse(error, SIGNALING_ERROR_TRAINING_EXPIRED,
			"Your training has expired; sessions can be taken again after the next one (V-03).");
	return refuse(error, SIGNALING_ERROR_ROOM_NOT_ATTESTED, "Please attest your room first (V-02).");
}

json_t *handle_desk_ready(request *request, const desk_ready_in *in, GError **error)
{
	(void)in;
	booking_context context = request_context(request);
	if (!check_allowed(request, error) || !close_session(request, error) ||
		!presence_open_page(request->db, request->actor->id, request->peer, request->now_ms, error) ||
		!set(request, DESK_READY, error) || !log_desk(request, "desk.ready", error) || !pairing_run(&context, error))
		return NULL;
	GError *own = NULL;
	g_autoptr(session) drawn = session_in_hand(request->db, request->actor->id, &own);
	if (own == NULL)
		return json_pack("{s:o}", "session", view_text(drawn != NULL ? drawn->id : NULL));
	g_propagate_error(error, own);
	return NULL;
}

json_t *handle_desk_pause(request *request, const desk_pause_in *in, GError **error)
{
	(void)in;
	if (!close_session(request, error) || !set(request, DESK_PAUSED, error) || !log_desk(request, "desk.paused", error))
		return NULL;
	return json_object();
}
