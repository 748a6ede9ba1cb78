/* SPDX-License-Identifier: EUPL-1.2 */
/* The TAN: sent by the officer's click, typed by the person. */
#include "ident/tan.h"
#include "signaling/ident-access.h"
#include "signaling/protocol/handlers.h"

json_t *handle_tan_send(request *request, const tan_send_in *in, GError **error)
{
	booking_context context = request_context(request);
	g_autoptr(ident_attempt) attempt = attempt_of_actor(request->db, request->actor, in->attempt, error);
	if (attempt == NULL || !ident_tan_send(&context, in->attempt, error))
		return NULL;
	return json_object();
}

json_t *handle_tan_enter(request *request, const tan_enter_in *in, GError **error)
{
	booking_context context = request_context(request);
	gboolean is_right = FALSE;
	guint tries_left = 0;
	g_autoptr(ident_attempt) attempt = attempt_of_actor(request->db, request->actor, in->attempt, error);
	if (attempt == NULL || !ident_tan_enter(&context, in->attempt, in->tan, &is_right, &tries_left, error))
		return NULL;
	return json_pack("{s:b, s:i}", "is_right", is_right, "tries_left", tries_left);
}
