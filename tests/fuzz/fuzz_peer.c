/* SPDX-License-Identifier: EUPL-1.2 */
/* What reaches a peer, before and after its keys are known: DTLS, RTP and RTCP told apart (RFC 7983), then everything that a
 * browser can say, since its packets are made authentic here. The sockets are replaced.
 * Input: records of {kind, length, bytes}: 0 a raw datagram, 1 RTP, 2 RTCP, 3 time passes, 4 keys become known. */
#include "media/peer-private.h"
#include "media/room.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ice_events *events;
static void *events_data[2];
static guint peer_count;
static uint8_t out[MEDIA_PACKET_MAX_BYTES];

/* --- in place of ice.c --- */

ice *ice_new(const ice_options *options, const ice_loop *loop, const ice_events *table, void *data, GError **error)
{
	(void)options, (void)loop, (void)error;
	events = table;
	events_data[peer_count++ % 2] = data;
	return (ice *)out;
}

void ice_free(ice *ice)
{
	(void)ice;
}

const char *ice_ufrag(const ice *ice)
{
	(void)ice;
	return "ufrag";
}

const char *ice_password(const ice *ice)
{
	(void)ice;
	return "password";
}

const char *const *ice_candidates(const ice *ice)
{
	static const char *const none[] = { NULL };
	(void)ice;
	return none;
}

gboolean ice_is_lite(const ice *ice)
{
	(void)ice;
	return TRUE;
}

gboolean ice_set_remote(ice *ice, const char *ufrag, const char *password)
{
	(void)ice, (void)ufrag, (void)password;
	return TRUE;
}

gboolean ice_restart(ice *ice)
{
	(void)ice;
	return TRUE;
}

void ice_attach(ice *ice, const ice_loop *loop)
{
	(void)ice, (void)loop;
}

void ice_detach(ice *ice)
{
	(void)ice;
}

int64_t ice_consent_us(const ice *ice)
{
	(void)ice;
	return 0;
}

uint8_t *ice_reserve(ice *ice)
{
	(void)ice;
	return out;
}

void ice_commit(ice *ice, size_t length)
{
	(void)ice;
	if (length > sizeof(out))
		abort();
}

/* --- two people in a room --- */

static const char offer_text[] =
	"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2 3 4 5\r\n"
	"a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=setup:actpass\r\n"
	"a=fingerprint:sha-256 "
	"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n"
	"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=ssrc:1 "
	"cname:c\r\n"
	"a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
	"a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
	"m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:1\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 "
	"rtx/90000\r\n"
	"a=fmtp:97 apt=96\r\na=ssrc-group:FID 2 3\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
	"a=extmap:13 urn:3gpp:video-orientation\r\n"
	"m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:2\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 "
	"rtx/90000\r\n"
	"a=fmtp:97 apt=96\r\n"
	"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:3\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
	"m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:4\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 "
	"rtx/90000\r\n"
	"a=fmtp:97 apt=96\r\n"
	"m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:5\r\na=recvonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 "
	"rtx/90000\r\n"
	"a=fmtp:97 apt=96\r\n";

static const uint8_t key[SRTP_KEY_BYTES] = { 1 }, salt[SRTP_SALT_MAX_BYTES] = { 2 };

static void emit(json_t *event, void *data)
{
	(void)data;
	json_decref(event);
}

static peer *make_peer(worker *worker, const peer_options *options, const char *id)
{
	static sdp_offer offer;
	if (!sdp_offer_parse(&offer, offer_text, sizeof(offer_text) - 1, NULL))
		abort();
	peer *peer = peer_new(options, id, &offer, worker, NULL);
	g_free(peer_negotiate(peer, &offer, NULL));
	events->changed(events_data[(peer_count - 1) % 2], TRUE);
	return peer;
}

static void give_keys(peer *peer)
{
	if (peer->incoming != NULL)
		return;
	peer->incoming = srtp_new(SRTP_PROFILE_GCM, key, salt);
	peer->output.srtp = srtp_new(SRTP_PROFILE_GCM, key, salt);
	peer->profile = SRTP_PROFILE_GCM;
	peer_set_state(peer, PEER_CONNECTED, NULL);
}

static void send_rtp(srtp *sealer, const uint8_t *data, size_t length, int64_t now_us)
{
	uint8_t datagram[MEDIA_PACKET_MAX_BYTES];
	if (length < RTP_HEADER_BYTES)
		return;
	size_t size = srtp_encrypt(sealer, (uint64_t)(data[2] << 8 | data[3]), data, RTP_HEADER_BYTES, data + RTP_HEADER_BYTES,
		length - RTP_HEADER_BYTES, datagram);
	events->receive(events_data[0], datagram, size, now_us);
}

static void send_rtcp(srtp *sealer, const uint8_t *data, size_t length, int64_t now_us)
{
	uint8_t datagram[MEDIA_PACKET_MAX_BYTES];
	size_t size = length >= 8 ? srtcp_encrypt(sealer, data, length, datagram) : 0;
	events->receive(events_data[0], datagram, size, now_us);
}

typedef struct {
	worker *worker;
	const peer_options *options;
	const uint8_t *data;
	size_t size;
} input;

static void feed(peer *one, peer *two, const uint8_t *data, size_t size)
{
	g_autoptr(srtp) sealer = srtp_new(SRTP_PROFILE_GCM, key, salt);
	int64_t now_us = g_get_monotonic_time();
	while (size > 2 && !peer_is_closed(one)) { /* then no socket is left to hear from */
		uint8_t datagram[MEDIA_PACKET_MAX_BYTES];
		size_t length = data[0] % 5 < 3 ? MIN(data[1], size - 2) : 0;
		memcpy(datagram, data + 2, length);
		switch (data[0] % 5) {
		case 0:
			events->receive(events_data[0], datagram, length, now_us);
			break;
		case 1:
			send_rtp(sealer, datagram, length, now_us);
			break;
		case 2:
			send_rtcp(sealer, datagram, length, now_us);
			break;
		case 3:
			now_us += data[1] * 10000;
			peer_tick(one, now_us);
			peer_tick(two, now_us);
			break;
		default:
			give_keys(one);
		}
		data += 2 + length;
		size -= 2 + length;
	}
}

/* On the worker, where peers live. */
static void run(void *data)
{
	const input *input = data;
	peer_count = 0;
	peer *one = make_peer(input->worker, input->options, "one"), *two = make_peer(input->worker, input->options, "two");
	room *room = room_new("room", input->worker);
	room_add(room, one, 0, NULL);
	room_add(room, two, 0, NULL);
	give_keys(two);
	feed(one, two, input->data, input->size);
	peer_close(one, "command");
	peer_close(two, "command");
	peer_free(one);
	peer_free(two);
	room_free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static peer_options options;
	static worker *worker;
	if (worker == NULL) {
		options.identity = dtls_identity_new(NULL);
		worker = worker_new(0, NULL, emit, NULL);
	}
	input input = { worker, &options, data, size };
	worker_run(worker, run, &input);
	return 0;
}
