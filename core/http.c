/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/http.h"
#include "core/curl-private.h"
#include <string.h>

enum { TIMEOUT_MS = 10000, BODY_MAX_BYTES = 1 << 20, HEADERS_MAX_BYTES = 65536 };

struct http_response {
	guint status;
	GString *body;
	GHashTable *headers; /* lower-case name -> value */
	size_t headers_bytes, max_bytes;
};

static size_t on_body(char *data, size_t size, size_t count, void *user_data)
{
	http_response *self = user_data;
	if (self->body->len + size * count > self->max_bytes)
		return 0;
	g_string_append_len(self->body, data, (gssize)(size * count));
	return size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *user_data)
{
	http_response *self = user_data;
	g_autofree char *line = g_strndup(data, size * count);
	/* An interim answer (100 Continue) comes before the one that counts. */
	if (g_str_has_prefix(line, "HTTP/"))
		g_hash_table_remove_all(self->headers);
	self->headers_bytes += size * count;
	if (self->headers_bytes > HEADERS_MAX_BYTES)
		return 0;
	char *colon = strchr(line, ':');
	if (colon != NULL)
		g_hash_table_insert(self->headers, g_ascii_strdown(line, colon - line), g_strdup(g_strstrip(colon + 1)));
	return size * count;
}

static void set_body(CURL *curl, const http_request *request)
{
	if (request->body != NULL) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
	}
	if (g_strcmp0(request->method, "HEAD") == 0)
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	else if (request->method != NULL)
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

http_response *http_send(const http_request *request, GError **error)
{
	g_autoptr(http_response) self = g_new0(http_response, 1);
	self->body = g_string_new(NULL);
	self->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	self->max_bytes = request->max_bytes != 0 ? request->max_bytes : BODY_MAX_BYTES;
	/* No "Expect: 100-continue": it costs a second with servers that do not answer it. */
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
	for (guint i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
		headers = curl_slist_append(headers, request->headers[i]);
	CURL *curl = curl_private_new(
		request->url, "http,https", request->timeout_ms != 0 ? request->timeout_ms : TIMEOUT_MS, request->ca_file);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, self);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, self);
	set_body(curl, request);
	long status = 0;
	gboolean is_good = curl_private_perform(curl, error);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	self->status = (guint)status;
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	return is_good ? g_steal_pointer(&self) : NULL;
}

guint http_response_status(const http_response *self)
{
	return self->status;
}

const char *http_response_body(const http_response *self, size_t *length)
{
	if (length != NULL)
		*length = self->body->len;
	return self->body->str;
}

const char *http_response_header(const http_response *self, const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	return g_hash_table_lookup(self->headers, lower);
}

void http_response_free(http_response *self)
{
	if (self == NULL)
		return;
	g_string_free(self->body, TRUE);
	g_hash_table_unref(self->headers);
	g_free(self);
}
