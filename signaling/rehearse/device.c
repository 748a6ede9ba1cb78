/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/device.h"
#include "signaling/rehearse/wait.h"

/* Frames that show a picture moves, and a mean amplitude that only speech reaches, not comfort noise. */
enum { CONNECT_MS = 10000, FRAMES_MIN = 10, LOUDNESS_MIN = 300 };

static gboolean knows_media(gpointer data)
{
	return json_is_object(json_object_get(client_view(data), "media"));
}

static gboolean is_connected(gpointer data)
{
	return rehearse_peer_is_connected(data) || rehearse_peer_problem(data) != NULL;
}

peer *device_connect(client *client, const peer_setup *setup, GError **error)
{
	if (!wait_until(knows_media, client, CONNECT_MS, "the server says how to connect the camera", error))
		return NULL;
	peer_setup with_slots = *setup;
	with_slots.slots = (guint)json_int(json_object_get(client_view(client), "media"), "slots");
	g_autoptr(peer) device = rehearse_peer_new(&with_slots, error);
	g_autofree char *offer = device != NULL ? rehearse_peer_offer(device, error) : NULL;
	if (offer == NULL)
		return NULL;
	g_autoptr(json_t) answer = client_call(client, "media.offer", json_pack("{s:s}", "sdp", offer), error);
	if (answer == NULL || !rehearse_peer_answer(device, json_text(answer, "sdp"), error) ||
		!wait_until(is_connected, device, CONNECT_MS, "the camera is connected to the media server", error))
		return NULL;
	if (rehearse_peer_problem(device) != NULL) {
		g_set_error_literal(error, REHEARSE_ERROR, REHEARSE_ERROR_MEDIA, rehearse_peer_problem(device));
		return NULL;
	}
	return g_steal_pointer(&device);
}

gboolean device_receives_all(gpointer audience)
{
	const device_audience *self = audience;
	guint good = 0;
	for (guint i = 0; i < PEER_SLOTS_MAX; i++) {
		const peer_received slot = rehearse_peer_slot(self->peer, i);
		good += slot.frames >= FRAMES_MIN && slot.loudest >= LOUDNESS_MIN;
	}
	return good >= self->count;
}

gint64 device_last_first_frame_us(const device_audience *audience)
{
	gint64 last = 0;
	for (guint i = 0; i < PEER_SLOTS_MAX; i++)
		last = MAX(last, rehearse_peer_slot(audience->peer, i).first_frame_us);
	return last;
}
