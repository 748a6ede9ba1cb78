/* SPDX-License-Identifier: EUPL-1.2 */
/* Connectivity checks as a client does them (RFC 8445, 8489): requests, and the answers to the server's own.
 *
 * Not the server's responder (media/): a mistake there must not be shared by what tests it. */
#pragma once
#include <glib.h>
#include <stdint.h>

enum { STUN_ID_BYTES = 12, STUN_MAX_BYTES = 256 };
enum { STUN_REQUEST = 0x0001, STUN_SUCCESS = 0x0101 };

/* Returns the length, at most STUN_MAX_BYTES. `username` is "theirs:ours"; a controlling side nominates at once. */
size_t stun_write_request(uint8_t *out, const uint8_t id[STUN_ID_BYTES], const char *username, const char *password,
	gboolean is_controlling, uint64_t tie_breaker);
/* The answer to `request`; `address` and `port` in host order are where it came from (IPv4). */
size_t stun_write_success(uint8_t *out, const uint8_t *request, const char *password, uint32_t address, uint16_t port);

/* The type of a well-formed message, 0 otherwise. */
guint stun_type(const uint8_t *data, size_t length);
/* TRUE when its integrity is right by this password. */
gboolean stun_is_authentic(const uint8_t *data, size_t length, const char *password);
gboolean stun_has_id(const uint8_t *data, const uint8_t id[STUN_ID_BYTES]);
/* TRUE when a controlling side uses this way (USE-CANDIDATE). */
gboolean stun_is_nomination(const uint8_t *data, size_t length);
