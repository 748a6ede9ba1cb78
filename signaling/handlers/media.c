/* SPDX-License-Identifier: EUPL-1.2 */
/* A device's audio and video. */
#include "core/clock.h"
#include "core/json.h"
#include "signaling/app-private.h"
#include "signaling/error.h"
#include "signaling/presence.h"
#include "signaling/protocol/handlers.h"

/* A page that was replaced, or whose session is over, gets no new call. */
static gboolean check_wanted(db *db, gpointer data, GError **error)
{
	g_autoptr(GHashTable) wanted = presence_wanted(db, data, clock_now_ms(), error);
	if (wanted == NULL || g_hash_table_contains(wanted, data))
		return wanted != NULL;
	g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_ELSEWHERE,
		"The meeting is over, or goes on at another device or in another window.");
	return FALSE;
}

json_t *handle_media_offer(request *request, const media_offer_in *in, GError **error)
{
	/* In the writer's queue: behind the arrival of this very page. */
	if (!store_write_wait(app_store(request->app), check_wanted, (gpointer)request->peer, error))
		return NULL;
	g_autoptr(json_t) answer = media_client_call(app_media(request->app),
		json_pack("{s:s, s:s, s:s}", "do", "peer.offer", "peer", request->peer, "sdp", in->sdp), error);
	return answer != NULL ? json_pack("{s:s}", "sdp", json_text(answer, "sdp")) : NULL;
}

json_t *handle_media_light(request *request, const media_light_in *in, GError **error)
{
	g_autoptr(json_t) answer = media_client_call(app_media(request->app),
		json_pack("{s:s, s:s, s:I}", "do", "peer.light", "peer", request->peer, "light", (json_int_t)in->light), error);
	return answer != NULL ? json_object() : NULL;
}

json_t *handle_media_state(request *request, const media_state_in *in, GError **error)
{
	return presence_set_state(request->db, request->actor->id, in->audio, in->video, request->now_ms, error) ? json_object()
														 : NULL;
}
