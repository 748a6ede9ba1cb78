/* SPDX-License-Identifier: EUPL-1.2 */
/* DTLS 1.2 in either role, as a browser does it, to agree on SRTP keys (RFC 5764). media/dtls.h is passive only. */
#pragma once
#include "media/srtp.h"

/* Which SRTP profiles a person of the load offers or takes. */
typedef enum {
	PROFILES_GCM,     /* AEAD_AES_128_GCM only */
	PROFILES_SHA1,    /* AES128_CM_SHA1_80 only */
	PROFILES_BROWSER, /* as Chromium: asked by a server that is active it takes SHA1_80, a passive one may choose GCM */
} profiles;

typedef struct handshake handshake;
typedef void (*handshake_send)(void *data, const uint8_t *datagram, size_t length);

/* "AB:CD:…" of the one certificate of this process. */
const char *handshake_fingerprint(void);
/* `peer_fingerprint` as in SDP, without "sha-256 ". */
handshake *handshake_new(gboolean is_client, profiles profiles, const char *peer_fingerprint, handshake_send send, void *data);
void handshake_free(handshake *handshake);

typedef enum { HANDSHAKE_RUNS, HANDSHAKE_DONE, HANDSHAKE_FAILED } handshake_state;
/* `datagram` NULL: begin, or look at the retransmission timer (every 20 to 100 ms). */
handshake_state handshake_run(handshake *handshake, const uint8_t *datagram, size_t length);
/* (transfer full) both. Only after HANDSHAKE_DONE. */
srtp_profile handshake_keys(handshake *handshake, srtp **incoming, srtp **outgoing);
