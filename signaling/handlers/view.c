/* SPDX-License-Identifier: EUPL-1.2 */
/* The visit over HTTP: what the page of the booking shows between the meetings. */
#include "core/json.h"
#include "signaling/protocol/handlers.h"
#include "signaling/views.h"

json_t *handle_appointment_get(request *request, const appointment_get_in *in, GError **error)
{
	(void)in;
	g_autoptr(view) view = view_load(request->app, request->db, request->actor, request->peer, request->now_ms, error);
	if (view == NULL)
		return NULL;
	json_object_set_new(view->state, "now_ms", json_integer(request->now_ms));
	return json_pack("{s:O}", "visit", view->state);
}
