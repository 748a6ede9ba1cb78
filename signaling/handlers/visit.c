/* SPDX-License-Identifier: EUPL-1.2 */
/* A person on the way into the meeting and out of it. */
#include "booking/waiting.h"
#include "signaling/pairing.h"
#include "signaling/presence.h"
#include "signaling/protocol/handlers.h"

json_t *handle_visit_enter(request *request, const visit_enter_in *in, GError **error)
{
	booking_context context = request_context(request);
	if (!presence_open_page(request->db, request->actor->id, request->peer, request->now_ms, error) ||
		!waiting_enter(&context, request->actor->id, in->nonce, error) || !pairing_run(&context, error))
		return NULL;
	return json_object();
}

json_t *handle_visit_leave(request *request, const visit_leave_in *in, GError **error)
{
	(void)in;
	booking_context context = request_context(request);
	return waiting_leave(&context, request->actor->id, error) ? json_object() : NULL;
}
