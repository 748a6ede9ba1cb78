/* SPDX-License-Identifier: EUPL-1.2 */
/* SRTP and SRTCP on OpenSSL's ciphers: AEAD_AES_128_GCM (RFC 7714) and AES128_CM_HMAC_SHA1_80 (RFC 3711).
 *
 * One object is one direction of one peer. Own code because Debian's libsrtp2 runs on NSS at five to twelve times the cost per
 * packet; libsrtp2 is the oracle of its tests. Nothing is allocated per packet. No MKI, no key derivation rate, no roll-over
 * of keys: a call ends long before 2^31 packets.
 * Thread: one at a time. */
#pragma once
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

typedef struct srtp srtp;

/* The numbers of the DTLS use_srtp registry (RFC 5764, 4.1.2; RFC 7714, 14.2). */
typedef enum { SRTP_PROFILE_SHA1 = 0x0001, SRTP_PROFILE_GCM = 0x0007 } srtp_profile;

enum {
	SRTP_KEY_BYTES = 16,
	SRTP_SALT_MAX_BYTES = 14,
	SRTP_OVERHEAD_MAX_BYTES = 16, /* what srtp_encrypt() adds at most */
	SRTCP_OVERHEAD_MAX_BYTES = 20,
	SRTP_REPLAY_WINDOW = 256, /* packets; RFC 3711 wants 64 at least */
};

/* "AEAD_AES_128_GCM" …, and the length of its master salt: 12 or 14. */
const char *srtp_profile_name(srtp_profile profile);
size_t srtp_profile_salt_bytes(srtp_profile profile);

/* `salt` has srtp_profile_salt_bytes(). Keys are copied. Never NULL. */
srtp *srtp_new(srtp_profile profile, const uint8_t key[SRTP_KEY_BYTES], const uint8_t *salt);
void srtp_free(srtp *srtp); /* wipes the keys */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(srtp, srtp_free)

/* Write header and encrypted payload to `out`, which has room for both and SRTP_OVERHEAD_MAX_BYTES more.
 * `index` is the packet index (roll-over counter times 2^16 plus sequence number); its low bits stand in the header. The caller
 * never uses an index of an SSRC twice. Returns the length; 0 when the cipher fails. */
size_t srtp_encrypt(srtp *srtp, uint64_t index, const uint8_t *header, size_t header_length, const uint8_t *payload,
	size_t payload_length, uint8_t *out);

/* Check, decrypt into `out` (at least `length` bytes, not overlapping). Returns the plain length; 0 when the packet is malformed,
 * was seen before, is too old, is not authentic, or brings an SSRC beyond MEDIA_SSRCS_MAX. Only authentic packets change the
 * state. */
size_t srtp_decrypt(srtp *srtp, const uint8_t *data, size_t length, uint8_t *out);

/* The same for compound RTCP; `out` has SRTCP_OVERHEAD_MAX_BYTES more than `length`. The SRTCP index counts by itself. */
size_t srtcp_encrypt(srtp *srtp, const uint8_t *data, size_t length, uint8_t *out);
size_t srtcp_decrypt(srtp *srtp, const uint8_t *data, size_t length, uint8_t *out);
