/* SPDX-License-Identifier: EUPL-1.2 */
/* Vectors of RFC 3711 (appendix B) and RFC 7714 (sections 16 and 17), and libsrtp2 packet by packet. */
#include "media/bytes.h"
#include "media/limits.h"
#include "media/srtp-private.h"
#include <srtp2/srtp.h>
#include <string.h>

static size_t from_hex(uint8_t *out, const char *hex)
{
	size_t length = 0;
	for (; hex[0] != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		out[length++] = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
		hex++;
	}
	return length;
}

static void assert_hex(const uint8_t *data, size_t length, const char *hex)
{
	uint8_t expected[512];
	size_t size = from_hex(expected, hex);
	g_assert_cmpmem(data, length, expected, size);
}

static void test_derivation(void)
{
	uint8_t key[16], salt[14], out[32];
	from_hex(key, "E1F97A0D3E018BE0D64FA32C06DE4139");
	from_hex(salt, "0EC675AD498AFEEBB6960B3AABE6");
	srtp_derive(key, salt, 14, 0, out, 16);
	assert_hex(out, 16, "C61E7A93744F39EE10734AFE3FF7A087");
	srtp_derive(key, salt, 14, 2, out, 14);
	assert_hex(out, 14, "30CBBC08863D8C85D49DB34A9AE1");
	srtp_derive(key, salt, 14, 1, out, 20);
	assert_hex(out, 20, "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4");
}

/* RFC 3711, B.2: with SSRC and index zero the payload of zeros becomes the key stream. */
static void test_key_stream(void)
{
	uint8_t key[16], salt[14], auth[20] = { 0 }, header[12] = { 0x80 }, zeros[48] = { 0 }, out[128];
	from_hex(key, "2B7E151628AED2A6ABF7158809CF4F3C");
	from_hex(salt, "F0F1F2F3F4F5F6F7F8F9FAFBFCFD");
	g_autoptr(srtp) srtp = srtp_new_session(SRTP_PROFILE_SHA1, key, auth, salt, 0);
	g_assert_cmpuint(srtp_encrypt(srtp, 0, header, sizeof(header), zeros, sizeof(zeros), out), ==, 12 + 48 + 10);
	assert_hex(out + 12, 48,
		"E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0");
}

#define GCM_KEY "000102030405060708090a0b0c0d0e0f"
#define GCM_SALT "517569642070726f2071756f"

static void test_gcm_rtp(void)
{
	uint8_t key[16], salt[12], packet[128], out[128], back[128];
	from_hex(key, GCM_KEY);
	from_hex(salt, GCM_SALT);
	size_t length = from_hex(packet, "8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 "
					 "696e2070 61727465 73207472 6573");
	g_autoptr(srtp) sender = srtp_new_session(SRTP_PROFILE_GCM, key, NULL, salt, 0);
	g_autoptr(srtp) receiver = srtp_new_session(SRTP_PROFILE_GCM, key, NULL, salt, 0);
	size_t size = srtp_encrypt(sender, 0xf17b, packet, 12, packet + 12, length - 12, out);
	assert_hex(out, size,
		"8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf "
		"8833899d 7f27beb1 "
		"6a9152cf 765ee439 0cce");
	g_assert_cmpuint(srtp_decrypt(receiver, out, size, back), ==, length);
	g_assert_cmpmem(back, length, packet, length);
}

static void test_gcm_rtcp(void)
{
	uint8_t key[16], salt[12], packet[128], out[128], back[128];
	from_hex(key, GCM_KEY);
	from_hex(salt, GCM_SALT);
	size_t length = from_hex(packet, "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef "
					 "deadbeef deadbeef deadbeef deadbeef");
	g_autoptr(srtp) sender = srtp_new_session(SRTP_PROFILE_GCM, key, NULL, salt, 0x5d3);
	g_autoptr(srtp) receiver = srtp_new_session(SRTP_PROFILE_GCM, key, NULL, salt, 0);
	size_t size = srtcp_encrypt(sender, packet, length, out);
	assert_hex(out, size,
		"81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded "
		"0bb9275b c84aa458 "
		"96cf4d2f c5abf872 45d9eade 800005d4");
	g_assert_cmpuint(srtcp_decrypt(receiver, out, size, back), ==, length);
	g_assert_cmpmem(back, length, packet, length);
}

static const struct {
	const char *name;
	srtp_profile profile;
	void (*policy)(srtp_crypto_policy_t *policy);
} profiles[] = {
	{ "gcm", SRTP_PROFILE_GCM, srtp_crypto_policy_set_aes_gcm_128_16_auth },
	{ "sha1", SRTP_PROFILE_SHA1, srtp_crypto_policy_set_rtp_default },
};

static srtp_t oracle_new(guint profile, const uint8_t *master, srtp_ssrc_type_t direction)
{
	static uint8_t key[SRTP_MAX_KEY_LEN];
	srtp_policy_t policy = { .ssrc.type = direction, .key = key, .window_size = 256 };
	memcpy(key, master, 30);
	profiles[profile].policy(&policy.rtp);
	profiles[profile].policy(&policy.rtcp);
	srtp_t session;
	g_assert_cmpint(srtp_create(&session, &policy), ==, srtp_err_status_ok);
	return session;
}

/* A packet with random length, CSRCs and a header extension. */
static size_t random_packet(GRand *rand, uint16_t sequence, uint8_t *packet)
{
	size_t length = 12;
	guint sources = (guint)g_rand_int_range(rand, 0, 3);
	gboolean has_extension = g_rand_boolean(rand);
	packet[0] = (uint8_t)(0x80 | sources | (has_extension ? 0x10 : 0));
	packet[1] = 96;
	bytes_put16(packet + 2, sequence);
	bytes_put32(packet + 4, sequence * 3000u);
	bytes_put32(packet + 8, 0xcafe0000u + (guint)g_rand_int_range(rand, 0, 2));
	length += 4 * sources;
	if (has_extension) {
		bytes_put16(packet + length, 0xbede);
		bytes_put16(packet + length + 2, 2);
		length += 12;
	}
	for (guint rest = (guint)g_rand_int_range(rand, 0, 1200); rest > 0; rest--)
		packet[length++] = (uint8_t)g_rand_int(rand);
	return length;
}

static size_t clear_length(const uint8_t *packet)
{
	return 12 + 4u * (packet[0] & 15) + (packet[0] & 0x10 ? 12 : 0);
}

/* Ours to theirs and theirs to ours, across the roll-over. */
static void test_oracle(gconstpointer data)
{
	guint profile = GPOINTER_TO_UINT(data);
	GRand *rand = g_rand_new_with_seed(7);
	uint8_t master[30], packet[2048], ours[2048], theirs[2048], plain[2048];
	for (guint i = 0; i < sizeof(master); i++)
		master[i] = (uint8_t)g_rand_int(rand);
	srtp_t out = oracle_new(profile, master, ssrc_any_outbound), in = oracle_new(profile, master, ssrc_any_inbound);
	g_autoptr(srtp) sender = srtp_new(profiles[profile].profile, master, master + 16);
	g_autoptr(srtp) receiver = srtp_new(profiles[profile].profile, master, master + 16);
	for (guint index = 0x7000; index < 0x7000 + 150000; index += (guint)g_rand_int_range(rand, 1, 60)) {
		size_t length = random_packet(rand, (uint16_t)index, packet), clear = clear_length(packet);
		size_t size = srtp_encrypt(sender, index, packet, clear, packet + clear, length - clear, ours);
		memcpy(theirs, packet, length);
		int their_size = (int)length;
		g_assert_cmpint(srtp_protect(out, theirs, &their_size), ==, srtp_err_status_ok);
		g_assert_cmpmem(ours, size, theirs, (size_t)their_size);
		g_assert_cmpuint(srtp_decrypt(receiver, theirs, size, plain), ==, length);
		g_assert_cmpmem(plain, length, packet, length);
		g_assert_cmpint(srtp_unprotect(in, ours, &their_size), ==, srtp_err_status_ok);
	}
	for (guint i = 0; i < 1000; i++) {
		size_t length = 8 + 4 * (size_t)g_rand_int_range(rand, 0, 60);
		packet[0] = 0x80, packet[1] = 201;
		bytes_put16(packet + 2, (uint16_t)(length / 4 - 1));
		bytes_put32(packet + 4, 77);
		size_t size = srtcp_encrypt(sender, packet, length, ours);
		int their_size = (int)length;
		memcpy(theirs, packet, length);
		g_assert_cmpint(srtp_protect_rtcp(out, theirs, &their_size), ==, srtp_err_status_ok);
		g_assert_cmpmem(ours, size, theirs, (size_t)their_size);
		g_assert_cmpuint(srtcp_decrypt(receiver, theirs, size, plain), ==, length);
		g_assert_cmpmem(plain, length, packet, length);
	}
	srtp_dealloc(out);
	srtp_dealloc(in);
	g_rand_free(rand);
}

/* What must not get through, and must not change what does. */
static void test_refusal(gconstpointer data)
{
	srtp_profile profile = profiles[GPOINTER_TO_UINT(data)].profile;
	static const uint8_t master[30] = "a master key and its salt ....";
	uint8_t header[12] = { 0x80, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9 }, payload[20] = "hello", out[64], again[64], plain[64];
	g_autoptr(srtp) sender = srtp_new(profile, master, master + 16);
	g_autoptr(srtp) receiver = srtp_new(profile, master, master + 16);
	bytes_put16(header + 2, 1000);
	size_t size = srtp_encrypt(sender, 1000, header, 12, payload, sizeof(payload), out);
	for (size_t i = 0; i < size; i++) {
		memcpy(again, out, size);
		again[i] ^= 1;
		g_assert_cmpuint(srtp_decrypt(receiver, again, size, plain), ==, 0);
	}
	for (size_t length = 0; length < size; length++)
		g_assert_cmpuint(srtp_decrypt(receiver, out, length, plain), ==, 0);
	g_assert_cmpuint(srtp_decrypt(receiver, out, size, plain), ==, 32);
	g_assert_cmpuint(srtp_decrypt(receiver, out, size, plain), ==, 0); /* replayed */
	bytes_put16(header + 2, 1000 + SRTP_REPLAY_WINDOW);
	size = srtp_encrypt(sender, 1000 + SRTP_REPLAY_WINDOW, header, 12, payload, sizeof(payload), again);
	g_assert_cmpuint(srtp_decrypt(receiver, again, size, plain), ==, 32);
	g_assert_cmpuint(srtp_decrypt(receiver, out, size, plain), ==, 0); /* out of the window */
	bytes_put16(header + 2, 1001);
	size = srtp_encrypt(sender, 1001, header, 12, payload, sizeof(payload), again);
	g_assert_cmpuint(srtp_decrypt(receiver, again, size, plain), ==, 32); /* late, but within */
	for (guint ssrc = 10; ssrc < 10 + 2 * MEDIA_SSRCS_MAX; ssrc++) {
		bytes_put32(header + 8, ssrc);
		size = srtp_encrypt(sender, 1001, header, 12, payload, sizeof(payload), again);
		g_assert_cmpuint(srtp_decrypt(receiver, again, size, plain), ==, ssrc < 10 + MEDIA_SSRCS_MAX - 1 ? 32 : 0);
	}
}

/* SRTCP that is not encrypted, replayed or changed. */
static void test_rtcp_refusal(gconstpointer data)
{
	srtp_profile profile = profiles[GPOINTER_TO_UINT(data)].profile;
	static const uint8_t master[30] = "a master key and its salt ....";
	uint8_t report[8] = { 0x80, 201, 0, 1, 0, 0, 0, 5 }, out[64], again[64], plain[64];
	g_autoptr(srtp) sender = srtp_new(profile, master, master + 16);
	g_autoptr(srtp) receiver = srtp_new(profile, master, master + 16);
	size_t size = srtcp_encrypt(sender, report, sizeof(report), out);
	for (size_t i = 0; i < size; i++) {
		memcpy(again, out, size);
		again[i] ^= 0x80;
		g_assert_cmpuint(srtcp_decrypt(receiver, again, size, plain), ==, 0);
	}
	g_assert_cmpuint(srtcp_decrypt(receiver, out, size, plain), ==, sizeof(report));
	g_assert_cmpuint(srtcp_decrypt(receiver, out, size, plain), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(srtp_init(), ==, srtp_err_status_ok);
	g_test_add_func("/srtp/derivation", test_derivation);
	g_test_add_func("/srtp/key-stream", test_key_stream);
	g_test_add_func("/srtp/gcm-rtp", test_gcm_rtp);
	g_test_add_func("/srtp/gcm-rtcp", test_gcm_rtcp);
	for (guint i = 0; i < G_N_ELEMENTS(profiles); i++) {
		g_autofree char *oracle = g_strdup_printf("/srtp/%s/oracle", profiles[i].name);
		g_autofree char *refusal = g_strdup_printf("/srtp/%s/refusal", profiles[i].name);
		g_autofree char *rtcp_refusal = g_strdup_printf("/srtp/%s/rtcp-refusal", profiles[i].name);
		g_test_add_data_func(oracle, GUINT_TO_POINTER(i), test_oracle);
		g_test_add_data_func(refusal, GUINT_TO_POINTER(i), test_refusal);
		g_test_add_data_func(rtcp_refusal, GUINT_TO_POINTER(i), test_rtcp_refusal);
	}
	return g_test_run();
}
