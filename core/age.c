/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/age.h"
#include "core/bech32.h"
#include "core/crypto.h"
#include "core/file.h"
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

enum {
	FILE_KEY_BYTES = 16,
	TAG_BYTES = 16,
	PAYLOAD_NONCE_BYTES = 16,
	CHUNK_NONCE_BYTES = 12,
	WRAPPED_KEY_BYTES = FILE_KEY_BYTES + TAG_BYTES,
	SEALED_CHUNK_BYTES = AGE_CHUNK_BYTES + TAG_BYTES,
};

static const char VERSION_LINE[] = "age-encryption.org/v1\n";
static const char X25519_INFO[] = "age-encryption.org/v1/X25519";

static gboolean fail(GError **error, core_error code, const char *sentence)
{
	g_set_error_literal(error, CORE_ERROR, (gint)code, sentence);
	return FALSE;
}

/* --- primitives --- */

/* `out` gets `length` + TAG_BYTES bytes. */
static gboolean seal(
	const guint8 key[CRYPTO_KEY_BYTES], const guint8 nonce[CHUNK_NONCE_BYTES], const guint8 *data, size_t length, guint8 *out)
{
	int written = 0, rest = 0;
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	gboolean is_good = EVP_EncryptInit_ex(context, EVP_chacha20_poly1305(), NULL, key, nonce) == 1 &&
			   EVP_EncryptUpdate(context, out, &written, data, (int)length) == 1 &&
			   EVP_EncryptFinal_ex(context, out + written, &rest) == 1 &&
			   EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, out + length) == 1;
	EVP_CIPHER_CTX_free(context);
	return is_good;
}

/* `length` counts the tag; `out` gets TAG_BYTES fewer. */
static gboolean unseal(
	const guint8 key[CRYPTO_KEY_BYTES], const guint8 nonce[CHUNK_NONCE_BYTES], const guint8 *data, size_t length, guint8 *out)
{
	int written = 0, rest = 0;
	if (length < TAG_BYTES)
		return FALSE;
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	gboolean is_good =
		EVP_DecryptInit_ex(context, EVP_chacha20_poly1305(), NULL, key, nonce) == 1 &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, (void *)(data + length - TAG_BYTES)) == 1 &&
		EVP_DecryptUpdate(context, out, &written, data, (int)(length - TAG_BYTES)) == 1 &&
		EVP_DecryptFinal_ex(context, out + written, &rest) == 1;
	EVP_CIPHER_CTX_free(context);
	return is_good;
}

/* FALSE when the shared secret is all zero: a point of low order. */
static gboolean x25519(
	const guint8 secret[CRYPTO_KEY_BYTES], const guint8 public[CRYPTO_KEY_BYTES], guint8 shared[CRYPTO_KEY_BYTES])
{
	size_t length = CRYPTO_KEY_BYTES;
	EVP_PKEY *ours = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, secret, CRYPTO_KEY_BYTES);
	EVP_PKEY *theirs = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, public, CRYPTO_KEY_BYTES);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(ours, NULL);
	gboolean is_good = EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, theirs) == 1 &&
			   EVP_PKEY_derive(context, shared, &length) == 1;
	EVP_PKEY_CTX_free(context);
	EVP_PKEY_free(theirs);
	EVP_PKEY_free(ours);
	return is_good;
}

static void public_half(const guint8 secret[CRYPTO_KEY_BYTES], guint8 public[CRYPTO_KEY_BYTES])
{
	size_t length = CRYPTO_KEY_BYTES;
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, secret, CRYPTO_KEY_BYTES);
	if (key == NULL || EVP_PKEY_get_raw_public_key(key, public, &length) != 1)
		g_error("OpenSSL has no X25519");
	EVP_PKEY_free(key);
}

/* --- identities and recipients --- */

char *age_identity_new(char **recipient)
{
	guint8 secret[CRYPTO_KEY_BYTES], public[CRYPTO_KEY_BYTES];
	crypto_random(secret, sizeof(secret));
	public_half(secret, public);
	*recipient = bech32_encode("age", public, sizeof(public));
	char *lower = bech32_encode("age-secret-key-", secret, sizeof(secret));
	char *identity = g_ascii_strup(lower, -1);
	crypto_free_secret(lower);
	crypto_wipe(secret, sizeof(secret));
	return identity;
}

static gboolean parse_identity(const char *identity, guint8 secret[CRYPTO_KEY_BYTES], GError **error)
{
	return bech32_decode(identity, "age-secret-key-", secret, CRYPTO_KEY_BYTES) ||
	       fail(error, CORE_ERROR_FORMAT, "This is no age identity (AGE-SECRET-KEY-1…).");
}

char *age_identity_recipient(const char *identity, GError **error)
{
	guint8 secret[CRYPTO_KEY_BYTES], public[CRYPTO_KEY_BYTES];
	if (!parse_identity(identity, secret, error))
		return NULL;
	public_half(secret, public);
	crypto_wipe(secret, sizeof(secret));
	return bech32_encode("age", public, sizeof(public));
}

static gboolean parse_recipient(const char *text, guint8 public[CRYPTO_KEY_BYTES], GError **error)
{
	static const guint8 any_secret[CRYPTO_KEY_BYTES] = { 1 };
	guint8 shared[CRYPTO_KEY_BYTES];
	if (bech32_decode(text, "age", public, CRYPTO_KEY_BYTES) && x25519(any_secret, public, shared))
		return TRUE;
	g_set_error(error, CORE_ERROR, CORE_ERROR_FORMAT, "\"%s\" is no age recipient (age1…).", text);
	return FALSE;
}

gboolean age_recipient_check(const char *text, GError **error)
{
	guint8 public[CRYPTO_KEY_BYTES];
	return parse_recipient(text, public, error);
}

/* --- header --- */

static char *unpadded_base64(const void *data, size_t length)
{
	char *text = crypto_base64(data, length);
	text[strcspn(text, "=")] = '\0';
	return text;
}

/* salt = ephemeral public || recipient */
static void wrapping_key(const guint8 shared[CRYPTO_KEY_BYTES], const guint8 ephemeral[CRYPTO_KEY_BYTES],
	const guint8 recipient[CRYPTO_KEY_BYTES], guint8 key[CRYPTO_KEY_BYTES])
{
	guint8 salt[2 * CRYPTO_KEY_BYTES];
	memcpy(salt, ephemeral, CRYPTO_KEY_BYTES);
	memcpy(salt + CRYPTO_KEY_BYTES, recipient, CRYPTO_KEY_BYTES);
	crypto_hkdf_sha256(shared, CRYPTO_KEY_BYTES, salt, sizeof(salt), X25519_INFO, key, CRYPTO_KEY_BYTES);
}

static gboolean append_stanza(GString *header, const char *recipient, const guint8 file_key[FILE_KEY_BYTES], GError **error)
{
	static const guint8 nonce[CHUNK_NONCE_BYTES];
	guint8 public[CRYPTO_KEY_BYTES], secret[CRYPTO_KEY_BYTES], ephemeral[CRYPTO_KEY_BYTES], shared[CRYPTO_KEY_BYTES];
	guint8 key[CRYPTO_KEY_BYTES], wrapped[WRAPPED_KEY_BYTES];
	if (!parse_recipient(recipient, public, error))
		return FALSE;
	crypto_random(secret, sizeof(secret));
	public_half(secret, ephemeral);
	gboolean is_good = x25519(secret, public, shared);
	wrapping_key(shared, ephemeral, public, key);
	is_good = is_good && seal(key, nonce, file_key, FILE_KEY_BYTES, wrapped);
	crypto_wipe(secret, sizeof(secret));
	crypto_wipe(shared, sizeof(shared));
	crypto_wipe(key, sizeof(key));
	g_autofree char *share = unpadded_base64(ephemeral, sizeof(ephemeral));
	g_autofree char *body = unpadded_base64(wrapped, sizeof(wrapped));
	g_string_append_printf(header, "-> X25519 %s\n%s\n", share, body);
	return is_good || fail(error, CORE_ERROR_KEY, "The file key cannot be encrypted.");
}

static void header_mac(const guint8 file_key[FILE_KEY_BYTES], const char *header, size_t length, guint8 mac[CRYPTO_HASH_BYTES])
{
	guint8 key[CRYPTO_KEY_BYTES];
	crypto_hkdf_sha256(file_key, FILE_KEY_BYTES, NULL, 0, "header", key, sizeof(key));
	crypto_hmac_sha256(key, sizeof(key), header, length, mac);
	crypto_wipe(key, sizeof(key));
}

/* (transfer full) NULL on error. The MAC covers all up to and with "---". */
static GString *make_header(const char *const *recipients, const guint8 file_key[FILE_KEY_BYTES], GError **error)
{
	GString *header = g_string_new(VERSION_LINE);
	guint count = recipients != NULL ? g_strv_length((char **)recipients) : 0;
	gboolean is_good = (count >= 1 && count <= AGE_RECIPIENTS_MAX) ||
			   fail(error, CORE_ERROR_LIMIT, "An age file needs 1 to 20 recipients.");
	for (guint i = 0; is_good && i < count; i++)
		is_good = append_stanza(header, recipients[i], file_key, error);
	if (!is_good) {
		g_string_free(header, TRUE);
		return NULL;
	}
	guint8 mac[CRYPTO_HASH_BYTES];
	g_string_append(header, "---");
	header_mac(file_key, header->str, header->len, mac);
	g_autofree char *mac_text = unpadded_base64(mac, sizeof(mac));
	g_string_append_printf(header, " %s\n", mac_text);
	return header;
}

/* --- the stream of chunks --- */

struct age_writer {
	int fd; /* -1: into `memory` */
	GByteArray *memory;
	guint8 key[CRYPTO_KEY_BYTES];
	guint64 chunk_number;
	guint8 chunk[AGE_CHUNK_BYTES];
	size_t chunk_used;
	gboolean is_finished;
	guint64 bytes;
};

static void chunk_nonce(guint64 number, gboolean is_last, guint8 nonce[CHUNK_NONCE_BYTES])
{
	memset(nonce, 0, CHUNK_NONCE_BYTES);
	for (guint i = 0; i < 8; i++)
		nonce[10 - i] = (guint8)(number >> 8 * i);
	nonce[11] = is_last;
}

static gboolean put(age_writer *self, const void *data, size_t length, GError **error)
{
	if (self->fd < 0)
		g_byte_array_append(self->memory, data, (guint)length);
	else if (!file_write_all(self->fd, data, length, error))
		return FALSE;
	self->bytes += length;
	return TRUE;
}

static gboolean put_chunk(age_writer *self, gboolean is_last, GError **error)
{
	guint8 nonce[CHUNK_NONCE_BYTES], sealed[SEALED_CHUNK_BYTES];
	chunk_nonce(self->chunk_number++, is_last, nonce);
	if (!seal(self->key, nonce, self->chunk, self->chunk_used, sealed))
		return fail(error, CORE_ERROR_KEY, "A chunk cannot be encrypted.");
	size_t length = self->chunk_used + TAG_BYTES;
	self->chunk_used = 0;
	return put(self, sealed, length, error);
}

age_writer *age_writer_new(int fd, const char *const *recipients, GError **error)
{
	g_autoptr(age_writer) self = g_new0(age_writer, 1);
	guint8 file_key[FILE_KEY_BYTES], nonce[PAYLOAD_NONCE_BYTES];
	self->fd = fd;
	self->memory = g_byte_array_new();
	crypto_random(file_key, sizeof(file_key));
	crypto_random(nonce, sizeof(nonce));
	crypto_hkdf_sha256(file_key, sizeof(file_key), nonce, sizeof(nonce), "payload", self->key, sizeof(self->key));
	GString *header = make_header(recipients, file_key, error);
	crypto_wipe(file_key, sizeof(file_key));
	if (header == NULL)
		return NULL;
	g_string_append_len(header, (const char *)nonce, sizeof(nonce));
	gboolean is_good = put(self, header->str, header->len, error);
	g_string_free(header, TRUE);
	return is_good ? g_steal_pointer(&self) : NULL;
}

gboolean age_writer_write(age_writer *self, const void *data, size_t length, GError **error)
{
	const guint8 *next = data;
	while (length > 0) {
		/* A full chunk waits for the next byte: the last one must not be empty, and only then is it known not to be the last. */
		if (self->chunk_used == AGE_CHUNK_BYTES && !put_chunk(self, FALSE, error))
			return FALSE;
		size_t part = MIN(length, AGE_CHUNK_BYTES - self->chunk_used);
		memcpy(self->chunk + self->chunk_used, next, part);
		self->chunk_used += part;
		next += part;
		length -= part;
	}
	return TRUE;
}

gboolean age_writer_finish(age_writer *self, GError **error)
{
	g_return_val_if_fail(!self->is_finished, FALSE);
	self->is_finished = TRUE;
	if (!put_chunk(self, TRUE, error))
		return FALSE;
	/* A pipe cannot be synced, and need not be. */
	if (self->fd >= 0 && fdatasync(self->fd) != 0 && errno != EINVAL && errno != EROFS)
		return fail(error, CORE_ERROR_FILE, "The file cannot be written to disk.");
	return TRUE;
}

guint64 age_writer_bytes(const age_writer *self)
{
	return self->bytes;
}

GByteArray *age_writer_output(age_writer *self)
{
	return self->memory;
}

void age_writer_free(age_writer *self)
{
	if (self == NULL)
		return;
	g_clear_pointer(&self->memory, g_byte_array_unref);
	crypto_wipe(self, sizeof(*self));
	g_free(self);
}

GBytes *age_encrypt(const void *data, size_t length, const char *const *recipients, GError **error)
{
	g_autoptr(age_writer) writer = age_writer_new(-1, recipients, error);
	if (writer == NULL || !age_writer_write(writer, data, length, error) || !age_writer_finish(writer, error))
		return NULL;
	return g_byte_array_free_to_bytes(g_steal_pointer(&writer->memory));
}

/* --- opening --- */

/* base64 without padding of exactly `length` bytes */
static gboolean parse_base64(const char *text, guint8 *out, size_t length)
{
	static const char *const padding[] = { "", "===", "==", "=" };
	g_autofree char *padded = g_strconcat(text, padding[strlen(text) % 4], NULL);
	g_autoptr(GBytes) bytes = strchr(text, '=') == NULL ? crypto_base64_decode(padded, NULL) : NULL;
	if (bytes == NULL || g_bytes_get_size(bytes) != length)
		return FALSE;
	memcpy(out, g_bytes_get_data(bytes, NULL), length);
	return TRUE;
}

/* One X25519 stanza: its share line and body line. */
static gboolean open_stanza(
	const char *line, const char *body, const guint8 secret[CRYPTO_KEY_BYTES], guint8 file_key[FILE_KEY_BYTES])
{
	static const guint8 nonce[CHUNK_NONCE_BYTES];
	guint8 ephemeral[CRYPTO_KEY_BYTES], wrapped[WRAPPED_KEY_BYTES], public[CRYPTO_KEY_BYTES], shared[CRYPTO_KEY_BYTES];
	guint8 key[CRYPTO_KEY_BYTES];
	if (!parse_base64(line + strlen("-> X25519 "), ephemeral, sizeof(ephemeral)) ||
		!parse_base64(body, wrapped, sizeof(wrapped)) || !x25519(secret, ephemeral, shared))
		return FALSE;
	public_half(secret, public);
	wrapping_key(shared, ephemeral, public, key);
	return unseal(key, nonce, wrapped, sizeof(wrapped), file_key);
}

/* Returns the offset behind the header, 0 on error. */
static size_t open_header(
	const char *data, size_t length, const guint8 secret[CRYPTO_KEY_BYTES], guint8 file_key[FILE_KEY_BYTES], GError **error)
{
	const char *end = g_strstr_len(data, (gssize)length, "\n--- ");
	const char *line_end = end != NULL ? memchr(end + 1, '\n', length - (size_t)(end + 1 - data)) : NULL;
	if (!g_str_has_prefix(data, VERSION_LINE) || line_end == NULL) {
		fail(error, CORE_ERROR_FORMAT, "This is no age file.");
		return 0;
	}
	g_autofree char *header = g_strndup(data, (gsize)(end - data));
	g_auto(GStrv) lines = g_strsplit(header, "\n", -1);
	gboolean is_found = FALSE;
	for (guint i = 1; !is_found && lines[i] != NULL && lines[i + 1] != NULL; i++)
		is_found = g_str_has_prefix(lines[i], "-> X25519 ") && open_stanza(lines[i], lines[i + 1], secret, file_key);
	if (!is_found) {
		fail(error, CORE_ERROR_KEY, "The file is not encrypted to this identity.");
		return 0;
	}
	guint8 mac[CRYPTO_HASH_BYTES], given[CRYPTO_HASH_BYTES];
	header_mac(file_key, data, (size_t)(end - data) + strlen("\n---"), mac);
	g_autofree char *mac_text = g_strndup(end + strlen("\n--- "), (gsize)(line_end - end) - strlen("\n--- "));
	if (!parse_base64(mac_text, given, sizeof(given)) || !crypto_equal(mac, given, sizeof(mac))) {
		fail(error, CORE_ERROR_KEY, "The file's header was changed.");
		return 0;
	}
	return (size_t)(line_end + 1 - data);
}

static GBytes *open_chunks(const guint8 *data, size_t length, const guint8 key[CRYPTO_KEY_BYTES], GError **error)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	for (guint64 number = 0;; number++) {
		guint8 nonce[CHUNK_NONCE_BYTES], opened[AGE_CHUNK_BYTES];
		gboolean is_last = length <= SEALED_CHUNK_BYTES;
		size_t part = is_last ? length : SEALED_CHUNK_BYTES;
		chunk_nonce(number, is_last, nonce);
		/* An empty last chunk is allowed for an empty file only. */
		if (!unseal(key, nonce, data, part, opened) || (part == TAG_BYTES && number > 0)) {
			fail(error, CORE_ERROR_KEY, "The file was changed or cut short.");
			return NULL;
		}
		g_byte_array_append(out, opened, (guint)(part - TAG_BYTES));
		if (is_last)
			return g_byte_array_free_to_bytes(g_steal_pointer(&out));
		data += part;
		length -= part;
	}
}

GBytes *age_decrypt(const void *data, size_t length, const char *identity, GError **error)
{
	guint8 secret[CRYPTO_KEY_BYTES], file_key[FILE_KEY_BYTES], key[CRYPTO_KEY_BYTES];
	if (!parse_identity(identity, secret, error))
		return NULL;
	/* A copy that ends with NUL, for the text functions of the header. */
	g_autofree char *text = g_malloc(length + 1);
	memcpy(text, data, length);
	text[length] = '\0';
	size_t from = open_header(text, length, secret, file_key, error);
	crypto_wipe(secret, sizeof(secret));
	if (from == 0)
		return NULL;
	if (length - from < PAYLOAD_NONCE_BYTES) {
		fail(error, CORE_ERROR_KEY, "The file was changed or cut short.");
		return NULL;
	}
	crypto_hkdf_sha256(file_key, sizeof(file_key), text + from, PAYLOAD_NONCE_BYTES, "payload", key, sizeof(key));
	from += PAYLOAD_NONCE_BYTES;
	GBytes *opened = open_chunks((const guint8 *)text + from, length - from, key, error);
	crypto_wipe(file_key, sizeof(file_key));
	crypto_wipe(key, sizeof(key));
	return opened;
}

/* --- the key of a recording --- */

char *age_key_create(const char *path, const char *const *recipients, const char *const *second, GError **error)
{
	g_autofree char *recipient = NULL;
	char *identity = age_identity_new(&recipient);
	char *line = g_strconcat(identity, "\n", NULL);
	g_autoptr(GBytes) sealed = age_encrypt(line, strlen(line), recipients, error);
	crypto_free_secret(line);
	crypto_free_secret(identity);
	if (sealed != NULL && second != NULL) {
		g_autoptr(GBytes) inner = g_steal_pointer(&sealed);
		sealed = age_encrypt(g_bytes_get_data(inner, NULL), g_bytes_get_size(inner), second, error);
	}
	if (sealed == NULL || !file_create(path, g_bytes_get_data(sealed, NULL), g_bytes_get_size(sealed), 0600, error))
		return NULL;
	return g_steal_pointer(&recipient);
}
