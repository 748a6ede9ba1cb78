/* SPDX-License-Identifier: EUPL-1.2 */
/* Which of their devices somebody is at. */
#include "signaling/presence.h"
#include "signaling/protocol/handlers.h"

json_t *handle_page_take_over(request *request, const page_take_over_in *in, GError **error)
{
	(void)in;
	return presence_claim(request->db, request->actor->id, request->peer, request->now_ms, error) ? json_object() : NULL;
}
