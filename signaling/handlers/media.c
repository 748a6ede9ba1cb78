/* SPDX-License-Identifier: EUPL-1.2 */
/* A device's audio and video. */
#include "core/json.h"
#include "signaling/app-private.h"
#include "signaling/presence.h"
#include "signaling/protocol/handlers.h"

json_t *handle_media_offer(request *request, const media_offer_in *in, GError **error)
{
	g_autoptr(json_t) answer = media_client_call(app_media(request->app),
		json_pack("{s:s, s:s, s:s}", "do", "peer.offer", "peer", request->peer, "sdp", in->sdp), error);
	return answer != NULL ? json_pack("{s:s}", "sdp", json_text(answer, "sdp")) : NULL;
}

json_t *handle_media_state(request *request, const media_state_in *in, GError **error)
{
	return presence_set_state(request->db, request->actor->id, in->audio, in->video, error) ? json_object() : NULL;
}
