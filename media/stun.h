/* SPDX-License-Identifier: EUPL-1.2 */
/* STUN Binding messages (RFC 8489) as ICE uses them (RFC 8445): short-term credentials, FINGERPRINT, and nothing else.
 *
 * The reader is strict: cookie, lengths, padding inside the message, each known attribute of its size, FINGERPRINT right and
 * last. What follows MESSAGE-INTEGRITY is not believed. Nothing is allocated but by stun_key_new().
 * Thread: any; a key belongs to one at a time. */
#pragma once
#include "media/address.h"
#include <stddef.h>

enum {
	STUN_HEADER_BYTES = 20,
	STUN_TRANSACTION_BYTES = 12,
	STUN_UNKNOWN_MAX = 8,       /* unknown comprehension-required attributes that are named in a 420 */
	STUN_USER_MAX_BYTES = 513,  /* of ICE: two fragments of 256 and a colon */
	STUN_WRITE_MAX_BYTES = 640, /* what any of our messages needs at most */
};

typedef enum { STUN_REQUEST, STUN_INDICATION, STUN_SUCCESS, STUN_ERROR } stun_class;

/* The error codes we send and why: RFC 8489, 14.8; RFC 8445, 7.3.1.1. */
typedef enum {
	STUN_BAD_REQUEST = 400,
	STUN_UNAUTHENTICATED = 401,
	STUN_UNKNOWN_ATTRIBUTE = 420,
	STUN_ROLE_CONFLICT = 487,
} stun_code;

typedef enum { STUN_ROLE_NONE, STUN_ROLE_CONTROLLING, STUN_ROLE_CONTROLLED } stun_role;

/* A message as it was read; everything is borrowed from the datagram. */
typedef struct {
	const uint8_t *data;
	stun_class class;
	const uint8_t *transaction; /* STUN_TRANSACTION_BYTES */
	const char *user;           /* "receiver:sender", not ended by a zero; NULL: absent */
	size_t user_length;
	size_t integrity; /* offset of MESSAGE-INTEGRITY; 0: absent */
	gboolean has_fingerprint;
	gboolean is_nominating; /* USE-CANDIDATE */
	stun_role role;
	uint64_t tie_breaker;
	uint32_t priority;   /* 0: absent */
	address mapped;      /* XOR-MAPPED-ADDRESS; family 0: absent */
	guint code;          /* ERROR-CODE; 0: absent */
	guint unknown_count; /* comprehension-required attributes that we do not know */
	uint16_t unknown[STUN_UNKNOWN_MAX];
} stun_message;

/* RFC 7983: whether a datagram is STUN's. Cheap; says nothing of its validity. */
gboolean stun_is(const uint8_t *data, size_t length);
/* FALSE when it is no well-formed Binding message; `message` is then undefined. */
gboolean stun_parse(stun_message *message, const uint8_t *data, size_t length);

/* A password, ready for MESSAGE-INTEGRITY. */
typedef struct stun_key stun_key;
stun_key *stun_key_new(const char *password);
void stun_key_free(stun_key *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(stun_key, stun_key_free)

/* Whether MESSAGE-INTEGRITY is there and right. In constant time. */
gboolean stun_verify(const stun_message *message, stun_key *key);

/* A check of the controlling side; for peers of tests and of the load generator. */
typedef struct {
	const uint8_t *transaction; /* STUN_TRANSACTION_BYTES */
	const char *user;           /* "theirs:ours" */
	uint32_t priority;
	stun_role role;
	uint64_t tie_breaker;
	gboolean is_nominating;
} stun_request;

/* Each writes at most STUN_WRITE_MAX_BYTES to `out`, with MESSAGE-INTEGRITY (unless `key` is NULL) and FINGERPRINT, and returns
 * the length. */
size_t stun_write_request(uint8_t *out, const stun_request *request, stun_key *key);
size_t stun_write_success(uint8_t *out, const stun_message *request, const address *mapped, stun_key *key);
size_t stun_write_error(uint8_t *out, const stun_message *request, stun_code code, stun_key *key);
