/* SPDX-License-Identifier: EUPL-1.2 */
/* RFC 5769, sections 2.1 to 2.3, and what strangers may try. */
#include "media/bytes.h"
#include "media/stun.h"
#include <string.h>

#define PASSWORD "VOkJxbRl1RmTxUk/WvJxBt"
#define TRANSACTION "b7e7a701bc34d686fa87dfae"

static const char request[] = "000100582112a442" TRANSACTION "802200105354554e207465737420636c69656e74"
			      "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
			      "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf";
static const char response[] = "0101003c2112a442" TRANSACTION "8022000b7465737420766563746f7220"
			       "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
			       "80280004c07d4c96";
static const char response_v6[] = "010100482112a442" TRANSACTION "8022000b7465737420766563746f7220"
				  "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
				  "00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c";

static size_t from_hex(const char *hex, uint8_t *out)
{
	size_t length = strlen(hex) / 2;
	for (size_t i = 0; i < length; i++)
		out[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
	return length;
}

static void test_request(void)
{
	uint8_t data[200];
	size_t length = from_hex(request, data);
	stun_message message;
	g_autoptr(stun_key) key = stun_key_new(PASSWORD), wrong = stun_key_new("VOkJxbRl1RmTxUk/WvJxBu");
	g_assert_true(stun_parse(&message, data, length));
	g_assert_cmpint(message.class, ==, STUN_REQUEST);
	g_assert_cmpmem(message.user, message.user_length, "evtj:h6vY", 9);
	g_assert_cmphex(message.priority, ==, 0x6e0001ff);
	g_assert_cmpint(message.role, ==, STUN_ROLE_CONTROLLED);
	g_assert_cmphex(message.tie_breaker, ==, 0x932ff9b151263b36);
	g_assert_true(message.has_fingerprint);
	g_assert_false(message.is_nominating);
	g_assert_cmpuint(message.unknown_count, ==, 0);
	g_assert_true(stun_verify(&message, key));
	g_assert_true(stun_verify(&message, key)); /* a key serves more than once */
	g_assert_false(stun_verify(&message, wrong));
}

static void test_responses(void)
{
	uint8_t data[200];
	stun_message message;
	g_autoptr(stun_key) key = stun_key_new(PASSWORD);
	address expected;
	g_assert_true(stun_parse(&message, data, from_hex(response, data)));
	g_assert_cmpint(message.class, ==, STUN_SUCCESS);
	g_assert_true(stun_verify(&message, key));
	g_assert_true(address_parse(&expected, "192.0.2.1", 32853));
	g_assert_true(address_equal(&message.mapped, &expected));
	g_assert_true(stun_parse(&message, data, from_hex(response_v6, data)));
	g_assert_true(stun_verify(&message, key));
	g_assert_true(address_parse(&expected, "2001:db8:1234:5678:11:2233:4455:6677", 32853));
	g_assert_true(address_equal(&message.mapped, &expected));
}

/* Each bit and each length counts. */
static void test_damage(void)
{
	uint8_t data[200];
	size_t length = from_hex(request, data);
	stun_message message;
	for (size_t i = 0; i < length * 8; i++) {
		data[i / 8] ^= (uint8_t)(1 << i % 8);
		g_assert_false(stun_parse(&message, data, length) && message.has_fingerprint);
		data[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t shorter = 0; shorter < length; shorter++) {
		g_autofree uint8_t *exact = g_memdup2(data, shorter);
		g_assert_false(stun_parse(&message, exact, shorter));
	}
}

static const stun_request check = {
	.transaction = (const uint8_t *)"abcdefghijkl",
	.user = "theirs:ours",
	.priority = 0x6e7f1eff,
	.role = STUN_ROLE_CONTROLLING,
	.tie_breaker = 0x0102030405060708,
	.is_nominating = TRUE,
};

static void test_write(void)
{
	uint8_t data[STUN_WRITE_MAX_BYTES], answer[STUN_WRITE_MAX_BYTES];
	stun_message message, read;
	g_autoptr(stun_key) key = stun_key_new("a password of more than 22");
	g_assert_true(stun_parse(&message, data, stun_write_request(data, &check, key)));
	g_assert_true(stun_verify(&message, key));
	g_assert_cmpmem(message.user, message.user_length, check.user, strlen(check.user));
	g_assert_cmpmem(message.transaction, STUN_TRANSACTION_BYTES, check.transaction, STUN_TRANSACTION_BYTES);
	g_assert_true(message.is_nominating);
	g_assert_cmpint(message.role, ==, STUN_ROLE_CONTROLLING);
	g_assert_cmphex(message.tie_breaker, ==, check.tie_breaker);
	static const char *const texts[] = { "198.51.100.7", "2001:db8::7" };
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		address mapped;
		g_assert_true(address_parse(&mapped, texts[i], 40000));
		g_assert_true(stun_parse(&read, answer, stun_write_success(answer, &message, &mapped, key)));
		g_assert_cmpint(read.class, ==, STUN_SUCCESS);
		g_assert_true(address_equal(&read.mapped, &mapped));
		g_assert_true(stun_verify(&read, key));
	}
	static const stun_code codes[] = { STUN_BAD_REQUEST, STUN_UNAUTHENTICATED, STUN_UNKNOWN_ATTRIBUTE, STUN_ROLE_CONFLICT };
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		g_assert_true(stun_parse(&read, answer, stun_write_error(answer, &message, codes[i], i < 2 ? NULL : key)));
		g_assert_cmpint(read.class, ==, STUN_ERROR);
		g_assert_cmpuint(read.code, ==, codes[i]);
		g_assert_cmpint(stun_verify(&read, key), ==, i >= 2);
	}
}

/* Put an attribute before (or after) MESSAGE-INTEGRITY of a written check, which is signed again without FINGERPRINT. */
static size_t insert(uint8_t *data, size_t length, size_t at, uint16_t type, uint16_t size)
{
	memmove(data + at + 4 + size, data + at, length - at);
	bytes_put16(data + at, type);
	bytes_put16(data + at + 2, size);
	memset(data + at + 4, 0, size);
	bytes_put16(data + 2, (uint16_t)(length + 4u + size - STUN_HEADER_BYTES));
	return length + 4u + size;
}

static void test_unknown(void)
{
	enum { FINGERPRINT_WHOLE = 8, INTEGRITY_WHOLE = 24 };
	uint8_t data[2 * STUN_WRITE_MAX_BYTES], answer[STUN_WRITE_MAX_BYTES];
	stun_message message;
	g_autoptr(stun_key) key = stun_key_new(PASSWORD);
	size_t length = stun_write_request(data, &check, key) - FINGERPRINT_WHOLE;
	length = insert(data, length, length - INTEGRITY_WHOLE, 0x7ffe, 4); /* must be understood */
	length = insert(data, length, length - INTEGRITY_WHOLE, 0xc001, 4); /* may be ignored */
	g_assert_true(stun_parse(&message, data, length));
	g_assert_false(message.has_fingerprint);
	g_assert_cmpuint(message.unknown_count, ==, 1);
	g_assert_cmphex(message.unknown[0], ==, 0x7ffe);
	g_assert_false(stun_verify(&message, key));
	g_assert_true(stun_parse(&message, answer, stun_write_error(answer, &message, STUN_UNKNOWN_ATTRIBUTE, key)));

	/* Behind MESSAGE-INTEGRITY anybody may have put it. */
	length = stun_write_request(data, &check, key) - FINGERPRINT_WHOLE;
	length = insert(data, length, length, 0x7ffe, 4);
	g_assert_true(stun_parse(&message, data, length));
	g_assert_cmpuint(message.unknown_count, ==, 0);
}

static void test_foreign(void)
{
	uint8_t data[STUN_WRITE_MAX_BYTES];
	stun_message message;
	size_t length = stun_write_request(data, &check, NULL);
	g_assert_true(stun_is(data, length));
	g_assert_true(stun_parse(&message, data, length));
	g_assert_cmpuint(message.integrity, ==, 0);
	g_autoptr(stun_key) key = stun_key_new(PASSWORD);
	g_assert_false(stun_verify(&message, key));
	data[0] = 0x80;
	g_assert_false(stun_is(data, length)); /* RTP */
	data[0] = 22;
	g_assert_false(stun_is(data, length)); /* DTLS */
	g_assert_false(stun_is(data, STUN_HEADER_BYTES - 1));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/media/stun/request", test_request);
	g_test_add_func("/media/stun/responses", test_responses);
	g_test_add_func("/media/stun/damage", test_damage);
	g_test_add_func("/media/stun/write", test_write);
	g_test_add_func("/media/stun/unknown", test_unknown);
	g_test_add_func("/media/stun/foreign", test_foreign);
	return g_test_run();
}
