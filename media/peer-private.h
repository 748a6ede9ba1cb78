/* SPDX-License-Identifier: EUPL-1.2 */
/* The inside of a peer, for its own files: peer.c is its life and slots, peer-transport.c the way to the browser,
 * peer-negotiate.c offer and answer, peer-receive.c what comes, peer-feedback.c what is reported back. Everybody else
 * knows peer.h. */
#pragma once
#include "media/bandwidth.h"
#include "media/peer.h"
#include "media/sender.h"
#include "media/twcc.h"

enum { PEER_CNAME_BYTES = 17 };

typedef enum { PEER_CONNECTING, PEER_CONNECTED, PEER_DISCONNECTED, PEER_CLOSED } peer_state;

/* Two of the client's recvonly m-lines: whose media they carry now. */
typedef struct {
	sender *senders[SDP_KINDS];
	peer *shown;
} slot;

/* What a payload type of the client means. */
typedef struct {
	sdp_kind kind; /* SDP_KINDS: nothing */
	gboolean is_rtx;
} route;

/* Came before ICE had a way back. */
typedef struct {
	uint16_t length;
	uint8_t data[MEDIA_PACKET_MAX_BYTES];
} early_datagram;

struct peer {
	char *id;
	uint64_t serial;
	worker *worker;
	struct room *room;
	peer_state state;
	const char *ending; /* to be closed at the next tick, for this reason */

	ice *ice;
	gboolean is_writable;
	dtls *dtls;
	dtls_fingerprint remote;
	char *remote_ufrag;
	srtp *incoming;
	srtp_profile profile;
	guint early_count;
	early_datagram early[DTLS_EARLY_MAX];
	uint64_t session;
	guint answers;
	char cname[PEER_CNAME_BYTES];
	const char *fingerprint; /* ours */

	rtp_extension_ids extensions; /* of what comes */
	route routes[128];
	track *tracks[SDP_KINDS];
	uint8_t media_payload_type[SDP_KINDS];
	uint8_t orientation;
	sender *receivers[SDP_KINDS][MEDIA_ROOM_PEERS_MAX];
	peer *watchers[MEDIA_ROOM_PEERS_MAX]; /* who has it in a slot */
	guint receiver_count[SDP_KINDS], watcher_count;

	sender_output output;
	uint64_t packets_told, bytes_told; /* of output: already counted */
	guint slot_count;
	slot slots[MEDIA_SLOTS_MAX];

	twcc twcc;
	bandwidth bandwidth;
	uint64_t told_limit; /* the last REMB */
	gboolean has_clock;
	int64_t clock_offset; /* our NTP time minus the client's, by its fastest sender report */
	guint rtt_ms;         /* 0: unknown */

	int64_t created_us, heard_us, media_us;
	int64_t twcc_us, report_us, quality_us, sent_us; /* last done */
};

/* Say where it stands, with `reason` if there is one. */
void peer_emit_state(peer *peer, const char *reason);
/* The same when `state` is another than before. */
void peer_set_state(peer *peer, peer_state state, const char *reason);
/* The transport cannot go from inside its own callback: the next tick closes, for the first reason given (static). */
void peer_end_soon(peer *peer, const char *reason);

/* peer-transport.c. FALSE with MEDIA_ERROR_TRANSPORT. */
gboolean peer_open_transport(peer *peer, const peer_options *options, GError **error);
/* Everything that reaches out; twice does no harm. */
void peer_close_transport(peer *peer);
/* Time passed for a handshake that is not over. */
void peer_tick_transport(peer *peer);

/* peer-receive.c: an encrypted datagram of an open transport. FALSE when it is not authentic. */
gboolean peer_receive_rtp(peer *peer, const uint8_t *datagram, size_t datagram_length, int64_t now_us);
gboolean peer_receive_rtcp(peer *peer, const uint8_t *datagram, size_t datagram_length, int64_t now_us);

/* peer-feedback.c: send the client, and say to `serve`, what is due. */
void peer_send_feedback(peer *peer, int64_t now_us);
