/* SPDX-License-Identifier: EUPL-1.2 */
/* An OpenSSL client against ours, over a line that loses, splits and swaps. */
#include "media/dtls.h"
#include "media/limits.h"
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

enum { CLIENT_MTU = 256, DATAGRAMS_MAX = 64 }; /* a small MTU cuts the ClientHello into pieces */

typedef struct {
	guint count;
	size_t length[DATAGRAMS_MAX];
	uint8_t data[DATAGRAMS_MAX][2048];
} line;

static dtls_identity *ours;
static SSL_CTX *client_context;
static line to_client, to_server;

static void push(line *line, const uint8_t *data, size_t length)
{
	g_assert_cmpuint(line->count, <, DATAGRAMS_MAX);
	g_assert_cmpuint(length, <=, DTLS_MTU);
	memcpy(line->data[line->count], data, length);
	line->length[line->count++] = length;
}

static void on_send(void *data, const uint8_t *datagram, size_t length)
{
	push(data, datagram, length);
}

static int client_write(BIO *bio, const char *data, int length)
{
	(void)bio;
	push(&to_server, (const uint8_t *)data, (size_t)length);
	return length;
}

static long client_control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio, (void)number, (void)pointer;
	return command == BIO_CTRL_FLUSH ? 1 : command == BIO_CTRL_DGRAM_QUERY_MTU ? CLIENT_MTU : 0;
}

static SSL *client_new(const char *profiles)
{
	static BIO_METHOD *method;
	if (method == NULL) {
		method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "line");
		BIO_meth_set_write(method, client_write);
		BIO_meth_set_ctrl(method, client_control);
	}
	SSL *ssl = SSL_new(client_context);
	BIO *out = BIO_new(method), *in = BIO_new(BIO_s_mem());
	BIO_set_init(out, 1);
	BIO_set_mem_eof_return(in, -1);
	SSL_set_bio(ssl, in, out);
	SSL_set_options(ssl, SSL_OP_NO_QUERY_MTU);
	DTLS_set_link_mtu(ssl, CLIENT_MTU);
	SSL_set_connect_state(ssl);
	uint8_t names[400] = { 199 };
	names[200] = 199;
	g_assert_cmpint(SSL_set_alpn_protos(ssl, names, sizeof(names)), ==, 0); /* makes it long */
	if (profiles != NULL)
		g_assert_cmpint(SSL_set_tlsext_use_srtp(ssl, profiles), ==, 0);
	to_client.count = to_server.count = 0;
	return ssl;
}

static dtls_fingerprint client_fingerprint(void)
{
	dtls_fingerprint fingerprint = { .hash = DTLS_SHA256 };
	guint length;
	X509_digest(SSL_CTX_get0_certificate(client_context), EVP_sha256(), fingerprint.digest, &length);
	fingerprint.length = length;
	return fingerprint;
}

/* Run both ends; `swaps` hands the ClientHello over back to front. Returns what ours came to. */
static dtls_state run(dtls *dtls, SSL *client, gboolean swaps)
{
	for (guint round = 0; round < 20; round++) {
		SSL_do_handshake(client);
		if (round == 0)
			g_assert_cmpuint(to_server.count, >, 1);
		for (guint i = 0; i < to_server.count; i++) {
			guint at = swaps && round == 0 ? to_server.count - 1 - i : i;
			dtls_receive(dtls, to_server.data[at], to_server.length[at]);
		}
		to_server.count = 0;
		for (guint i = 0; i < to_client.count; i++) {
			BIO_write(SSL_get_rbio(client), to_client.data[i], (int)to_client.length[i]);
			SSL_do_handshake(client);
		}
		to_client.count = 0;
	}
	ERR_clear_error();
	return dtls_get_state(dtls);
}

static const struct {
	const char *name, *profiles;
	gboolean swaps;
	dtls_state state;
	srtp_profile profile;
} cases[] = {
	{ "prefers-gcm", "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM", FALSE, DTLS_CONNECTED,
		SRTP_PROFILE_GCM },
	{ "sha1", "SRTP_AES128_CM_SHA1_80", FALSE, DTLS_CONNECTED, SRTP_PROFILE_SHA1 },
	{ "fragments-swapped", "SRTP_AEAD_AES_128_GCM", TRUE, DTLS_CONNECTED, SRTP_PROFILE_GCM },
	{ "no-profile", NULL, FALSE, DTLS_FAILED, 0 },
};

static void test_handshake(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	dtls_fingerprint expected = client_fingerprint();
	SSL *client = client_new(cases[i].profiles);
	g_autoptr(dtls) dtls = dtls_new(ours, &expected, on_send, &to_client);
	g_assert_cmpint(run(dtls, client, cases[i].swaps), ==, cases[i].state);
	if (cases[i].state == DTLS_CONNECTED) {
		g_autoptr(srtp) incoming = NULL, outgoing = NULL;
		g_assert_cmpint(dtls_keys(dtls, &incoming, &outgoing), ==, cases[i].profile);
		/* The client's keys fit ours. */
		uint8_t material[60], report[8] = { 0x80, 201, 0, 1, 0, 0, 0, 1 }, sealed[64], plain[64];
		size_t salt = srtp_profile_salt_bytes(cases[i].profile);
		SSL_export_keying_material(client, material, 32 + 2 * salt, "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0);
		g_autoptr(srtp) theirs = srtp_new(cases[i].profile, material, material + 32);
		g_assert_cmpuint(srtcp_decrypt(incoming, sealed, srtcp_encrypt(theirs, report, 8, sealed), plain), ==, 8);
		g_autoptr(srtp) back = srtp_new(cases[i].profile, material + 16, material + 32 + salt);
		g_assert_cmpuint(srtcp_decrypt(back, sealed, srtcp_encrypt(outgoing, report, 8, sealed), plain), ==, 8);
		SSL_shutdown(client);
		for (guint j = 0; j < to_server.count; j++)
			dtls_receive(dtls, to_server.data[j], to_server.length[j]);
		g_assert_cmpint(dtls_get_state(dtls), ==, DTLS_CLOSED);
	}
	SSL_free(client);
}

/* Another certificate than the offer named: whoever sits between gets no keys. */
static void test_mismatch(void)
{
	dtls_fingerprint expected = client_fingerprint();
	expected.digest[31] ^= 1;
	SSL *client = client_new("SRTP_AEAD_AES_128_GCM");
	g_autoptr(dtls) dtls = dtls_new(ours, &expected, on_send, &to_client);
	g_assert_cmpint(run(dtls, client, FALSE), ==, DTLS_MISMATCH);
	SSL_free(client);
}

static void test_garbage(void)
{
	dtls_fingerprint expected = client_fingerprint();
	SSL *client = client_new("SRTP_AEAD_AES_128_GCM");
	g_autoptr(dtls) dtls = dtls_new(ours, &expected, on_send, &to_client);
	uint8_t garbage[200] = { 22, 0xfe, 0xfd };
	for (guint i = 0; i < 100; i++)
		dtls_receive(dtls, garbage, i + 1);
	g_assert_cmpint(run(dtls, client, FALSE), ==, DTLS_CONNECTED);
	SSL_free(client);
}

static void test_fingerprint(void)
{
	dtls_fingerprint fingerprint, again;
	g_autofree char *text = g_strconcat("SHA-256 ", dtls_identity_fingerprint(ours), NULL);
	g_assert_true(dtls_fingerprint_parse(&fingerprint, text));
	g_assert_cmpuint(fingerprint.length, ==, 32);
	g_autofree char *lower = g_ascii_strdown(text, -1);
	g_assert_true(dtls_fingerprint_parse(&again, lower));
	g_assert_true(dtls_fingerprint_equal(&fingerprint, &again));
	static const char *const wrong[] = { "", "sha-256", "sha-256 ", "sha-256 AB", "sha-1 AB:CD", "sha-512 AB:CD",
		"sha-2 AB:CD" };
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_assert_false(dtls_fingerprint_parse(&fingerprint, wrong[i]));
	text[strlen(text) - 3] = ';';
	g_assert_false(dtls_fingerprint_parse(&fingerprint, text));
}

static SSL_CTX *make_client(void)
{
	SSL_CTX *context = SSL_CTX_new(DTLS_client_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = X509_new();
	X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_set_pubkey(certificate, key);
	X509_sign(certificate, key, EVP_sha256());
	SSL_CTX_use_certificate(context, certificate);
	SSL_CTX_use_PrivateKey(context, key);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return context;
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ours = dtls_identity_new(NULL);
	client_context = make_client();
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/dtls/handshake/", cases[i].name, NULL);
		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_handshake);
	}
	g_test_add_func("/dtls/mismatch", test_mismatch);
	g_test_add_func("/dtls/garbage", test_garbage);
	g_test_add_func("/dtls/fingerprint", test_fingerprint);
	int status = g_test_run();
	SSL_CTX_free(client_context);
	dtls_identity_free(ours);
	return status;
}
