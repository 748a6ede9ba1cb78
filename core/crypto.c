/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/crypto.h"
#include "core/error.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* OpenSSL fails here only without memory or entropy, or by our mistake. */
#define MUST(condition)                                                                                                          \
	do {                                                                                                                     \
		if (!(condition))                                                                                                \
			g_error("OpenSSL failed: %s", #condition);                                                               \
	} while (0)

/* --- chance --- */

void crypto_random(void *buffer, size_t length)
{
	MUST(RAND_bytes(buffer, (int)length) == 1);
}

uint64_t crypto_random_below(uint64_t bound)
{
	/* Numbers from the incomplete last round of `bound` would make the small ones likelier. */
	uint64_t rest = -bound % bound, number;
	do
		crypto_random(&number, sizeof(number));
	while (number < rest);
	return number % bound;
}

char *crypto_secret_new(void)
{
	guint8 random[32];
	crypto_random(random, sizeof(random));
	char *secret = crypto_base64url(random, sizeof(random));
	crypto_wipe(random, sizeof(random));
	return secret;
}

char *crypto_secret_hash(const char *secret)
{
	return crypto_sha256_hex(secret, strlen(secret));
}

/* --- hashes --- */

static void free_context(gpointer context)
{
	EVP_MD_CTX_free(context);
}

/* The audit log hashes millions of small inputs: looking up the algorithm and making a context would cost more than they do. */
void crypto_sha256(const void *data, size_t length, guint8 hash[CRYPTO_HASH_BYTES])
{
	static EVP_MD *algorithm;
	static GPrivate contexts = G_PRIVATE_INIT(free_context);
	if (g_once_init_enter(&algorithm))
		g_once_init_leave(&algorithm, EVP_MD_fetch(NULL, "SHA256", NULL));
	EVP_MD_CTX *context = g_private_get(&contexts);
	if (context == NULL) {
		context = EVP_MD_CTX_new();
		g_private_set(&contexts, context);
	}
	MUST(EVP_DigestInit_ex(context, algorithm, NULL) == 1 && EVP_DigestUpdate(context, data, length) == 1 &&
		EVP_DigestFinal_ex(context, hash, NULL) == 1);
}

char *crypto_sha256_hex(const void *data, size_t length)
{
	guint8 hash[CRYPTO_HASH_BYTES];
	crypto_sha256(data, length, hash);
	return crypto_hex(hash, sizeof(hash));
}

void crypto_hmac_sha256(const void *key, size_t key_length, const void *data, size_t length, guint8 mac[CRYPTO_HASH_BYTES])
{
	MUST(HMAC(EVP_sha256(), key, (int)key_length, data, length, mac, NULL) != NULL);
}

void crypto_hkdf_sha256(const void *secret, size_t secret_length, const void *salt, size_t salt_length, const char *info,
	void *out, size_t length)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
	MUST(context != NULL && EVP_PKEY_derive_init(context) == 1);
	MUST(EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) == 1);
	MUST(EVP_PKEY_CTX_set1_hkdf_key(context, secret, (int)secret_length) == 1);
	if (salt != NULL)
		MUST(EVP_PKEY_CTX_set1_hkdf_salt(context, salt, (int)salt_length) == 1);
	MUST(EVP_PKEY_CTX_add1_hkdf_info(context, (const guint8 *)info, (int)strlen(info)) == 1);
	MUST(EVP_PKEY_derive(context, out, &length) == 1);
	EVP_PKEY_CTX_free(context);
}

struct crypto_digest {
	EVP_MD_CTX *context;
	EVP_MD_CTX *copy; /* for peek: a digest that is read is finished */
};

crypto_digest *crypto_digest_new(void)
{
	crypto_digest *self = g_new0(crypto_digest, 1);
	self->context = EVP_MD_CTX_new();
	self->copy = EVP_MD_CTX_new();
	MUST(EVP_DigestInit_ex(self->context, EVP_sha256(), NULL) == 1);
	return self;
}

void crypto_digest_update(crypto_digest *self, const void *data, size_t length)
{
	MUST(EVP_DigestUpdate(self->context, data, length) == 1);
}

void crypto_digest_peek(const crypto_digest *self, guint8 hash[CRYPTO_HASH_BYTES])
{
	MUST(EVP_MD_CTX_copy_ex(self->copy, self->context) == 1);
	MUST(EVP_DigestFinal_ex(self->copy, hash, NULL) == 1);
}

void crypto_digest_free(crypto_digest *self)
{
	if (self == NULL)
		return;
	EVP_MD_CTX_free(self->context);
	EVP_MD_CTX_free(self->copy);
	g_free(self);
}

/* --- text forms --- */

char *crypto_hex(const void *data, size_t length)
{
	const guint8 *bytes = data;
	char *text = g_malloc(2 * length + 1);
	for (size_t i = 0; i < length; i++) {
		text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	text[2 * length] = '\0';
	return text;
}

char *crypto_base64(const void *data, size_t length)
{
	return g_base64_encode(data, length);
}

char *crypto_base64url(const void *data, size_t length)
{
	char *text = g_base64_encode(data, length);
	g_strdelimit(text, "+", '-');
	g_strdelimit(text, "/", '_');
	text[strcspn(text, "=")] = '\0';
	return text;
}

gboolean crypto_hex_read(const char *text, void *buffer, size_t length)
{
	static const guint8 values[256] = { ['0'] = 1,
		['1'] = 2,
		['2'] = 3,
		['3'] = 4,
		['4'] = 5,
		['5'] = 6,
		['6'] = 7,
		['7'] = 8,
		['8'] = 9,
		['9'] = 10,
		['a'] = 11,
		['b'] = 12,
		['c'] = 13,
		['d'] = 14,
		['e'] = 15,
		['f'] = 16 }; /* plus one; 0: no digit */
	guint8 *bytes = buffer;
	for (size_t i = 0; i < length; i++) {
		guint high = values[(guint8)text[2 * i]], low = high != 0 ? values[(guint8)text[2 * i + 1]] : 0;
		if (low == 0)
			return FALSE;
		bytes[i] = (guint8)((high - 1) << 4 | (low - 1));
	}
	return TRUE;
}

GBytes *crypto_hex_decode(const char *text, GError **error)
{
	size_t length = strlen(text);
	guint8 *bytes = g_malloc(length / 2 + 1);
	if (length % 2 == 0 && crypto_hex_read(text, bytes, length / 2))
		return g_bytes_new_take(bytes, length / 2);
	g_free(bytes);
	g_set_error_literal(error, CORE_ERROR, CORE_ERROR_FORMAT, "This is no lower-case hexadecimal text.");
	return NULL;
}

GBytes *crypto_base64_decode(const char *text, GError **error)
{
	gsize length = 0;
	guint8 *bytes = g_base64_decode(text, &length);
	/* GLib skips what it does not know; only what encodes back to the same text was well formed. */
	g_autofree char *again = g_base64_encode(bytes, length);
	if (!g_str_equal(again, text)) {
		g_free(bytes);
		g_set_error_literal(error, CORE_ERROR, CORE_ERROR_FORMAT, "This is no valid base64 text.");
		return NULL;
	}
	return g_bytes_new_take(bytes, length);
}

GBytes *crypto_base64url_decode(const char *text, GError **error)
{
	if (strpbrk(text, "+/=") != NULL) {
		g_set_error_literal(error, CORE_ERROR, CORE_ERROR_FORMAT, "This is no valid base64url text.");
		return NULL;
	}
	static const char *const padding[] = { "", "===", "==", "=" };
	g_autofree char *padded = g_strconcat(text, padding[strlen(text) % 4], NULL);
	g_strdelimit(padded, "-", '+');
	g_strdelimit(padded, "_", '/');
	return crypto_base64_decode(padded, error);
}

/* --- comparing and forgetting --- */

gboolean crypto_equal(const void *a, const void *b, size_t length)
{
	return CRYPTO_memcmp(a, b, length) == 0;
}

gboolean crypto_equal_text(const char *a, const char *b)
{
	return a != NULL && b != NULL && strlen(a) == strlen(b) && crypto_equal(a, b, strlen(a));
}

void crypto_wipe(void *buffer, size_t length)
{
	OPENSSL_cleanse(buffer, length);
}

void crypto_free_secret(char *secret)
{
	if (secret != NULL)
		crypto_wipe(secret, strlen(secret));
	g_free(secret);
}

void crypto_keep_memory_private(void)
{
	const struct rlimit none = { 0 };
	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
	prctl(PR_SET_DUMPABLE, 0); /* a core_pattern that is a pipe does not ask for the limit */
#endif
}

/* --- signatures --- */

void crypto_keypair_new(crypto_keypair *pair)
{
	guint8 secret[CRYPTO_KEY_BYTES];
	crypto_random(secret, sizeof(secret));
	crypto_keypair_from_secret(pair, secret);
	crypto_wipe(secret, sizeof(secret));
}

void crypto_keypair_from_secret(crypto_keypair *pair, const guint8 secret[CRYPTO_KEY_BYTES])
{
	size_t length = CRYPTO_KEY_BYTES;
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, CRYPTO_KEY_BYTES);
	MUST(key != NULL && EVP_PKEY_get_raw_public_key(key, pair->public, &length) == 1);
	memmove(pair->secret, secret, CRYPTO_KEY_BYTES);
	EVP_PKEY_free(key);
}

void crypto_sign(const crypto_keypair *pair, const void *data, size_t length, guint8 signature[CRYPTO_SIGNATURE_BYTES])
{
	size_t signature_length = CRYPTO_SIGNATURE_BYTES;
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, pair->secret, CRYPTO_KEY_BYTES);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	MUST(key != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1);
	MUST(EVP_DigestSign(context, signature, &signature_length, data, length) == 1);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
}

gboolean crypto_verify(
	const guint8 public[CRYPTO_KEY_BYTES], const void *data, size_t length, const guint8 signature[CRYPTO_SIGNATURE_BYTES])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public, CRYPTO_KEY_BYTES);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	gboolean is_valid = key != NULL && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
			    EVP_DigestVerify(context, signature, CRYPTO_SIGNATURE_BYTES, data, length) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return is_valid;
}

/* --- passwords --- */

enum { SALT_BYTES = 16, SCRYPT_LOG2_N = 15, SCRYPT_R = 8, SCRYPT_P = 3, SCRYPT_MAX_BYTES = 256 << 20 };

static gboolean scrypt(const char *password, GBytes *salt, guint log2_n, guint r, guint p, guint8 hash[CRYPTO_HASH_BYTES])
{
	return EVP_PBE_scrypt(password, strlen(password), g_bytes_get_data(salt, NULL), g_bytes_get_size(salt),
		       (uint64_t)1 << log2_n, r, p, SCRYPT_MAX_BYTES, hash, CRYPTO_HASH_BYTES) == 1;
}

/* PHC strings carry base64 without padding. */
static char *phc_base64(const void *data, size_t length)
{
	char *text = g_base64_encode(data, length);
	text[strcspn(text, "=")] = '\0';
	return text;
}

static GBytes *phc_base64_decode(const char *text)
{
	static const char *const padding[] = { "", "===", "==", "=" };
	g_autofree char *padded = g_strconcat(text, padding[strlen(text) % 4], NULL);
	return crypto_base64_decode(padded, NULL);
}

char *crypto_password_hash(const char *password)
{
	guint8 salt[SALT_BYTES], hash[CRYPTO_HASH_BYTES];
	crypto_random(salt, sizeof(salt));
	g_autoptr(GBytes) salt_bytes = g_bytes_new_static(salt, sizeof(salt));
	MUST(scrypt(password, salt_bytes, SCRYPT_LOG2_N, SCRYPT_R, SCRYPT_P, hash));
	g_autofree char *salt_text = phc_base64(salt, sizeof(salt));
	g_autofree char *hash_text = phc_base64(hash, sizeof(hash));
	return g_strdup_printf("$scrypt$ln=%d,r=%d,p=%d$%s$%s", SCRYPT_LOG2_N, SCRYPT_R, SCRYPT_P, salt_text, hash_text);
}

gboolean crypto_password_verify(const char *password, const char *stored)
{
	/* The stand-in for unknown names: a hash that nothing has. */
	g_autofree char *text =
		stored != NULL
			? g_strdup(stored)
			: g_strdup_printf(
				  "$scrypt$ln=%d,r=%d,p=%d$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
				  SCRYPT_LOG2_N, SCRYPT_R, SCRYPT_P);
	guint log2_n, r, p;
	g_auto(GStrv) parts = g_strsplit(text, "$", 6);
	if (g_strv_length(parts) != 5 || *parts[0] != '\0' || !g_str_equal(parts[1], "scrypt") ||
		sscanf(parts[2], "ln=%2u,r=%2u,p=%2u", &log2_n, &r, &p) != 3 || log2_n < 1 || log2_n > 24)
		return FALSE;
	g_autoptr(GBytes) salt = phc_base64_decode(parts[3]);
	g_autoptr(GBytes) hash = phc_base64_decode(parts[4]);
	guint8 computed[CRYPTO_HASH_BYTES];
	return salt != NULL && hash != NULL && g_bytes_get_size(hash) == CRYPTO_HASH_BYTES &&
	       scrypt(password, salt, log2_n, r, p, computed) &&
	       crypto_equal(computed, g_bytes_get_data(hash, NULL), CRYPTO_HASH_BYTES) && stored != NULL;
}
