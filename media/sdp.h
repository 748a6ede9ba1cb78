/* SPDX-License-Identifier: EUPL-1.2 */
/* A browser's offer, read strictly, and our answer to it (RFC 8866, 8829, 8843).
 *
 * Of the offer, the first sending audio and video m-lines are the client's own, a second sending video line is its document;
 * recvonly lines are slots, paired in order; recvonly video lines for which no audio is left show documents of others.
 * Everything else is answered as rejected. The client's candidates are not looked at. Only one codec a kind is answered: Opus,
 * and VP8 or else H.264 (constrained baseline, packetization mode 1).
 * Thread: any. */
#pragma once
#include "media/dtls.h"
#include "media/limits.h"
#include "media/rtp.h"

typedef enum { SDP_AUDIO, SDP_VIDEO, SDP_KINDS } sdp_kind;

/* What one person sends. The document is a second video: a screen, or a camera over the table. */
typedef enum { SDP_OWN_AUDIO, SDP_OWN_VIDEO, SDP_OWN_DOCUMENT, SDP_STREAMS } sdp_stream;

/* What a recvonly line shows of another person: sound and picture, or the document. */
typedef enum { SDP_SLOT_PERSON, SDP_SLOT_DOCUMENT, SDP_SLOT_KINDS } sdp_slot_kind;

typedef enum {
	SDP_ROLE_REJECTED, /* answered with port 0, or inactive when it heads the bundle */
	SDP_ROLE_OWN,      /* the client sends here */
	SDP_ROLE_SLOT,     /* we send here */
} sdp_role;

typedef struct {
	char kind_name[16];    /* "audio", "video", "application" … as offered */
	char protocol[24];     /* "UDP/TLS/RTP/SAVPF" */
	char first_format[32]; /* for a rejected line */
	sdp_kind kind;         /* SDP_KINDS: neither */
	sdp_role role;
	sdp_slot_kind slot_kind; /* SDP_ROLE_SLOT: */
	guint slot;              /* and its number */
	char mid[RTP_EXTENSION_VALUE_MAX_BYTES + 1];
	gboolean is_sending, is_receiving;      /* its direction attribute */
	rtp_codec codec;                        /* what the answer takes */
	uint8_t payload_type, rtx_payload_type; /* 0: none */
	char format[128];                       /* fmtp of H.264, to be echoed */
	gboolean has_rsize;
	rtp_extension_ids extensions;
	uint32_t ssrc, rtx_ssrc; /* named by the offer; 0: to be learnt from packets */
} sdp_media;

typedef struct {
	char ufrag[257], password[257];
	dtls_fingerprint fingerprint;
	guint media_count;
	sdp_media media[SDP_MEDIA_MAX];
	int own[SDP_STREAMS]; /* index in media, -1: none */
	guint slot_count[SDP_SLOT_KINDS];
	int slots[SDP_SLOT_KINDS][MEDIA_SLOTS_MAX][SDP_STREAMS]; /* the same, of what we send */
} sdp_offer;

sdp_kind sdp_kind_of(sdp_stream stream);
/* TRUE when a slot of this kind carries the stream. */
gboolean sdp_slot_has(sdp_slot_kind kind, sdp_stream stream);

/* Read an offer. FALSE with MEDIA_ERROR_SDP, or MEDIA_ERROR_LIMIT for sizes. */
gboolean sdp_offer_parse(sdp_offer *offer, const char *text, size_t length, GError **error);

/* What the answer says about us. */
typedef struct {
	uint64_t session;        /* number of the o= line, the same for all answers of a peer */
	guint version;           /* counts the answers */
	const char *fingerprint; /* sha-256 */
	const char *ufrag, *password;
	const char *const *candidates;
	gboolean is_ice_lite;
	const char *cname;
	struct {
		uint32_t ssrc, rtx_ssrc;
	} slots[SDP_SLOT_KINDS][MEDIA_SLOTS_MAX][SDP_STREAMS];
} sdp_answer;

/* (transfer full) */
char *sdp_answer_write(const sdp_offer *offer, const sdp_answer *answer);
