/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/srtp-private.h"
#include "media/bytes.h"
#include "media/limits.h"
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

enum {
	GCM_TAG_BYTES = 16,
	SHA1_TAG_BYTES = 10,
	SRTCP_INDEX_BYTES = 4,
	RTCP_CLEAR_BYTES = 8, /* header and sender SSRC stay readable */
	RTP_MIN_BYTES = 12,
	SEQUENCE_HALF = 0x8000,
	WINDOW_WORDS = SRTP_REPLAY_WINDOW / 64,
};
#define SRTCP_ENCRYPTED 0x80000000u

/* Labels of the key derivation, RFC 3711, 4.3.1 and 4.3.2; SRTCP's are three further. */
enum { LABEL_CIPHER = 0, LABEL_AUTH = 1, LABEL_SALT = 2, LABEL_SRTCP = 3 };

/* A sliding window over an ever growing index. */
typedef struct {
	uint64_t highest;
	uint64_t seen[WINDOW_WORDS]; /* bit index % SRTP_REPLAY_WINDOW */
	gboolean is_started;
} replay;

typedef struct {
	uint32_t ssrc;
	replay rtp, rtcp;
} source;

/* The session keys of SRTP or of SRTCP. */
typedef struct {
	EVP_CIPHER_CTX *cipher;
	EVP_MAC_CTX *mac; /* SHA1_80 only */
	uint8_t salt[SRTP_SALT_MAX_BYTES];
} session_keys;

struct srtp {
	srtp_profile profile;
	session_keys rtp, rtcp;
	uint32_t srtcp_index; /* of the last one sent */
	guint source_count;
	source sources[MEDIA_SSRCS_MAX];
};

const char *srtp_profile_name(srtp_profile profile)
{
	return profile == SRTP_PROFILE_GCM ? "AEAD_AES_128_GCM" : "AES128_CM_SHA1_80";
}

size_t srtp_profile_salt_bytes(srtp_profile profile)
{
	return profile == SRTP_PROFILE_GCM ? 12 : 14;
}

void srtp_derive(const uint8_t *key, const uint8_t *salt, size_t salt_length, uint8_t label, uint8_t *out, size_t length)
{
	uint8_t counter[16] = { 0 };
	static const uint8_t zeros[32];
	memcpy(counter, salt, salt_length);
	counter[7] ^= label;
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int written;
	if (context == NULL || EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), NULL, key, counter) != 1 ||
		EVP_EncryptUpdate(context, out, &written, zeros, (int)length) != 1)
		g_error("OpenSSL has no AES-128-CTR");
	EVP_CIPHER_CTX_free(context);
}

static EVP_MAC_CTX *hmac_new(const uint8_t *key)
{
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *context = EVP_MAC_CTX_new(hmac);
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA1", 0),
		OSSL_PARAM_construct_end(),
	};
	if (context == NULL || EVP_MAC_init(context, key, SRTP_AUTH_KEY_BYTES, parameters) != 1)
		g_error("OpenSSL has no HMAC-SHA1");
	EVP_MAC_free(hmac);
	return context;
}

/* `auth_key` is NULL for GCM. */
static void session_keys_set(
	session_keys *keys, srtp_profile profile, const uint8_t *cipher_key, const uint8_t *auth_key, const uint8_t *salt)
{
	const EVP_CIPHER *cipher = profile == SRTP_PROFILE_GCM ? EVP_aes_128_gcm() : EVP_aes_128_ctr();
	keys->cipher = EVP_CIPHER_CTX_new();
	if (keys->cipher == NULL || EVP_CipherInit_ex(keys->cipher, cipher, NULL, cipher_key, NULL, 1) != 1)
		g_error("OpenSSL has no AES-128");
	keys->mac = auth_key != NULL ? hmac_new(auth_key) : NULL;
	memcpy(keys->salt, salt, srtp_profile_salt_bytes(profile));
}

static void session_keys_derive(session_keys *keys, srtp_profile profile, const uint8_t *key, const uint8_t *salt, uint8_t label)
{
	uint8_t cipher_key[SRTP_KEY_BYTES], auth_key[SRTP_AUTH_KEY_BYTES], session_salt[SRTP_SALT_MAX_BYTES];
	size_t salt_length = srtp_profile_salt_bytes(profile);
	srtp_derive(key, salt, salt_length, label + LABEL_CIPHER, cipher_key, sizeof(cipher_key));
	srtp_derive(key, salt, salt_length, label + LABEL_AUTH, auth_key, sizeof(auth_key));
	srtp_derive(key, salt, salt_length, label + LABEL_SALT, session_salt, salt_length);
	session_keys_set(keys, profile, cipher_key, profile == SRTP_PROFILE_GCM ? NULL : auth_key, session_salt);
	OPENSSL_cleanse(cipher_key, sizeof(cipher_key));
	OPENSSL_cleanse(auth_key, sizeof(auth_key));
}

srtp *srtp_new_session(
	srtp_profile profile, const uint8_t *cipher_key, const uint8_t *auth_key, const uint8_t *salt, uint32_t srtcp_index)
{
	srtp *srtp = g_new0(struct srtp, 1);
	srtp->profile = profile;
	srtp->srtcp_index = srtcp_index;
	session_keys_set(&srtp->rtp, profile, cipher_key, auth_key, salt);
	session_keys_set(&srtp->rtcp, profile, cipher_key, auth_key, salt);
	return srtp;
}

srtp *srtp_new(srtp_profile profile, const uint8_t key[SRTP_KEY_BYTES], const uint8_t *salt)
{
	srtp *srtp = g_new0(struct srtp, 1);
	srtp->profile = profile;
	session_keys_derive(&srtp->rtp, profile, key, salt, 0);
	session_keys_derive(&srtp->rtcp, profile, key, salt, LABEL_SRTCP);
	return srtp;
}

void srtp_free(srtp *srtp)
{
	if (srtp == NULL)
		return;
	for (session_keys *keys = &srtp->rtp; keys != NULL; keys = keys == &srtp->rtp ? &srtp->rtcp : NULL) {
		EVP_CIPHER_CTX_free(keys->cipher);
		EVP_MAC_CTX_free(keys->mac);
	}
	OPENSSL_cleanse(srtp, sizeof(*srtp));
	g_free(srtp);
}

static gboolean replay_allows(const replay *replay, uint64_t index)
{
	if (!replay->is_started || index > replay->highest)
		return TRUE;
	if (replay->highest - index >= SRTP_REPLAY_WINDOW)
		return FALSE;
	return (replay->seen[index / 64 % WINDOW_WORDS] >> index % 64 & 1) == 0;
}

static void replay_note(replay *replay, uint64_t index)
{
	if (!replay->is_started || index >= replay->highest + SRTP_REPLAY_WINDOW) {
		memset(replay->seen, 0, sizeof(replay->seen));
		replay->highest = index;
		replay->is_started = TRUE;
	}
	while (replay->highest < index) {
		replay->highest++;
		replay->seen[replay->highest / 64 % WINDOW_WORDS] &= ~(UINT64_C(1) << replay->highest % 64);
	}
	replay->seen[index / 64 % WINDOW_WORDS] |= UINT64_C(1) << index % 64;
}

static source *find_source(srtp *srtp, uint32_t ssrc)
{
	for (guint i = 0; i < srtp->source_count; i++) {
		if (srtp->sources[i].ssrc == ssrc)
			return &srtp->sources[i];
	}
	return NULL;
}

/* The place of an SSRC that has just proved to be authentic. */
static source *add_source(srtp *srtp, uint32_t ssrc)
{
	source *source = &srtp->sources[srtp->source_count++];
	source->ssrc = ssrc;
	return source;
}

/* RFC 3711, 3.3.1: the index nearest to the highest one. */
static uint64_t guess_index(const replay *replay, uint16_t sequence)
{
	if (!replay->is_started)
		return sequence;
	uint64_t roll_over = replay->highest >> 16;
	uint16_t last = (uint16_t)replay->highest;
	if (last < SEQUENCE_HALF && sequence > last + SEQUENCE_HALF && roll_over > 0)
		roll_over--;
	else if (last >= SEQUENCE_HALF && sequence < last - SEQUENCE_HALF)
		roll_over++;
	return roll_over << 16 | sequence;
}

/* GCM: 00 00 | SSRC | 48-bit index, exclusive-or salt (RFC 7714, 8.1 and 9.1). Counter mode has two bytes of zeros less
 * before and a counter behind (RFC 3711, 4.1.1). */
static void make_iv(const srtp *srtp, const session_keys *keys, uint32_t ssrc, uint64_t index, uint8_t iv[16])
{
	memset(iv, 0, 16);
	size_t offset = srtp->profile == SRTP_PROFILE_GCM ? 2 : 4;
	bytes_put32(iv + offset, ssrc);
	bytes_put16(iv + offset + 4, (uint16_t)(index >> 32));
	bytes_put32(iv + offset + 6, (uint32_t)index);
	for (size_t i = 0; i < srtp_profile_salt_bytes(srtp->profile); i++)
		iv[i] ^= keys->salt[i];
}

/* One authenticated encryption; `associated` is what is authenticated but readable. */
static gboolean gcm_encrypt(EVP_CIPHER_CTX *cipher, const uint8_t *iv, const uint8_t *associated, size_t associated_length,
	const uint8_t *trailer, size_t trailer_length, const uint8_t *plain, size_t length, uint8_t *out)
{
	int written;
	return EVP_CipherInit_ex(cipher, NULL, NULL, NULL, iv, 1) == 1 &&
	       EVP_CipherUpdate(cipher, NULL, &written, associated, (int)associated_length) == 1 &&
	       (trailer_length == 0 || EVP_CipherUpdate(cipher, NULL, &written, trailer, (int)trailer_length) == 1) &&
	       (length == 0 || EVP_CipherUpdate(cipher, out, &written, plain, (int)length) == 1) &&
	       EVP_CipherFinal_ex(cipher, out + length, &written) == 1 &&
	       EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_BYTES, out + length) == 1;
}

/* `length` is without the tag, which follows the cipher text. */
static gboolean gcm_decrypt(EVP_CIPHER_CTX *cipher, const uint8_t *iv, const uint8_t *associated, size_t associated_length,
	const uint8_t *trailer, size_t trailer_length, const uint8_t *data, size_t length, uint8_t *out)
{
	int written;
	return EVP_CipherInit_ex(cipher, NULL, NULL, NULL, iv, 0) == 1 &&
	       EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_BYTES, (void *)(data + length)) == 1 &&
	       EVP_CipherUpdate(cipher, NULL, &written, associated, (int)associated_length) == 1 &&
	       (trailer_length == 0 || EVP_CipherUpdate(cipher, NULL, &written, trailer, (int)trailer_length) == 1) &&
	       (length == 0 || EVP_CipherUpdate(cipher, out, &written, data, (int)length) == 1) &&
	       EVP_CipherFinal_ex(cipher, out + length, &written) == 1;
}

static gboolean counter_mode(EVP_CIPHER_CTX *cipher, const uint8_t *iv, const uint8_t *data, size_t length, uint8_t *out)
{
	int written;
	return EVP_CipherInit_ex(cipher, NULL, NULL, NULL, iv, 1) == 1 &&
	       (length == 0 || EVP_CipherUpdate(cipher, out, &written, data, (int)length) == 1);
}

/* HMAC over `data` and, for SRTP, the roll-over counter that is not sent (RFC 3711, 4.2). */
static gboolean hmac(
	EVP_MAC_CTX *mac, const uint8_t *data, size_t length, const uint8_t *roll_over, uint8_t tag[SRTP_AUTH_KEY_BYTES])
{
	size_t written;
	return EVP_MAC_init(mac, NULL, 0, NULL) == 1 && EVP_MAC_update(mac, data, length) == 1 &&
	       (roll_over == NULL || EVP_MAC_update(mac, roll_over, 4) == 1) &&
	       EVP_MAC_final(mac, tag, &written, SRTP_AUTH_KEY_BYTES) == 1;
}

size_t srtp_encrypt(srtp *srtp, uint64_t index, const uint8_t *header, size_t header_length, const uint8_t *payload,
	size_t payload_length, uint8_t *out)
{
	uint8_t iv[16], roll_over[4], tag[SRTP_AUTH_KEY_BYTES];
	size_t length = header_length + payload_length;
	make_iv(srtp, &srtp->rtp, bytes_get32(header + 8), index, iv);
	if (out != header)
		memcpy(out, header, header_length);
	if (srtp->profile == SRTP_PROFILE_GCM)
		return gcm_encrypt(
			       srtp->rtp.cipher, iv, out, header_length, NULL, 0, payload, payload_length, out + header_length)
			       ? length + GCM_TAG_BYTES
			       : 0;
	bytes_put32(roll_over, (uint32_t)(index >> 16));
	if (!counter_mode(srtp->rtp.cipher, iv, payload, payload_length, out + header_length) ||
		!hmac(srtp->rtp.mac, out, length, roll_over, tag))
		return 0;
	memcpy(out + length, tag, SHA1_TAG_BYTES);
	return length + SHA1_TAG_BYTES;
}

/* The length of the readable part; 0 when malformed. */
static size_t header_length(const uint8_t *data, size_t length)
{
	size_t offset = RTP_MIN_BYTES + 4u * (data[0] & 15);
	if (data[0] & 0x10) {
		if (offset + 4 > length)
			return 0;
		offset += 4 + 4u * bytes_get16(data + offset + 2);
	}
	return offset <= length ? offset : 0;
}

static gboolean open_rtp(srtp *srtp, uint64_t index, const uint8_t *data, size_t clear, size_t length, uint8_t *out)
{
	uint8_t iv[16], roll_over[4], tag[SRTP_AUTH_KEY_BYTES];
	make_iv(srtp, &srtp->rtp, bytes_get32(data + 8), index, iv);
	if (srtp->profile == SRTP_PROFILE_GCM)
		return gcm_decrypt(srtp->rtp.cipher, iv, data, clear, NULL, 0, data + clear, length - clear, out + clear);
	bytes_put32(roll_over, (uint32_t)(index >> 16));
	return hmac(srtp->rtp.mac, data, length, roll_over, tag) && CRYPTO_memcmp(tag, data + length, SHA1_TAG_BYTES) == 0 &&
	       counter_mode(srtp->rtp.cipher, iv, data + clear, length - clear, out + clear);
}

size_t srtp_decrypt(srtp *srtp, const uint8_t *data, size_t length, uint8_t *out)
{
	size_t tag_length = srtp->profile == SRTP_PROFILE_GCM ? GCM_TAG_BYTES : SHA1_TAG_BYTES;
	if (length < RTP_MIN_BYTES + tag_length || data[0] >> 6 != 2)
		return 0;
	length -= tag_length;
	size_t clear = header_length(data, length);
	if (clear == 0)
		return 0;
	uint32_t ssrc = bytes_get32(data + 8);
	static const replay fresh;
	source *source = find_source(srtp, ssrc);
	if (source == NULL && srtp->source_count == MEDIA_SSRCS_MAX)
		return 0;
	const replay *window = source != NULL ? &source->rtp : &fresh;
	uint64_t index = guess_index(window, bytes_get16(data + 2));
	if (!replay_allows(window, index) || !open_rtp(srtp, index, data, clear, length, out))
		return 0;
	memcpy(out, data, clear);
	replay_note(&(source != NULL ? source : add_source(srtp, ssrc))->rtp, index);
	return length;
}

size_t srtcp_encrypt(srtp *srtp, const uint8_t *data, size_t length, uint8_t *out)
{
	if (length < RTCP_CLEAR_BYTES)
		return 0;
	uint8_t iv[16], word[SRTCP_INDEX_BYTES], tag[SRTP_AUTH_KEY_BYTES];
	uint32_t index = ++srtp->srtcp_index & ~SRTCP_ENCRYPTED;
	make_iv(srtp, &srtp->rtcp, bytes_get32(data + 4), index, iv);
	bytes_put32(word, index | SRTCP_ENCRYPTED);
	memcpy(out, data, RTCP_CLEAR_BYTES);
	const uint8_t *plain = data + RTCP_CLEAR_BYTES;
	uint8_t *secret = out + RTCP_CLEAR_BYTES;
	size_t secret_length = length - RTCP_CLEAR_BYTES;
	if (srtp->profile == SRTP_PROFILE_GCM) {
		if (!gcm_encrypt(srtp->rtcp.cipher, iv, data, RTCP_CLEAR_BYTES, word, sizeof(word), plain, secret_length, secret))
			return 0;
		memcpy(out + length + GCM_TAG_BYTES, word, sizeof(word));
		return length + GCM_TAG_BYTES + sizeof(word);
	}
	if (!counter_mode(srtp->rtcp.cipher, iv, plain, secret_length, secret))
		return 0;
	memcpy(out + length, word, sizeof(word));
	if (!hmac(srtp->rtcp.mac, out, length + sizeof(word), NULL, tag))
		return 0;
	memcpy(out + length + sizeof(word), tag, SHA1_TAG_BYTES);
	return length + sizeof(word) + SHA1_TAG_BYTES;
}

static gboolean open_rtcp(srtp *srtp, const uint8_t *data, size_t length, const uint8_t *word, uint8_t *out)
{
	uint8_t iv[16], tag[SRTP_AUTH_KEY_BYTES];
	uint32_t index = bytes_get32(word);
	const uint8_t *secret = data + RTCP_CLEAR_BYTES;
	size_t secret_length = length - RTCP_CLEAR_BYTES;
	make_iv(srtp, &srtp->rtcp, bytes_get32(data + 4), index & ~SRTCP_ENCRYPTED, iv);
	if (srtp->profile == SRTP_PROFILE_GCM)
		return gcm_decrypt(srtp->rtcp.cipher, iv, data, RTCP_CLEAR_BYTES, word, SRTCP_INDEX_BYTES, secret, secret_length,
			out + RTCP_CLEAR_BYTES);
	return hmac(srtp->rtcp.mac, data, length + SRTCP_INDEX_BYTES, NULL, tag) &&
	       CRYPTO_memcmp(tag, word + SRTCP_INDEX_BYTES, SHA1_TAG_BYTES) == 0 &&
	       counter_mode(srtp->rtcp.cipher, iv, secret, secret_length, out + RTCP_CLEAR_BYTES);
}

size_t srtcp_decrypt(srtp *srtp, const uint8_t *data, size_t length, uint8_t *out)
{
	gboolean is_gcm = srtp->profile == SRTP_PROFILE_GCM;
	size_t overhead = SRTCP_INDEX_BYTES + (is_gcm ? GCM_TAG_BYTES : SHA1_TAG_BYTES);
	if (length < RTCP_CLEAR_BYTES + overhead || data[0] >> 6 != 2)
		return 0;
	length -= overhead;
	const uint8_t *word = data + length + (is_gcm ? GCM_TAG_BYTES : 0);
	if ((word[0] & 0x80) == 0)
		return 0; /* nobody may send it readable */
	uint32_t ssrc = bytes_get32(data + 4);
	source *source = find_source(srtp, ssrc);
	if (source == NULL && srtp->source_count == MEDIA_SSRCS_MAX)
		return 0;
	uint32_t index = bytes_get32(word) & ~SRTCP_ENCRYPTED;
	if ((source != NULL && !replay_allows(&source->rtcp, index)) || !open_rtcp(srtp, data, length, word, out))
		return 0;
	memcpy(out, data, RTCP_CLEAR_BYTES);
	replay_note(&(source != NULL ? source : add_source(srtp, ssrc))->rtcp, index);
	return length;
}
