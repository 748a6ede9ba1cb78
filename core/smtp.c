/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/smtp.h"
#include "core/curl-private.h"
#include <string.h>

enum { TIMEOUT_MS = 20000 };

typedef struct {
	const char *next;
	size_t left;
} message_reader;

static size_t on_read(char *buffer, size_t size, size_t count, void *user_data)
{
	message_reader *reader = user_data;
	size_t length = MIN(size * count, reader->left);
	memcpy(buffer, reader->next, length);
	reader->next += length;
	reader->left -= length;
	return length;
}

static int on_progress(void *is_ending, curl_off_t total, curl_off_t now, curl_off_t upload, curl_off_t uploaded)
{
	(void)total, (void)now, (void)upload, (void)uploaded;
	return is_ending != NULL && g_atomic_int_get((const gint *)is_ending);
}

/* Plain text is for a mail server of this machine. */
static gboolean is_local(const char *url)
{
	char *host = NULL;
	CURLU *parts = curl_url();
	if (curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
		curl_url_get(parts, CURLUPART_HOST, &host, 0);
	gboolean is_local =
		g_strcmp0(host, "localhost") == 0 || g_strcmp0(host, "127.0.0.1") == 0 || g_strcmp0(host, "[::1]") == 0;
	curl_free(host);
	curl_url_cleanup(parts);
	return is_local;
}

/* An address of ours never has these; in an envelope they could end the command. */
static gboolean is_address(const char *address)
{
	return *address != '\0' && strpbrk(address, "\r\n<> ") == NULL;
}

static gboolean perform(CURL *curl, GError **error)
{
	g_autoptr(GError) reason = NULL;
	if (curl_private_perform(curl, &reason))
		return TRUE;
	long status = 0;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 500 && status < 600)
		g_set_error(error, CORE_ERROR, CORE_ERROR_REFUSED, "The mail server refused with code %ld: %s", status,
			reason->message);
	else
		g_propagate_error(error, g_steal_pointer(&reason));
	return FALSE;
}

gboolean smtp_send(
	const smtp_server *server, const char *from, const char *to, const char *message, size_t length, GError **error)
{
	if (server->tls == SMTP_TLS_NONE && !is_local(server->url)) {
		g_set_error_literal(error, CORE_ERROR, CORE_ERROR_OPTION,
			"Mail without TLS goes to a server on this machine only. Use smtps:, or require TLS.");
		return FALSE;
	}
	if (!is_address(from) || !is_address(to)) {
		g_set_error_literal(error, CORE_ERROR, CORE_ERROR_REFUSED, "A mail address is malformed.");
		return FALSE;
	}
	message_reader reader = { message, length };
	g_autofree char *sender = g_strdup_printf("<%s>", from);
	g_autofree char *recipient = g_strdup_printf("<%s>", to);
	struct curl_slist *recipients = curl_slist_append(NULL, recipient);
	CURL *curl = curl_private_new(
		server->url, "smtp,smtps", server->timeout_ms != 0 ? server->timeout_ms : TIMEOUT_MS, server->ca_file);
	curl_easy_setopt(curl, CURLOPT_USE_SSL, server->tls == SMTP_TLS_REQUIRED ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
	if (server->user != NULL) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, server->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, server->password != NULL ? server->password : "");
	}
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, sender);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(curl, CURLOPT_READDATA, &reader);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)server->is_ending);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	gboolean is_sent = perform(curl, error);
	curl_easy_cleanup(curl);
	curl_slist_free_all(recipients);
	return is_sent;
}
