/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/stun.h"
#include "media/bytes.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define MAGIC_COOKIE 0x2112a442u
#define FINGERPRINT_XOR 0x5354554eu

enum { HEADER_BYTES = 20, ID_OFFSET = 8, ATTRIBUTE_BYTES = 4, INTEGRITY_BYTES = 20, FINGERPRINT_BYTES = 4 };
enum {
	ATTRIBUTE_USERNAME = 0x0006,
	ATTRIBUTE_INTEGRITY = 0x0008,
	ATTRIBUTE_XOR_ADDRESS = 0x0020,
	ATTRIBUTE_PRIORITY = 0x0024,
	ATTRIBUTE_USE_CANDIDATE = 0x0025,
	ATTRIBUTE_FINGERPRINT = 0x8028,
	ATTRIBUTE_CONTROLLED = 0x8029,
	ATTRIBUTE_CONTROLLING = 0x802a,
};
enum { PRIORITY_PEER_REFLEXIVE = 110 << 24 | 65535 << 8 | 255 }; /* RFC 8445, 5.1.2 */

static uint32_t crc32(const uint8_t *data, size_t length)
{
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < length; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

static size_t add(uint8_t *out, size_t length, uint16_t type, const void *value, size_t size)
{
	bytes_put16(out + length, type);
	bytes_put16(out + length + 2, (uint16_t)size);
	if (size > 0)
		memcpy(out + length + ATTRIBUTE_BYTES, value, size);
	size_t padded = (size + 3) & ~(size_t)3;
	memset(out + length + ATTRIBUTE_BYTES + size, 0, padded - size);
	return length + ATTRIBUTE_BYTES + padded;
}

static void begin(uint8_t *out, uint16_t type, const uint8_t *id)
{
	bytes_put16(out, type);
	bytes_put32(out + 4, MAGIC_COOKIE);
	memcpy(out + ID_OFFSET, id, STUN_ID_BYTES);
}

/* What the integrity is computed over ends before it, but counts it in the length (RFC 8489, 14.5). */
static void make_integrity(uint8_t *message, size_t length, const char *password, uint8_t integrity[INTEGRITY_BYTES])
{
	guint size = INTEGRITY_BYTES;
	bytes_put16(message + 2, (uint16_t)(length + ATTRIBUTE_BYTES + INTEGRITY_BYTES - HEADER_BYTES));
	HMAC(EVP_sha1(), password, (int)strlen(password), message, length, integrity, &size);
}

static size_t finish(uint8_t *out, size_t length, const char *password)
{
	uint8_t integrity[INTEGRITY_BYTES], fingerprint[FINGERPRINT_BYTES];
	make_integrity(out, length, password, integrity);
	length = add(out, length, ATTRIBUTE_INTEGRITY, integrity, sizeof(integrity));
	bytes_put16(out + 2, (uint16_t)(length + ATTRIBUTE_BYTES + FINGERPRINT_BYTES - HEADER_BYTES));
	bytes_put32(fingerprint, crc32(out, length) ^ FINGERPRINT_XOR);
	return add(out, length, ATTRIBUTE_FINGERPRINT, fingerprint, sizeof(fingerprint));
}

size_t stun_write_request(uint8_t *out, const uint8_t id[STUN_ID_BYTES], const char *username, const char *password,
	gboolean is_controlling, uint64_t tie_breaker)
{
	uint8_t number[8];
	begin(out, STUN_REQUEST, id);
	size_t length = add(out, HEADER_BYTES, ATTRIBUTE_USERNAME, username, strlen(username));
	bytes_put64(number, tie_breaker);
	length = add(out, length, is_controlling ? ATTRIBUTE_CONTROLLING : ATTRIBUTE_CONTROLLED, number, sizeof(number));
	if (is_controlling)
		length = add(out, length, ATTRIBUTE_USE_CANDIDATE, NULL, 0);
	bytes_put32(number, PRIORITY_PEER_REFLEXIVE);
	length = add(out, length, ATTRIBUTE_PRIORITY, number, 4);
	return finish(out, length, password);
}

size_t stun_write_success(uint8_t *out, const uint8_t *request, const char *password, uint32_t address, uint16_t port)
{
	uint8_t value[8] = { 0, 1 };
	begin(out, STUN_SUCCESS, request + ID_OFFSET);
	bytes_put16(value + 2, (uint16_t)(port ^ MAGIC_COOKIE >> 16));
	bytes_put32(value + 4, address ^ MAGIC_COOKIE);
	return finish(out, add(out, HEADER_BYTES, ATTRIBUTE_XOR_ADDRESS, value, sizeof(value)), password);
}

guint stun_type(const uint8_t *data, size_t length)
{
	if (length < HEADER_BYTES || data[0] > 3 || bytes_get32(data + 4) != MAGIC_COOKIE ||
		bytes_get16(data + 2) + (size_t)HEADER_BYTES != length)
		return 0;
	return bytes_get16(data);
}

/* The offset of an attribute's header, 0 when it is not there. */
static size_t find(const uint8_t *data, size_t length, uint16_t type)
{
	for (size_t offset = HEADER_BYTES; offset + ATTRIBUTE_BYTES <= length;) {
		if (bytes_get16(data + offset) == type)
			return offset;
		offset += ATTRIBUTE_BYTES + ((bytes_get16(data + offset + 2) + (size_t)3) & ~(size_t)3);
	}
	return 0;
}

gboolean stun_is_authentic(const uint8_t *data, size_t length, const char *password)
{
	uint8_t copy[STUN_MAX_BYTES * 4], integrity[INTEGRITY_BYTES];
	size_t offset = find(data, length, ATTRIBUTE_INTEGRITY);
	if (offset == 0 || offset + ATTRIBUTE_BYTES + INTEGRITY_BYTES > length || offset > sizeof(copy))
		return FALSE;
	memcpy(copy, data, offset);
	make_integrity(copy, offset, password, integrity);
	return memcmp(integrity, data + offset + ATTRIBUTE_BYTES, INTEGRITY_BYTES) == 0;
}

gboolean stun_has_id(const uint8_t *data, const uint8_t id[STUN_ID_BYTES])
{
	return memcmp(data + ID_OFFSET, id, STUN_ID_BYTES) == 0;
}

gboolean stun_is_nomination(const uint8_t *data, size_t length)
{
	return find(data, length, ATTRIBUTE_USE_CANDIDATE) != 0;
}
