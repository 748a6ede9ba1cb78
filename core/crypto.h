/* SPDX-License-Identifier: EUPL-1.2 */
/* The cryptography that more than one folder needs, over OpenSSL's EVP. Thread: any.
 *
 * Calls that cannot fail but by lack of memory or entropy return nothing and abort then: there is no way on. */
#pragma once
#include <glib.h>
#include <stdint.h>

enum { CRYPTO_HASH_BYTES = 32, CRYPTO_KEY_BYTES = 32, CRYPTO_SIGNATURE_BYTES = 64, CRYPTO_HASH_HEX = 65 };

/* --- chance --- */
void crypto_random(void *buffer, size_t length);
/* A uniform number in [0, bound), without modulo bias. `bound` > 0. */
uint64_t crypto_random_below(uint64_t bound);
/* (transfer full) A secret for a link, cookie or token: 256 random bits, 43 characters of base64url. */
char *crypto_secret_new(void);
/* (transfer full) What the database keeps of a secret: its SHA-256 in hex. A secret has too much entropy to need salt. */
char *crypto_secret_hash(const char *secret);

/* --- hashes: SHA-256 (FIPS 180-4), HMAC (RFC 2104), HKDF (RFC 5869) --- */
void crypto_sha256(const void *data, size_t length, guint8 hash[CRYPTO_HASH_BYTES]);
/* (transfer full) in lower-case hex */
char *crypto_sha256_hex(const void *data, size_t length);
void crypto_hmac_sha256(const void *key, size_t key_length, const void *data, size_t length, guint8 mac[CRYPTO_HASH_BYTES]);
/* `length` at most 8160. `salt` may be NULL. */
void crypto_hkdf_sha256(const void *secret, size_t secret_length, const void *salt, size_t salt_length, const char *info,
	void *out, size_t length);

/* SHA-256 over a stream. */
typedef struct crypto_digest crypto_digest;
crypto_digest *crypto_digest_new(void);
void crypto_digest_update(crypto_digest *digest, const void *data, size_t length);
/* The hash of all so far; more may follow. */
void crypto_digest_peek(const crypto_digest *digest, guint8 hash[CRYPTO_HASH_BYTES]);
void crypto_digest_free(crypto_digest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(crypto_digest, crypto_digest_free)

/* --- text forms. Decoders are strict: wrong length, alphabet, padding or stray bits give NULL, CORE_ERROR_FORMAT. --- */
char *crypto_hex(const void *data, size_t length);
char *crypto_base64(const void *data, size_t length);    /* RFC 4648 section 4, padded */
char *crypto_base64url(const void *data, size_t length); /* section 5, not padded */
/* The same into a buffer: exactly 2 * `length` digits of `text` are read. */
gboolean crypto_hex_read(const char *text, void *buffer, size_t length);
GBytes *crypto_hex_decode(const char *text, GError **error);
GBytes *crypto_base64_decode(const char *text, GError **error);
GBytes *crypto_base64url_decode(const char *text, GError **error);

/* --- comparing and forgetting --- */
/* In time that does not depend on the contents. */
gboolean crypto_equal(const void *a, const void *b, size_t length);
/* The same for texts; FALSE when one is NULL. The time tells the length. */
gboolean crypto_equal_text(const char *a, const char *b);
void crypto_wipe(void *buffer, size_t length);
/* g_free() after wiping; NULL is fine. */
void crypto_free_secret(char *secret);
/* For this process and its children: no core file, and no debugger of the same user. Keys, pictures and voices in memory do
 * not reach a disk in plain. (Leak checkers are debuggers: with sanitizers there is only no core file.) */
void crypto_keep_memory_private(void);

/* --- signatures: Ed25519 (RFC 8032) --- */
typedef struct {
	guint8 secret[CRYPTO_KEY_BYTES]; /* the seed */
	guint8 public[CRYPTO_KEY_BYTES];
} crypto_keypair;
void crypto_keypair_new(crypto_keypair *pair);
/* The pair of a stored seed. */
void crypto_keypair_from_secret(crypto_keypair *pair, const guint8 secret[CRYPTO_KEY_BYTES]);
void crypto_sign(const crypto_keypair *pair, const void *data, size_t length, guint8 signature[CRYPTO_SIGNATURE_BYTES]);
gboolean crypto_verify(
	const guint8 public[CRYPTO_KEY_BYTES], const void *data, size_t length, const guint8 signature[CRYPTO_SIGNATURE_BYTES]);

/* --- passwords: scrypt (RFC 7914) with N = 2^15, r = 8, p = 3: 32 MiB and about 0.2 s, so on a worker thread only --- */
/* (transfer full) "$scrypt$ln=15,r=8,p=3$SALT$HASH" */
char *crypto_password_hash(const char *password);
/* FALSE also for a text that is no such hash or asks for more than 256 MiB. NULL `hash` costs the same time as a real one,
 * so that unknown names cannot be told from wrong passwords. */
gboolean crypto_password_verify(const char *password, const char *hash);
