/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stun.h"
#include "media/bytes.h"
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

enum {
	BINDING = 0x001,
	TYPE_LENGTH_BYTES = 4, /* before each value */
	INTEGRITY_BYTES = 20,
	FINGERPRINT_BYTES = 4,
};
#define COOKIE 0x2112a442u
#define FINGERPRINT_XOR 0x5354554eu

/* Below 0x8000 an attribute must be understood (RFC 8489, 14). */
enum {
	MAPPED_ADDRESS = 0x0001,
	USERNAME = 0x0006,
	MESSAGE_INTEGRITY = 0x0008,
	ERROR_CODE = 0x0009,
	UNKNOWN_ATTRIBUTES = 0x000a,
	REALM = 0x0014,
	NONCE = 0x0015,
	MESSAGE_INTEGRITY_SHA256 = 0x001c,
	XOR_MAPPED_ADDRESS = 0x0020,
	PRIORITY = 0x0024,
	USE_CANDIDATE = 0x0025,
	MUST_UNDERSTAND_MAX = 0x7fff,
	FINGERPRINT = 0x8028,
	ICE_CONTROLLED = 0x8029,
	ICE_CONTROLLING = 0x802a,
};

struct stun_key {
	EVP_MAC_CTX *hmac;
};

stun_key *stun_key_new(const char *password)
{
	stun_key *key = g_new0(stun_key, 1);
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA1", 0),
		OSSL_PARAM_construct_end(),
	};
	key->hmac = EVP_MAC_CTX_new(hmac);
	if (key->hmac == NULL || EVP_MAC_init(key->hmac, (const uint8_t *)password, strlen(password), parameters) != 1)
		g_error("OpenSSL has no HMAC-SHA1");
	EVP_MAC_free(hmac);
	return key;
}

void stun_key_free(stun_key *key)
{
	if (key == NULL)
		return;
	EVP_MAC_CTX_free(key->hmac);
	g_free(key);
}

/* CRC-32 of ISO 3309, four bits at a time. */
static uint32_t crc32(const uint8_t *data, size_t length)
{
	static const uint32_t table[16] = { 0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158,
		0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c };
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < length; i++) {
		crc = table[(crc ^ data[i]) & 15] ^ crc >> 4;
		crc = table[(crc ^ data[i] >> 4) & 15] ^ crc >> 4;
	}
	return ~crc;
}

/* HMAC of the message up to `length`, its header saying that MESSAGE-INTEGRITY is the end (RFC 8489, 14.5). */
static gboolean sign(stun_key *key, const uint8_t *data, size_t length, uint8_t digest[INTEGRITY_BYTES])
{
	uint8_t header[STUN_HEADER_BYTES];
	size_t written;
	memcpy(header, data, sizeof(header));
	bytes_put16(header + 2, (uint16_t)(length + TYPE_LENGTH_BYTES + INTEGRITY_BYTES - STUN_HEADER_BYTES));
	return EVP_MAC_init(key->hmac, NULL, 0, NULL) == 1 && EVP_MAC_update(key->hmac, header, sizeof(header)) == 1 &&
	       EVP_MAC_update(key->hmac, data + sizeof(header), length - sizeof(header)) == 1 &&
	       EVP_MAC_final(key->hmac, digest, &written, INTEGRITY_BYTES) == 1;
}

/* ---- reading */

gboolean stun_is(const uint8_t *data, size_t length)
{
	return length >= STUN_HEADER_BYTES && data[0] < 4 && bytes_get32(data + 4) == COOKIE;
}

/* One attribute's value, where it stands in the message. */
typedef struct {
	const uint8_t *value;
	size_t length, offset;
} attribute;

static gboolean read_user(stun_message *message, const attribute *attribute)
{
	message->user = (const char *)attribute->value;
	message->user_length = attribute->length;
	return attribute->length <= STUN_USER_MAX_BYTES;
}

static gboolean read_integrity(stun_message *message, const attribute *attribute)
{
	message->integrity = attribute->offset;
	return TRUE;
}

static gboolean read_fingerprint(stun_message *message, const attribute *attribute)
{
	message->has_fingerprint = TRUE;
	return bytes_get32(attribute->value) == (crc32(message->data, attribute->offset) ^ FINGERPRINT_XOR);
}

static gboolean read_priority(stun_message *message, const attribute *attribute)
{
	message->priority = bytes_get32(attribute->value);
	return TRUE;
}

static gboolean read_nomination(stun_message *message, const attribute *attribute)
{
	(void)attribute;
	message->is_nominating = TRUE;
	return TRUE;
}

static gboolean read_controlling(stun_message *message, const attribute *attribute)
{
	message->role = STUN_ROLE_CONTROLLING;
	message->tie_breaker = bytes_get64(attribute->value);
	return TRUE;
}

static gboolean read_controlled(stun_message *message, const attribute *attribute)
{
	message->role = STUN_ROLE_CONTROLLED;
	message->tie_breaker = bytes_get64(attribute->value);
	return TRUE;
}

static gboolean read_error(stun_message *message, const attribute *attribute)
{
	message->code = (attribute->value[2] & 7) * 100u + attribute->value[3];
	return message->code >= 300 && message->code < 700 && attribute->value[3] < 100;
}

/* The port is mixed with the cookie, the address with the cookie and the transaction (RFC 8489, 14.2). */
static void mix(uint8_t *out, const uint8_t *in, size_t length, const uint8_t *header)
{
	for (size_t i = 0; i < length; i++)
		out[i] = in[i] ^ header[4 + i];
}

static gboolean read_mapped(stun_message *message, const attribute *attribute)
{
	const uint8_t *value = attribute->value;
	address *mapped = &message->mapped;
	memset(mapped, 0, sizeof(*mapped));
	if (value[1] == 1 && attribute->length == 8) {
		mapped->family = AF_INET;
		mix((uint8_t *)&mapped->v4.sin_port, value + 2, 2, message->data);
		mix((uint8_t *)&mapped->v4.sin_addr, value + 4, 4, message->data);
	} else if (value[1] == 2 && attribute->length == 20) {
		mapped->family = AF_INET6;
		mix((uint8_t *)&mapped->v6.sin6_port, value + 2, 2, message->data);
		mix((uint8_t *)&mapped->v6.sin6_addr, value + 4, 16, message->data);
	}
	return mapped->family != 0;
}

/* What we understand; `read` NULL: known, and of no interest. */
static const struct {
	uint16_t type, min, max;
	gboolean (*read)(stun_message *message, const attribute *attribute);
} attributes[] = {
	{ MAPPED_ADDRESS, 8, 20, NULL },
	{ USERNAME, 1, STUN_USER_MAX_BYTES, read_user },
	{ MESSAGE_INTEGRITY, INTEGRITY_BYTES, INTEGRITY_BYTES, read_integrity },
	{ ERROR_CODE, 4, 767, read_error },
	{ UNKNOWN_ATTRIBUTES, 0, G_MAXUINT16, NULL },
	{ REALM, 0, 763, NULL },
	{ NONCE, 0, 763, NULL },
	{ MESSAGE_INTEGRITY_SHA256, 16, 32, NULL },
	{ XOR_MAPPED_ADDRESS, 8, 20, read_mapped },
	{ PRIORITY, 4, 4, read_priority },
	{ USE_CANDIDATE, 0, 0, read_nomination },
	{ FINGERPRINT, FINGERPRINT_BYTES, FINGERPRINT_BYTES, read_fingerprint },
	{ ICE_CONTROLLED, 8, 8, read_controlled },
	{ ICE_CONTROLLING, 8, 8, read_controlling },
};

static void note_unknown(stun_message *message, uint16_t type)
{
	if (type <= MUST_UNDERSTAND_MAX && message->unknown_count < STUN_UNKNOWN_MAX)
		message->unknown[message->unknown_count++] = type;
}

static gboolean read_attribute(stun_message *message, uint16_t type, const attribute *attribute)
{
	if (message->integrity != 0 && type != FINGERPRINT)
		return TRUE; /* anybody may have put it there */
	for (guint i = 0; i < G_N_ELEMENTS(attributes); i++) {
		if (attributes[i].type == type)
			return attribute->length >= attributes[i].min && attribute->length <= attributes[i].max &&
			       (attributes[i].read == NULL || attributes[i].read(message, attribute));
	}
	note_unknown(message, type);
	return TRUE;
}

/* The class is in two bits among those of the method (RFC 8489, 5). */
static gboolean read_type(stun_message *message, uint16_t type)
{
	message->class = (stun_class)((type >> 4 & 1) | (type >> 7 & 2));
	return (type & ~0x0110) == BINDING;
}

gboolean stun_parse(stun_message *message, const uint8_t *data, size_t length)
{
	if (!stun_is(data, length) || bytes_get16(data + 2) != length - STUN_HEADER_BYTES || length % 4 != 0)
		return FALSE;
	*message = (stun_message){ .data = data, .transaction = data + 8 };
	if (!read_type(message, bytes_get16(data)))
		return FALSE;
	size_t offset = STUN_HEADER_BYTES;
	while (offset < length && !message->has_fingerprint) {
		if (length - offset < TYPE_LENGTH_BYTES)
			return FALSE;
		attribute attribute = { data + offset + TYPE_LENGTH_BYTES, bytes_get16(data + offset + 2), offset };
		size_t next = offset + TYPE_LENGTH_BYTES + (attribute.length + 3) / 4 * 4;
		if (next > length || !read_attribute(message, bytes_get16(data + offset), &attribute))
			return FALSE;
		offset = next;
	}
	return offset == length;
}

gboolean stun_verify(const stun_message *message, stun_key *key)
{
	uint8_t digest[INTEGRITY_BYTES];
	return message->integrity != 0 && sign(key, message->data, message->integrity, digest) &&
	       CRYPTO_memcmp(digest, message->data + message->integrity + TYPE_LENGTH_BYTES, INTEGRITY_BYTES) == 0;
}

/* ---- writing */

static size_t begin(uint8_t *out, stun_class class, const uint8_t *transaction)
{
	bytes_put16(out, (uint16_t)(BINDING | (class & 1) << 4 | (class & 2) << 7));
	bytes_put32(out + 4, COOKIE);
	memcpy(out + 8, transaction, STUN_TRANSACTION_BYTES);
	return STUN_HEADER_BYTES;
}

/* Room for an attribute of `length` bytes, its padding zero. */
static uint8_t *append(uint8_t *out, size_t *end, uint16_t type, size_t length)
{
	uint8_t *value = out + *end + TYPE_LENGTH_BYTES;
	size_t padded = (length + 3) / 4 * 4;
	bytes_put16(out + *end, type);
	bytes_put16(out + *end + 2, (uint16_t)length);
	memset(value, 0, padded);
	*end += TYPE_LENGTH_BYTES + padded;
	return value;
}

static size_t finish(uint8_t *out, size_t end, stun_key *key)
{
	if (key != NULL) {
		size_t signed_length = end;
		uint8_t *digest = append(out, &end, MESSAGE_INTEGRITY, INTEGRITY_BYTES);
		sign(key, out, signed_length, digest);
	}
	size_t covered = end;
	uint8_t *fingerprint = append(out, &end, FINGERPRINT, FINGERPRINT_BYTES);
	bytes_put16(out + 2, (uint16_t)(end - STUN_HEADER_BYTES));
	bytes_put32(fingerprint, crc32(out, covered) ^ FINGERPRINT_XOR);
	return end;
}

size_t stun_write_request(uint8_t *out, const stun_request *request, stun_key *key)
{
	size_t end = begin(out, STUN_REQUEST, request->transaction), length = MIN(strlen(request->user), STUN_USER_MAX_BYTES);
	memcpy(append(out, &end, USERNAME, length), request->user, length);
	bytes_put32(append(out, &end, PRIORITY, 4), request->priority);
	if (request->role != STUN_ROLE_NONE)
		bytes_put64(append(out, &end, request->role == STUN_ROLE_CONTROLLING ? ICE_CONTROLLING : ICE_CONTROLLED, 8),
			request->tie_breaker);
	if (request->is_nominating)
		append(out, &end, USE_CANDIDATE, 0);
	return finish(out, end, key);
}

size_t stun_write_success(uint8_t *out, const stun_message *request, const address *mapped, stun_key *key)
{
	size_t end = begin(out, STUN_SUCCESS, request->transaction);
	gboolean is_v6 = mapped->family == AF_INET6;
	uint8_t *value = append(out, &end, XOR_MAPPED_ADDRESS, is_v6 ? 20 : 8);
	value[1] = is_v6 ? 2 : 1;
	mix(value + 2, is_v6 ? (const uint8_t *)&mapped->v6.sin6_port : (const uint8_t *)&mapped->v4.sin_port, 2, out);
	mix(value + 4, is_v6 ? (const uint8_t *)&mapped->v6.sin6_addr : (const uint8_t *)&mapped->v4.sin_addr, is_v6 ? 16 : 4,
		out);
	return finish(out, end, key);
}

size_t stun_write_error(uint8_t *out, const stun_message *request, stun_code code, stun_key *key)
{
	size_t end = begin(out, STUN_ERROR, request->transaction);
	uint8_t *value = append(out, &end, ERROR_CODE, 4); /* the reason phrase is for people, and may be empty */
	value[2] = (uint8_t)(code / 100);
	value[3] = (uint8_t)(code % 100);
	if (code == STUN_UNKNOWN_ATTRIBUTE) {
		value = append(out, &end, UNKNOWN_ATTRIBUTES, 2 * request->unknown_count);
		for (guint i = 0; i < request->unknown_count; i++)
			bytes_put16(value + 2 * i, request->unknown[i]);
	}
	return finish(out, end, key);
}
