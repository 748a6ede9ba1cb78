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

static void route_payload_type(peer *peer, uint8_t payload_type, sdp_stream stream, gboolean is_rtx)
{
	if (payload_type == 0)
		return;
	peer->routes[payload_type].has[stream] = TRUE;
	peer->routes[payload_type].is_rtx = is_rtx;
}

static void negotiate_tracks(peer *peer, const sdp_offer *offer)
{
	memset(peer->routes, 0, sizeof(peer->routes));
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		if (offer->own[stream] < 0)
			continue;
		const sdp_media *media = &offer->media[offer->own[stream]];
		sdp_kind kind = sdp_kind_of((sdp_stream)stream);
		if (peer->tracks[stream] == NULL)
			peer->tracks[stream] = track_new(media->codec, clock_rates[kind]);
		track_set_ssrc(peer->tracks[stream], media->ssrc);
		peer->rtx_ssrc[stream] = media->rtx_ssrc;
		g_strlcpy(peer->mid[stream], media->mid, sizeof(peer->mid[stream]));
		peer->media_payload_type[stream] = media->payload_type;
		route_payload_type(peer, media->payload_type, (sdp_stream)stream, FALSE);
		route_payload_type(peer, media->rtx_payload_type, (sdp_stream)stream, TRUE);
	}
}

static void make_senders(peer *peer, sdp_slot_kind kind, slot *slot)
{
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		if (sdp_slot_has(kind, (sdp_stream)stream))
			slot->senders[stream] = sender_new(&peer->output, clock_rates[sdp_kind_of((sdp_stream)stream)]);
	}
}

static void negotiate_slot(slot *slot, const sdp_offer *offer, const int lines[SDP_STREAMS])
{
	for (guint stream = 0; stream < SDP_STREAMS; stream++) {
		static const sdp_media none;
		const sdp_media *media = lines[stream] >= 0 ? &offer->media[lines[stream]] : &none;
		if (slot->senders[stream] != NULL)
			sender_set_codec(slot->senders[stream], media->codec, media->payload_type, media->rtx_payload_type);
	}
}

static void negotiate_slots(peer *peer, const sdp_offer *offer)
{
	for (guint kind = 0; kind < SDP_SLOT_KINDS; kind++) {
		guint *count = &peer->slot_count[kind];
		for (; *count < offer->slot_count[kind]; (*count)++)
			make_senders(peer, (sdp_slot_kind)kind, &peer->slots[kind][*count]);
		for (guint i = 0; i < offer->slot_count[kind]; i++)
			negotiate_slot(&peer->slots[kind][i], offer, offer->slots[kind][i]);
	}
}

static void tell_sources(const peer *peer, sdp_answer *answer)
{
	for (guint kind = 0; kind < SDP_SLOT_KINDS; kind++) {
		for (guint i = 0; i < peer->slot_count[kind]; i++) {
			for (guint stream = 0; stream < SDP_STREAMS; stream++) {
				const sender *sender = peer->slots[kind][i].senders[stream];
				if (sender == NULL)
					continue;
				answer->slots[kind][i][stream].ssrc = sender_ssrc(sender);
				answer->slots[kind][i][stream].rtx_ssrc = sender_rtx_ssrc(sender);
			}
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
	tell_sources(peer, &answer);
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
