/* SPDX-License-Identifier: EUPL-1.2 */
/* The inner steps of srtp.c, for the test vectors of the RFCs. */
#pragma once
#include "media/srtp.h"

enum { SRTP_AUTH_KEY_BYTES = 20 };

/* Key derivation by AES counter mode over zeros; the label is exclusive-ored to the salt above the counter (RFC 3711, 4.3.3). */
void srtp_derive(const uint8_t *key, const uint8_t *salt, size_t salt_length, uint8_t label, uint8_t *out, size_t length);
/* With session keys instead of master keys, the same for RTP and RTCP. `auth_key` is NULL for GCM.
 * The next SRTCP index is one higher. */
srtp *srtp_new_session(
	srtp_profile profile, const uint8_t *cipher_key, const uint8_t *auth_key, const uint8_t *salt, uint32_t srtcp_index);
