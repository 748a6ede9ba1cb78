/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/handshake.h"
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>

#define GCM "SRTP_AEAD_AES_128_GCM"
#define SHA1 "SRTP_AES128_CM_SHA1_80"
#define EXPORTER "EXTRACTOR-dtls_srtp"

enum { MTU = 1200, CERTIFICATE_LIFE_S = 86400 };

struct handshake {
	SSL *ssl;
	BIO *input;
	gboolean is_client;
	handshake_state state;
	char *peer_fingerprint;
	handshake_send send;
	void *data;
};

/* By profiles and whether we are the client. */
static const char *const profile_lists[][2] = {
	[PROFILES_GCM] = { GCM, GCM },
	[PROFILES_SHA1] = { SHA1, SHA1 },
	[PROFILES_BROWSER] = { SHA1 ":" GCM, GCM ":" SHA1 },
};

static SSL_CTX *contexts[G_N_ELEMENTS(profile_lists)][2];
static BIO_METHOD *output;
static char fingerprint[3 * SHA256_DIGEST_LENGTH];

static int output_write(BIO *bio, const char *bytes, int length)
{
	const handshake *handshake = BIO_get_data(bio);
	handshake->send(handshake->data, (const uint8_t *)bytes, (size_t)length);
	return length;
}

static long output_control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio, (void)number, (void)pointer;
	if (command == BIO_CTRL_DGRAM_QUERY_MTU || command == BIO_CTRL_DGRAM_GET_FALLBACK_MTU)
		return MTU;
	return command == BIO_CTRL_FLUSH;
}

static int accept_certificate(int is_valid, X509_STORE_CTX *store)
{
	(void)is_valid, (void)store;
	return 1; /* the fingerprint is compared afterwards */
}

static void print_fingerprint(const X509 *certificate, char out[3 * SHA256_DIGEST_LENGTH])
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	guint length = 0;
	X509_digest(certificate, EVP_sha256(), digest, &length);
	for (guint i = 0; i < length; i++)
		g_snprintf(out + 3 * i, 4, i + 1 < length ? "%02X:" : "%02X", digest[i]);
}

static X509 *make_certificate(EVP_PKEY *key)
{
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);
	X509_set_version(certificate, 2);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -CERTIFICATE_LIFE_S);
	X509_gmtime_adj(X509_getm_notAfter(certificate), CERTIFICATE_LIFE_S);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"load", -1, -1, 0);
	X509_set_issuer_name(certificate, name);
	X509_set_pubkey(certificate, key);
	X509_sign(certificate, key, EVP_sha256());
	return certificate;
}

static SSL_CTX *make_context(X509 *certificate, EVP_PKEY *key, const char *profile_list)
{
	SSL_CTX *context = SSL_CTX_new(DTLS_method());
	if (context == NULL || SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) != 1 ||
		SSL_CTX_use_certificate(context, certificate) != 1 || SSL_CTX_use_PrivateKey(context, key) != 1 ||
		SSL_CTX_set_tlsext_use_srtp(context, profile_list) != 0)
		g_error("cannot set up DTLS: %s", ERR_reason_error_string(ERR_peek_last_error()));
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_certificate);
	SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET);
	return context;
}

static void prepare(void)
{
	if (output != NULL)
		return;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = make_certificate(key);
	print_fingerprint(certificate, fingerprint);
	for (guint i = 0; i < G_N_ELEMENTS(profile_lists); i++) {
		for (guint is_client = 0; is_client < 2; is_client++)
			contexts[i][is_client] = make_context(certificate, key, profile_lists[i][is_client]);
	}
	X509_free(certificate);
	EVP_PKEY_free(key);
	output = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagram");
	BIO_meth_set_write(output, output_write);
	BIO_meth_set_ctrl(output, output_control);
}

const char *handshake_fingerprint(void)
{
	prepare();
	return fingerprint;
}

handshake *handshake_new(gboolean is_client, profiles profiles, const char *peer_fingerprint, handshake_send send, void *data)
{
	prepare();
	handshake *handshake = g_new0(struct handshake, 1);
	handshake->is_client = is_client;
	handshake->peer_fingerprint = g_strdup(peer_fingerprint);
	handshake->send = send;
	handshake->data = data;
	handshake->ssl = SSL_new(contexts[profiles][is_client ? 1 : 0]);
	handshake->input = BIO_new(BIO_s_mem());
	BIO *bio = BIO_new(output);
	BIO_set_mem_eof_return(handshake->input, -1);
	BIO_set_data(bio, handshake);
	BIO_set_init(bio, 1);
	SSL_set_bio(handshake->ssl, handshake->input, bio);
	DTLS_set_link_mtu(handshake->ssl, MTU);
	if (is_client)
		SSL_set_connect_state(handshake->ssl);
	else
		SSL_set_accept_state(handshake->ssl);
	return handshake;
}

void handshake_free(handshake *handshake)
{
	if (handshake == NULL)
		return;
	SSL_free(handshake->ssl);
	g_free(handshake->peer_fingerprint);
	g_free(handshake);
}

static handshake_state finished(const handshake *handshake)
{
	char seen[3 * SHA256_DIGEST_LENGTH];
	g_autofree char *expected = g_ascii_strup(handshake->peer_fingerprint, -1);
	X509 *certificate = SSL_get1_peer_certificate(handshake->ssl);
	print_fingerprint(certificate, seen);
	X509_free(certificate);
	gboolean is_right = strcmp(seen, expected) == 0 && SSL_get_selected_srtp_profile(handshake->ssl) != NULL;
	return is_right ? HANDSHAKE_DONE : HANDSHAKE_FAILED;
}

handshake_state handshake_run(handshake *handshake, const uint8_t *datagram, size_t length)
{
	uint8_t ignored[MTU];
	ERR_clear_error();
	if (datagram != NULL) {
		BIO_reset(handshake->input);
		BIO_write(handshake->input, datagram, (int)length);
	} else if (handshake->state == HANDSHAKE_RUNS) {
		DTLSv1_handle_timeout(handshake->ssl);
	}
	if (handshake->state == HANDSHAKE_DONE) /* a last flight that was lost is repeated from in here */
		SSL_read(handshake->ssl, ignored, sizeof(ignored));
	if (handshake->state != HANDSHAKE_RUNS)
		return handshake->state;
	int result = SSL_do_handshake(handshake->ssl);
	if (result == 1)
		handshake->state = finished(handshake);
	else if (SSL_get_error(handshake->ssl, result) != SSL_ERROR_WANT_READ)
		handshake->state = HANDSHAKE_FAILED;
	ERR_clear_error();
	return handshake->state;
}

srtp_profile handshake_keys(handshake *handshake, srtp **incoming, srtp **outgoing)
{
	uint8_t material[2 * (SRTP_KEY_BYTES + SRTP_SALT_MAX_BYTES)];
	srtp_profile profile = (srtp_profile)SSL_get_selected_srtp_profile(handshake->ssl)->id;
	size_t salt = srtp_profile_salt_bytes(profile), length = 2 * (SRTP_KEY_BYTES + salt);
	if (SSL_export_keying_material(handshake->ssl, material, length, EXPORTER, strlen(EXPORTER), NULL, 0, 0) != 1)
		g_error("OpenSSL exports no keys");
	/* client key | server key | client salt | server salt (RFC 5764, 4.2) */
	const uint8_t *salts = material + 2 * SRTP_KEY_BYTES;
	*(handshake->is_client ? outgoing : incoming) = srtp_new(profile, material, salts);
	*(handshake->is_client ? incoming : outgoing) = srtp_new(profile, material + SRTP_KEY_BYTES, salts + salt);
	return profile;
}
