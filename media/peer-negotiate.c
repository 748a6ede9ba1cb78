/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/error.h"
#include "media/peer-private.h"
#include "media/room.h"
#include <string.h>

enum {
	AUDIO_CLOCK_RATE = 48000,
	VIDEO_CLOCK_RATE = 90000,
};

static const uint32_t clock_rates[SDP_KINDS] = { AUDIO_CLOCK_RATE, VIDEO_CLOCK_RATE };

static void merge_extensions(peer *peer, const sdp_offer *offer)
{
	memset(&peer->extensions, 0, sizeof(peer->extensions));
	for (guint i = 0; i < offer->media_count; i++) {
		for (guint j = 0; j < RTP_EXTENSION_COUNT; j++) {
			if (offer->media[i].extensions.id[j] != 0)
				peer->extensions.id[j] = offer->media[i].extensions.id[j];
		}
	}
	peer->output.extensions = peer->extensions;
	peer->output.extensions.id[RTP_EXTENSION_TRANSPORT_CC] = 0; /* sdp.c: upward only */
}

static void route_payload_type(peer *peer, uint8_t payload_type, sdp_kind kind, gboolean is_rtx)
{
	if (payload_type != 0)
		peer->routes[payload_type] = (route){ kind, is_rtx };
}

static void negotiate_tracks(peer *peer, const sdp_offer *offer)
{
	for (guint i = 0; i < G_N_ELEMENTS(peer->routes); i++)
		peer->routes[i].kind = SDP_KINDS;
	for (guint kind = 0; kind < SDP_KINDS; kind++) {
		if (offer->own[kind] < 0)
			continue;
		const sdp_media *media = &offer->media[offer->own[kind]];
		if (peer->tracks[kind] == NULL)
			peer->tracks[kind] = track_new(media->codec, clock_rates[kind], kind == SDP_VIDEO);
		track_set_ssrc(peer->tracks[kind], media->ssrc);
		peer->media_payload_type[kind] = media->payload_type;
		route_payload_type(peer, media->payload_type, (sdp_kind)kind, FALSE);
		route_payload_type(peer, media->rtx_payload_type, (sdp_kind)kind, TRUE);
	}
}

static void negotiate_slots(peer *peer, const sdp_offer *offer)
{
	for (; peer->slot_count < offer->slot_count; peer->slot_count++) {
		for (guint kind = 0; kind < SDP_KINDS; kind++)
			peer->slots[peer->slot_count].senders[kind] = sender_new(&peer->output, clock_rates[kind]);
	}
	for (guint i = 0; i < offer->slot_count; i++) {
		for (guint kind = 0; kind < SDP_KINDS; kind++) {
			const sdp_media *media = offer->slots[i][kind] >= 0 ? &offer->media[offer->slots[i][kind]] : NULL;
			sender_set_codec(peer->slots[i].senders[kind], media != NULL ? media->codec : RTP_CODEC_NONE,
				media != NULL ? media->payload_type : 0, media != NULL ? media->rtx_payload_type : 0);
		}
	}
}

static char *write_answer(peer *peer, const sdp_offer *offer)
{
	sdp_answer answer = {
		.session = peer->session,
		.version = ++peer->answers,
		.fingerprint = peer->fingerprint,
		.ufrag = ice_ufrag(peer->ice),
		.password = ice_password(peer->ice),
		.candidates = ice_candidates(peer->ice),
		.is_ice_lite = ice_is_lite(peer->ice),
		.cname = peer->cname,
	};
	for (guint i = 0; i < peer->slot_count; i++) {
		for (guint kind = 0; kind < SDP_KINDS; kind++) {
			answer.slots[i][kind].ssrc = sender_ssrc(peer->slots[i].senders[kind]);
			answer.slots[i][kind].rtx_ssrc = sender_rtx_ssrc(peer->slots[i].senders[kind]);
		}
	}
	return sdp_answer_write(offer, &answer);
}

char *peer_negotiate(peer *peer, const sdp_offer *offer, GError **error)
{
	gboolean is_first = peer->remote_ufrag == NULL, is_restart = !is_first && strcmp(peer->remote_ufrag, offer->ufrag) != 0;
	if ((is_restart && !ice_restart(peer->ice)) ||
		((is_first || is_restart) && !ice_set_remote(peer->ice, offer->ufrag, offer->password))) {
		g_set_error_literal(error, MEDIA_ERROR, MEDIA_ERROR_SDP, "ice-ufrag or ice-pwd cannot be used");
		return NULL;
	}
	g_free(peer->remote_ufrag);
	peer->remote_ufrag = g_strdup(offer->ufrag);
	merge_extensions(peer, offer);
	negotiate_tracks(peer, offer);
	negotiate_slots(peer, offer);
	if (is_first)
		peer_emit_state(peer, NULL);
	if (peer->room != NULL)
		room_refill(peer->room);
	return write_answer(peer, offer);
}

gboolean peer_is_same_browser(const peer *peer, const sdp_offer *offer)
{
	return dtls_fingerprint_equal(&peer->remote, &offer->fingerprint);
}
