/* SPDX-License-Identifier: EUPL-1.2 */
/* The inside of a peer, for its own files: peer.c is its life and slots, peer-transport.c the way to the browser,
 * peer-negotiate.c offer and answer, peer-receive.c what comes, peer-feedback.c what is reported back, peer-quality.c what
 * `serve` is told of it. Everybody else knows peer.h. */
#pragma once
#include "media/bandwidth.h"
#include "media/peer.h"
#include "media/quality.h"
#include "media/sender.h"
#include "media/twcc.h"

enum { PEER_CNAME_BYTES = 17 };

typedef enum { PEER_CONNECTING, PEER_CONNECTED, PEER_DISCONNECTED, PEER_CLOSED } peer_state;

/* The client's recvonly m-lines for one other person, or one document: whose media they carry now. */
typedef struct {
	sender *senders[SDP_STREAMS]; /* NULL: not of this kind of slot */
	peer *shown;
} slot;

/* Who is sent a stream, and by what. */
typedef struct {
	sender *sender;
	peer *watcher;
} receiver;

/* Which streams a payload type of the client can mean; both: the SSRC tells. */
typedef struct {
	gboolean has[SDP_STREAMS];
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
	track *tracks[SDP_STREAMS];
	uint8_t media_payload_type[SDP_STREAMS];
	uint32_t rtx_ssrc[SDP_STREAMS]; /* 0: not named */
	char mid[SDP_STREAMS][RTP_EXTENSION_VALUE_MAX_BYTES + 1];
	uint8_t orientation; /* of the picture; documents are not turned */
	receiver receivers[SDP_STREAMS][MEDIA_ROOM_PEERS_MAX];
	guint receiver_count[SDP_STREAMS];
	gboolean has_document; /* it is being shown */

	sender_output output;
	uint64_t packets_told, bytes_told; /* of output: already counted */
	guint slot_count[SDP_SLOT_KINDS];
	slot slots[SDP_SLOT_KINDS][MEDIA_SLOTS_MAX];
	guint group; /* of its room */

	twcc twcc;
	bandwidth bandwidth;
	uint64_t told_limit;    /* the last REMB */
	guint pictures, voices; /* that come to it now */
	uint8_t down_loss;      /* worst report since the last quality, of 256 */
	int light;              /* mean brightness of its picture, 0 to 255; -1: unknown */
	quality quality;
	gboolean has_clock;
	int64_t clock_offset; /* our NTP time minus the client's, by its fastest sender report */
	guint rtt_ms;         /* 0: unknown */

	int64_t created_us, heard_us, media_us;
	int64_t twcc_us, report_us, quality_us, sent_us; /* last done */
};

/* A walk over all senders of a peer, begun with { .peer = … }. NULL at the end. */
typedef struct {
	const peer *peer;
	guint kind, slot, stream;
} peer_senders;
sender *peer_next_sender(peer_senders *at);

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

/* peer-feedback.c: send the client what is due. */
void peer_send_feedback(peer *peer, int64_t now_us);
/* peer-quality.c: say "peer.quality" when it is due, or `is_urgent`. */
void peer_tell_quality(peer *peer, gboolean is_urgent, int64_t now_us);
