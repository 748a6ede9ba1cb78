/* SPDX-License-Identifier: EUPL-1.2 */
/* Known answers of FIPS 180-4, RFC 4231, 5869, 8032, 7914 and 4648. */
#include "core/crypto.h"
#include "core/error.h"
#include "core/id.h"
#include <string.h>

static void assert_hex(const void *data, size_t length, const char *wanted)
{
	g_autofree char *hex = crypto_hex(data, length);
	g_assert_cmpstr(hex, ==, wanted);
}

static GBytes *from_hex(const char *hex)
{
	g_autoptr(GError) error = NULL;
	GBytes *bytes = crypto_hex_decode(hex, &error);
	g_assert_no_error(error);
	return bytes;
}

static void test_hashes(void)
{
	static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	g_autofree char *hash = crypto_sha256_hex("abc", 3);
	g_assert_cmpstr(hash, ==, abc);
	g_autoptr(crypto_digest) digest = crypto_digest_new();
	guint8 peeked[CRYPTO_HASH_BYTES];
	crypto_digest_update(digest, "a", 1);
	crypto_digest_peek(digest, peeked);
	crypto_digest_update(digest, "bc", 2);
	crypto_digest_peek(digest, peeked);
	assert_hex(peeked, sizeof(peeked), abc);
	guint8 mac[CRYPTO_HASH_BYTES];
	crypto_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, mac);
	assert_hex(mac, sizeof(mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void test_hkdf(void)
{
	/* RFC 5869, A.3: neither salt nor info */
	guint8 out[42];
	g_autoptr(GBytes) secret = from_hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
	crypto_hkdf_sha256(g_bytes_get_data(secret, NULL), 22, NULL, 0, "", out, sizeof(out));
	assert_hex(out, sizeof(out), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

static void test_ed25519(void)
{
	/* RFC 8032, 7.1, test 3 */
	g_autoptr(GBytes) seed = from_hex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7");
	static const guint8 message[] = { 0xaf, 0x82 };
	crypto_keypair pair;
	guint8 signature[CRYPTO_SIGNATURE_BYTES];
	crypto_keypair_from_secret(&pair, g_bytes_get_data(seed, NULL));
	assert_hex(pair.public, sizeof(pair.public), "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
	crypto_sign(&pair, message, sizeof(message), signature);
	assert_hex(signature, sizeof(signature),
		"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
		"c027beceea1ec40a");
	g_assert_true(crypto_verify(pair.public, message, sizeof(message), signature));
	for (guint i = 0; i < sizeof(signature); i++) {
		signature[i] ^= 1;
		g_assert_false(crypto_verify(pair.public, message, sizeof(message), signature));
		signature[i] ^= 1;
	}
	g_assert_false(crypto_verify(pair.public, message, 1, signature));
}

static void test_base64(void)
{
	static const char *const plain[] = { "", "f", "fo", "foo", "foob", "fooba", "foobar" };
	static const char *const base64[] = { "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
	for (guint i = 0; i < G_N_ELEMENTS(plain); i++) {
		g_autofree char *text = crypto_base64(plain[i], strlen(plain[i]));
		g_assert_cmpstr(text, ==, base64[i]);
		g_autofree char *url = crypto_base64url(plain[i], strlen(plain[i]));
		g_autoptr(GBytes) back = crypto_base64_decode(text, NULL), url_back = crypto_base64url_decode(url, NULL);
		g_assert_true(g_bytes_equal(back, url_back));
		g_assert_cmpmem(g_bytes_get_data(back, NULL), g_bytes_get_size(back), plain[i], strlen(plain[i]));
	}
	g_autofree char *url = crypto_base64url("\xfb\xff\xfe", 3);
	g_assert_cmpstr(url, ==, "-__-");
	static const char *const wrong[] = { "Zg", "Zg=", "Zh==", "Zg==\n", "Zm9v!", "Z m9v", "=", "Zg==Zg==", "-__-" };
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_null(crypto_base64_decode(wrong[i], &error));
		g_assert_error(error, CORE_ERROR, CORE_ERROR_FORMAT);
	}
	static const char *const wrong_url[] = { "Zg==", "Zh", "Z", "+//+", "Zm9v\n" };
	for (guint i = 0; i < G_N_ELEMENTS(wrong_url); i++)
		g_assert_null(crypto_base64url_decode(wrong_url[i], NULL));
	static const char *const wrong_hex[] = { "a", "AA", "zz", "a " };
	for (guint i = 0; i < G_N_ELEMENTS(wrong_hex); i++)
		g_assert_null(crypto_hex_decode(wrong_hex[i], NULL));
}

static void test_passwords(void)
{
	g_autofree char *hash = crypto_password_hash("Grüße aus Köln");
	g_assert_true(g_str_has_prefix(hash, "$scrypt$ln=15,r=8,p=3$"));
	g_assert_true(crypto_password_verify("Grüße aus Köln", hash));
	g_assert_false(crypto_password_verify("Grüße aus Koln", hash));
	g_autofree char *again = crypto_password_hash("Grüße aus Köln");
	g_assert_cmpstr(hash, !=, again);
	/* RFC 7914, section 12: N = 16384, r = 8, p = 1; its first 32 bytes */
	g_assert_true(crypto_password_verify(
		"pleaseletmein", "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI"));
	static const char *const wrong[] = { "", "x", "$scrypt$", "$scrypt$ln=30,r=8,p=1$U29kaXVtQ2hsb3JpZGU$AAAA",
		"$scrypt$ln=24,r=99,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI",
		"$scrypt$ln=14,r=8,p=1$!$!" };
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_assert_false(crypto_password_verify("pleaseletmein", wrong[i]));
	g_assert_false(crypto_password_verify("", NULL));
}

static void test_chance(void)
{
	guint seen[6] = { 0 };
	for (guint i = 0; i < 6000; i++)
		seen[crypto_random_below(6)]++;
	for (guint i = 0; i < G_N_ELEMENTS(seen); i++)
		g_assert_cmpuint(ABS((gint)seen[i] - 1000), <, 250); /* nine standard deviations */
	g_assert_cmpuint(crypto_random_below(1), ==, 0);
	g_autofree char *one = crypto_secret_new(), *other = crypto_secret_new();
	g_assert_cmpuint(strlen(one), ==, 43);
	g_assert_cmpstr(one, !=, other);
	g_assert_true(crypto_equal_text(one, one));
	g_assert_false(crypto_equal_text(one, other));
	g_assert_false(crypto_equal_text(one, NULL));
}

static void test_ids(void)
{
	g_autofree char *id = id_new("appointment"), *other = id_new("appointment");
	g_assert_cmpuint(strlen(id), ==, strlen("appointment_") + 26);
	g_assert_cmpstr(id, !=, other);
	g_assert_true(id_is("appointment", id));
	g_assert_false(id_is("session", id));
	g_assert_false(id_is("appointment", NULL));
	g_assert_false(id_is("appointment", "appointment_"));
	g_assert_false(id_is("appointment", "appointment_0123456789ABCDEFGHJKMNPQRS"));
	g_assert_true(id_is("appointment", "appointment_0123456789abcdefghjkmnpqrs"));
	g_assert_false(id_is("appointment", "appointment_0123456789abcdefghjkmnpqrst"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/crypto/hashes", test_hashes);
	g_test_add_func("/crypto/hkdf", test_hkdf);
	g_test_add_func("/crypto/ed25519", test_ed25519);
	g_test_add_func("/crypto/base64", test_base64);
	g_test_add_func("/crypto/passwords", test_passwords);
	g_test_add_func("/crypto/chance", test_chance);
	g_test_add_func("/crypto/ids", test_ids);
	return g_test_run();
}
