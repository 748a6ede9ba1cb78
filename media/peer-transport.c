/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/peer-private.h"
#include <string.h>

static void send_dtls(void *data, const uint8_t *datagram, size_t length)
{
	peer *peer = data;
	uint8_t *out = ice_reserve(peer->ice);
	if (out == NULL || length > MEDIA_PACKET_MAX_BYTES)
		return; /* it will be sent again */
	memcpy(out, datagram, length);
	ice_commit(peer->ice, length);
}

static void want_keyframes(peer *peer)
{
	sender *sender;
	for (peer_senders senders = { .peer = peer }; (sender = peer_next_sender(&senders)) != NULL;)
		sender_want_keyframe(sender);
}

static void on_dtls_state(peer *peer, dtls_state state)
{
	switch (state) {
	case DTLS_CONNECTED:
		if (peer->incoming == NULL) {
			peer->profile = dtls_keys(peer->dtls, &peer->incoming, &peer->output.srtp);
			peer_set_state(peer, PEER_CONNECTED, NULL);
			want_keyframes(peer);
		}
		break;
	case DTLS_MISMATCH:
		peer_end_soon(peer, "fingerprint_mismatch");
		break;
	case DTLS_FAILED:
		peer_end_soon(peer, "dtls_failed");
		break;
	case DTLS_CLOSED:
		peer_end_soon(peer, "bye");
		break;
	default:
		break;
	}
}

static void receive_dtls(peer *peer, const uint8_t *datagram, size_t length)
{
	if (peer->is_writable) {
		on_dtls_state(peer, dtls_receive(peer->dtls, datagram, length));
	} else if (peer->early_count < DTLS_EARLY_MAX && length <= MEDIA_PACKET_MAX_BYTES) {
		/* The client may find its way sooner than we find ours. */
		early_datagram *early = &peer->early[peer->early_count++];
		early->length = (uint16_t)length;
		memcpy(early->data, datagram, length);
	}
}

/* RFC 7983: which protocol a datagram is. Checks went elsewhere. */
static gboolean on_datagram(void *data, uint8_t *datagram, size_t length, int64_t now_us)
{
	peer *peer = data;
	if (length == 0 || peer->ending != NULL)
		return FALSE;
	if (datagram[0] >= 128 && datagram[0] <= 191 && peer->incoming != NULL)
		return (rtp_is_rtcp(datagram, length) ? peer_receive_rtcp : peer_receive_rtp)(peer, datagram, length, now_us);
	if (datagram[0] >= 20 && datagram[0] <= 63)
		receive_dtls(peer, datagram, length);
	return FALSE;
}

static void on_path(void *data, gboolean is_writable)
{
	peer *peer = data;
	peer->is_writable = is_writable;
	if (!is_writable) {
		peer_end_soon(peer, "consent_expired");
		return;
	}
	guint count = peer->early_count;
	peer->early_count = 0;
	for (guint i = 0; i < count; i++)
		on_dtls_state(peer, dtls_receive(peer->dtls, peer->early[i].data, peer->early[i].length));
}

static const ice_events ice_table = { .receive = on_datagram, .changed = on_path };

gboolean peer_open_transport(peer *peer, const peer_options *options, GError **error)
{
	peer->dtls = dtls_new(options->identity, &peer->remote, send_dtls, peer);
	peer->ice = ice_new(&options->ice, worker_loop(peer->worker), &ice_table, peer, error);
	peer->output.ice = peer->ice;
	return peer->ice != NULL;
}

void peer_tick_transport(peer *peer)
{
	if (peer->incoming == NULL && peer->is_writable)
		on_dtls_state(peer, dtls_tick(peer->dtls));
}

void peer_close_transport(peer *peer)
{
	g_clear_pointer(&peer->ice, ice_free);
	g_clear_pointer(&peer->dtls, dtls_free);
	g_clear_pointer(&peer->incoming, srtp_free);
	g_clear_pointer(&peer->output.srtp, srtp_free);
}
