/* SPDX-License-Identifier: EUPL-1.2 */
/* DTLS 1.2 as the passive side, only to agree on SRTP keys (RFC 5763, 5764).
 *
 * Always passive: then our preference decides the SRTP profile. The peer's certificate must have the digest that its SDP named,
 * compared in constant time before a key is exported; a ClientHello may come in fragments, in any order.
 * A datagram in is dtls_receive(), a datagram out is the `send` callback, called from within dtls_receive() and dtls_tick() only.
 * Thread: one at a time; an identity may be shared. */
#pragma once
#include "media/srtp.h"

/* The certificate of this process: ECDSA P-256, self-signed, made anew at each start. */
typedef struct dtls_identity dtls_identity;
/* (transfer full), NULL with MEDIA_ERROR_TRANSPORT. */
dtls_identity *dtls_identity_new(GError **error);
void dtls_identity_free(dtls_identity *identity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(dtls_identity, dtls_identity_free)
/* "AB:CD:…", the SHA-256 of the certificate as SDP wants it (RFC 8122). */
const char *dtls_identity_fingerprint(const dtls_identity *identity);

enum { DTLS_DIGEST_MAX_BYTES = 64 };
typedef enum { DTLS_SHA256, DTLS_SHA384, DTLS_SHA512 } dtls_hash;
typedef struct {
	dtls_hash hash;
	uint8_t digest[DTLS_DIGEST_MAX_BYTES];
	size_t length;
} dtls_fingerprint;
/* "sha-256 AB:CD:…". FALSE when malformed or of a hash too weak (sha-1). */
gboolean dtls_fingerprint_parse(dtls_fingerprint *fingerprint, const char *text);
gboolean dtls_fingerprint_equal(const dtls_fingerprint *a, const dtls_fingerprint *b);

typedef struct dtls dtls;
typedef enum {
	DTLS_HANDSHAKE,
	DTLS_CONNECTED, /* dtls_keys() may be called */
	DTLS_MISMATCH,  /* the certificate is not the one that was promised */
	DTLS_FAILED,    /* no common version, cipher or SRTP profile, or a malformed peer */
	DTLS_CLOSED,    /* the peer said goodbye */
} dtls_state;

typedef void (*dtls_send)(void *data, const uint8_t *datagram, size_t length);

dtls *dtls_new(const dtls_identity *identity, const dtls_fingerprint *expected, dtls_send send, void *data);
void dtls_free(dtls *dtls); /* sends nothing */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(dtls, dtls_free)

dtls_state dtls_receive(dtls *dtls, const uint8_t *datagram, size_t length);
/* Retransmit what is due; call it every 20 to 100 ms during the handshake. */
dtls_state dtls_tick(dtls *dtls);
dtls_state dtls_get_state(const dtls *dtls);
/* Tell the peer that it ends (close_notify). */
void dtls_close(dtls *dtls);

/* (transfer full) both: what the peer sends with and what we send with. Only when DTLS_CONNECTED. */
srtp_profile dtls_keys(dtls *dtls, srtp **incoming, srtp **outgoing);
