/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/dtls.h"
#include "media/error.h"
#include "media/limits.h"
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>

#define PROFILES "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"
#define EXPORTER "EXTRACTOR-dtls_srtp"

enum {
	CERTIFICATE_AGE_S = 86400,       /* valid from yesterday: clocks of browsers differ */
	CERTIFICATE_LIFE_S = 30 * 86400, /* a process lives shorter */
	RETRANSMIT_FIRST_US = 200000,    /* OpenSSL's own second is long for a call */
	RETRANSMIT_MAX_US = 3000000,
};

struct dtls_identity {
	SSL_CTX *context;
	BIO_METHOD *output;
	char fingerprint[3 * SHA256_DIGEST_LENGTH];
};

struct dtls {
	SSL *ssl;
	BIO *input; /* owned by ssl */
	dtls_state state;
	dtls_fingerprint expected;
	dtls_send send;
	void *data;
};

static const struct {
	const char *name;
	size_t length;
	const EVP_MD *(*digest)(void);
} hashes[] = {
	[DTLS_SHA256] = { "sha-256", 32, EVP_sha256 },
	[DTLS_SHA384] = { "sha-384", 48, EVP_sha384 },
	[DTLS_SHA512] = { "sha-512", 64, EVP_sha512 },
};

gboolean dtls_fingerprint_parse(dtls_fingerprint *fingerprint, const char *text)
{
	const char *space = strchr(text, ' ');
	if (space == NULL)
		return FALSE;
	*fingerprint = (dtls_fingerprint){ 0 };
	for (guint i = 0; i < G_N_ELEMENTS(hashes); i++) {
		if (g_ascii_strncasecmp(text, hashes[i].name, (gsize)(space - text)) == 0 &&
			strlen(hashes[i].name) == (size_t)(space - text)) {
			fingerprint->hash = (dtls_hash)i;
			fingerprint->length = hashes[i].length;
		}
	}
	const char *hex = space + 1;
	if (fingerprint->length == 0 || strlen(hex) != 3 * fingerprint->length - 1)
		return FALSE;
	for (size_t i = 0; i < fingerprint->length; i++, hex += 3) {
		if (!g_ascii_isxdigit(hex[0]) || !g_ascii_isxdigit(hex[1]) || (hex[2] != ':' && hex[2] != '\0'))
			return FALSE;
		fingerprint->digest[i] = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
	}
	return TRUE;
}

gboolean dtls_fingerprint_equal(const dtls_fingerprint *a, const dtls_fingerprint *b)
{
	return a->hash == b->hash && a->length == b->length && CRYPTO_memcmp(a->digest, b->digest, a->length) == 0;
}

/* The output BIO: one write is one datagram. */
static int output_write(BIO *bio, const char *bytes, int length)
{
	const dtls *dtls = BIO_get_data(bio);
	if (length > 0)
		dtls->send(dtls->data, (const uint8_t *)bytes, (size_t)length);
	return length;
}

static long output_control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio, (void)number, (void)pointer;
	switch (command) {
	case BIO_CTRL_FLUSH:
		return 1;
	case BIO_CTRL_DGRAM_QUERY_MTU:
	case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
		return DTLS_MTU;
	default:
		return 0;
	}
}

static BIO_METHOD *output_method(void)
{
	BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagram");
	BIO_meth_set_write(method, output_write);
	BIO_meth_set_ctrl(method, output_control);
	return method;
}

/* The chain cannot be verified: the fingerprint is, after the handshake and before the keys. */
static int accept_certificate(int is_valid, X509_STORE_CTX *store)
{
	(void)is_valid, (void)store;
	return 1;
}

static X509 *make_certificate(EVP_PKEY *key)
{
	uint8_t serial[8];
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);
	RAND_bytes(serial, sizeof(serial));
	BIGNUM *number = BN_bin2bn(serial, sizeof(serial), NULL);
	X509_set_version(certificate, 2);
	BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
	BN_free(number);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -CERTIFICATE_AGE_S);
	X509_gmtime_adj(X509_getm_notAfter(certificate), CERTIFICATE_LIFE_S);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"jawort", -1, -1, 0);
	X509_set_issuer_name(certificate, name);
	X509_set_pubkey(certificate, key);
	X509_sign(certificate, key, EVP_sha256());
	return certificate;
}

static gboolean print_fingerprint(const X509 *certificate, char *out, size_t size)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	guint length = 0;
	if (X509_digest(certificate, EVP_sha256(), digest, &length) != 1)
		return FALSE;
	for (guint i = 0; i < length; i++)
		g_snprintf(out + 3 * i, size - 3 * i, i + 1 < length ? "%02X:" : "%02X", digest[i]);
	return TRUE;
}

dtls_identity *dtls_identity_new(GError **error)
{
	g_autoptr(dtls_identity) identity = g_new0(dtls_identity, 1);
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = key != NULL ? make_certificate(key) : NULL;
	SSL_CTX *context = SSL_CTX_new(DTLS_server_method());
	identity->context = context;
	identity->output = output_method();
	gboolean is_ready = certificate != NULL && context != NULL &&
			    print_fingerprint(certificate, identity->fingerprint, sizeof(identity->fingerprint)) &&
			    SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1 &&
			    SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1 &&
			    SSL_CTX_set_tlsext_use_srtp(context, PROFILES) == 0 &&
			    SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1;
	X509_free(certificate);
	EVP_PKEY_free(key);
	if (!is_ready) {
		g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_TRANSPORT, "cannot set up DTLS: %s",
			ERR_reason_error_string(ERR_peek_last_error()));
		ERR_clear_error();
		return NULL;
	}
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_certificate);
	SSL_CTX_set_options(
		context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	return g_steal_pointer(&identity);
}

void dtls_identity_free(dtls_identity *identity)
{
	if (identity == NULL)
		return;
	SSL_CTX_free(identity->context);
	BIO_meth_free(identity->output);
	g_free(identity);
}

const char *dtls_identity_fingerprint(const dtls_identity *identity)
{
	return identity->fingerprint;
}

static unsigned int next_timeout(SSL *ssl, unsigned int previous_us)
{
	(void)ssl;
	return previous_us == 0 ? RETRANSMIT_FIRST_US : MIN(previous_us * 2, RETRANSMIT_MAX_US);
}

dtls *dtls_new(const dtls_identity *identity, const dtls_fingerprint *expected, dtls_send send, void *data)
{
	dtls *dtls = g_new0(struct dtls, 1);
	dtls->expected = *expected;
	dtls->send = send;
	dtls->data = data;
	dtls->ssl = SSL_new(identity->context);
	dtls->input = BIO_new(BIO_s_mem());
	BIO *output = BIO_new(identity->output);
	if (dtls->ssl == NULL || dtls->input == NULL || output == NULL)
		g_error("out of memory");
	BIO_set_mem_eof_return(dtls->input, -1);
	BIO_set_data(output, dtls);
	BIO_set_init(output, 1);
	SSL_set_bio(dtls->ssl, dtls->input, output);
	DTLS_set_link_mtu(dtls->ssl, DTLS_MTU);
	DTLS_set_timer_cb(dtls->ssl, next_timeout);
	SSL_set_accept_state(dtls->ssl);
	return dtls;
}

void dtls_free(dtls *dtls)
{
	if (dtls == NULL)
		return;
	SSL_free(dtls->ssl);
	g_free(dtls);
}

static gboolean is_expected_certificate(const dtls *dtls)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	guint length = 0;
	X509 *certificate = SSL_get1_peer_certificate(dtls->ssl);
	gboolean is_equal = certificate != NULL &&
			    X509_digest(certificate, hashes[dtls->expected.hash].digest(), digest, &length) == 1 &&
			    length == dtls->expected.length && CRYPTO_memcmp(digest, dtls->expected.digest, length) == 0;
	X509_free(certificate);
	return is_equal;
}

static dtls_state finished(const dtls *dtls)
{
	if (!is_expected_certificate(dtls))
		return DTLS_MISMATCH;
	return SSL_get_selected_srtp_profile(dtls->ssl) != NULL ? DTLS_CONNECTED : DTLS_FAILED;
}

static dtls_state advance_handshake(dtls *dtls)
{
	ERR_clear_error();
	int result = SSL_do_handshake(dtls->ssl);
	if (result == 1)
		return finished(dtls);
	if (SSL_get_error(dtls->ssl, result) == SSL_ERROR_WANT_READ)
		return DTLS_HANDSHAKE;
	ERR_clear_error();
	return DTLS_FAILED;
}

/* Application data has no use here, but reading serves alerts and a lost last flight. */
static dtls_state read_alerts(dtls *dtls)
{
	uint8_t ignored[MEDIA_PACKET_MAX_BYTES];
	ERR_clear_error();
	while (SSL_read(dtls->ssl, ignored, sizeof(ignored)) > 0)
		continue;
	ERR_clear_error();
	return SSL_get_shutdown(dtls->ssl) & SSL_RECEIVED_SHUTDOWN ? DTLS_CLOSED : DTLS_CONNECTED;
}

dtls_state dtls_receive(dtls *dtls, const uint8_t *datagram, size_t length)
{
	if (dtls->state > DTLS_CONNECTED || length == 0 || length > MEDIA_PACKET_MAX_BYTES)
		return dtls->state;
	BIO_reset(dtls->input); /* a memory BIO joins writes: what OpenSSL left of the last datagram is not part of this one */
	BIO_write(dtls->input, datagram, (int)length);
	if (dtls->state == DTLS_HANDSHAKE)
		dtls->state = advance_handshake(dtls);
	if (dtls->state == DTLS_CONNECTED)
		dtls->state = read_alerts(dtls);
	return dtls->state;
}

dtls_state dtls_tick(dtls *dtls)
{
	if (dtls->state == DTLS_HANDSHAKE && DTLSv1_handle_timeout(dtls->ssl) < 0)
		dtls->state = DTLS_FAILED;
	return dtls->state;
}

dtls_state dtls_get_state(const dtls *dtls)
{
	return dtls->state;
}

void dtls_close(dtls *dtls)
{
	if (dtls->state == DTLS_CONNECTED)
		SSL_shutdown(dtls->ssl);
	dtls->state = DTLS_CLOSED;
}

/* RFC 5764, 4.2: client key | server key | client salt | server salt; the peer is the client. */
srtp_profile dtls_keys(dtls *dtls, srtp **incoming, srtp **outgoing)
{
	uint8_t material[2 * (SRTP_KEY_BYTES + SRTP_SALT_MAX_BYTES)];
	srtp_profile profile =
		SSL_get_selected_srtp_profile(dtls->ssl)->id == SRTP_PROFILE_GCM ? SRTP_PROFILE_GCM : SRTP_PROFILE_SHA1;
	size_t salt = srtp_profile_salt_bytes(profile);
	size_t length = 2 * (SRTP_KEY_BYTES + salt);
	if (SSL_export_keying_material(dtls->ssl, material, length, EXPORTER, strlen(EXPORTER), NULL, 0, 0) != 1)
		g_error("OpenSSL exports no keys");
	const uint8_t *salts = material + 2 * SRTP_KEY_BYTES;
	*incoming = srtp_new(profile, material, salts);
	*outgoing = srtp_new(profile, material + SRTP_KEY_BYTES, salts + salt);
	OPENSSL_cleanse(material, sizeof(material));
	return profile;
}
