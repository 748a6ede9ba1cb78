/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/http/stream.h"

#include "core/crypto.h"
#include "core/json.h"
#include "core/metrics.h"
#include "signaling/app-private.h"
#include "signaling/call.h"
#include "signaling/error.h"
#include "signaling/health.h"
#include "signaling/http/policy.h"
#include "signaling/limits.h"
#include "signaling/gateway-private.h"

#include <string.h>

#define CHUNK_BYTES 16384
#define COOKIE_MAX 100

static const char *const methods[] = {
	[LWSHUMETH_GET] = "GET",
	[LWSHUMETH_POST] = "POST",
	[LWSHUMETH_PUT] = "PUT",
	[LWSHUMETH_PATCH] = "PATCH",
	[LWSHUMETH_DELETE] = "DELETE",
	[LWSHUMETH_HEAD] = "HEAD",
	[LWSHUMETH_OPTIONS] = "OPTIONS",
};

struct http_stream {
	gateway *gateway;
	struct lws *wsi;
	guint64 number;
	const char *method;
	const operation *operation; /* NULL: no operation */
	json_t *input;              /* from path and query */
	char *cookie;
	char *visitor;
	char *csrf;
	GByteArray *body;
	size_t content_length;
	gboolean is_started; /* the operation */

	guint status; /* of the answer; 0: none yet */
	const char *type;
	GBytes *content;
	size_t sent;
	GPtrArray *headers; /* name, value, name, value …; owned */
	gboolean is_head_sent;
};

/* --- reading the request --- */

char *http_header_text(struct lws *wsi, enum lws_token_indexes token)
{
	int length = lws_hdr_total_length(wsi, token);
	if (length <= 0)
		return NULL;
	char *text = g_malloc((gsize)length + 1);
	if (lws_hdr_copy(wsi, text, length + 1, token) > 0)
		return text;
	g_free(text);
	return NULL;
}

static char *custom_header(struct lws *wsi, const char *name)
{
	int name_length = (int)strlen(name);
	int length = lws_hdr_custom_length(wsi, name, name_length);
	if (length <= 0)
		return NULL;
	char *text = g_malloc((gsize)length + 1);
	if (lws_hdr_custom_copy(wsi, text, length + 1, name, name_length) > 0)
		return text;
	g_free(text);
	return NULL;
}

char *http_cookie(struct lws *wsi, const char *name)
{
	g_autofree char *all = http_header_text(wsi, WSI_TOKEN_HTTP_COOKIE);
	if (all == NULL)
		return NULL;
	g_auto(GStrv) parts = g_strsplit(all, ";", -1);
	size_t name_length = strlen(name);
	for (char **part = parts; *part != NULL; part++) {
		const char *text = g_strchug(*part);
		if (strncmp(text, name, name_length) != 0 || text[name_length] != '=')
			continue;
		const char *value = text + name_length + 1;
		size_t length = strlen(value);
		/* Ours have 43 characters; anything else is a stranger's and not worth hashing. */
		return length >= 22 && length <= COOKIE_MAX ? g_strdup(value) : NULL;
	}
	return NULL;
}

static gboolean read_query(http_stream *stream)
{
	char pair[1024];
	for (int i = 0; lws_hdr_copy_fragment(stream->wsi, pair, sizeof(pair), WSI_TOKEN_HTTP_URI_ARGS, i) >= 0; i++) {
		char *equals = strchr(pair, '=');
		if (equals == NULL)
			return FALSE;
		*equals = '\0';
		if (!operation_add_argument(stream->operation, pair, equals + 1, stream->input))
			return FALSE;
	}
	return TRUE;
}

/* A page of ours, or a program that is no browser. */
static gboolean is_from_us(const http_stream *stream)
{
	g_autofree char *origin = http_header_text(stream->wsi, WSI_TOKEN_ORIGIN);
	g_autofree char *host = http_header_text(stream->wsi, WSI_TOKEN_HOST);
	g_autofree char *site = custom_header(stream->wsi, "sec-fetch-site:");
	if (origin != NULL && !policy_allows_origin(app_public_url(stream->gateway->app), origin, host))
		return FALSE;
	return site == NULL || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
}

/* --- the answer --- */

static void add_header(http_stream *stream, const char *name, char *value)
{
	g_ptr_array_add(stream->headers, g_strdup(name));
	g_ptr_array_add(stream->headers, value);
}

/* Takes `content`. */
static void respond(http_stream *stream, guint status, const char *type, GBytes *content)
{
	stream->status = status;
	stream->type = type;
	stream->content = content;
	lws_callback_on_writable(stream->wsi);
}

static void respond_text(http_stream *stream, guint status, const char *type, char *text)
{
	add_header(stream, "cache-control:", g_strdup("no-store"));
	respond(stream, status, type, g_bytes_new_take(text, strlen(text)));
}

static void respond_json(http_stream *stream, guint status, const json_t *value)
{
	respond_text(stream, status, "application/json", json_compact(value));
}

static void respond_error(http_stream *stream, const GError *error)
{
	g_autoptr(json_t) out = json_pack("{s:o}", "error", error_to_json(error));
	guint status = error_kind_of(error)->http_status;
	if (status == 429 || status == 503)
		add_header(stream, "retry-after:", g_strdup("5"));
	respond_json(stream, status, out);
}

static void refuse(http_stream *stream, signaling_error code, const char *text)
{
	g_autoptr(GError) error = g_error_new_literal(SIGNALING_ERROR, code, text);
	respond_error(stream, error);
}

static void set_cookie(http_stream *stream, const char *name, const char *value)
{
	const char *secure = stream->gateway->is_secure ? "; Secure" : "";
	const char *age = *value == '\0' ? "; Max-Age=0" : "";
	add_header(
		stream, "set-cookie:", g_strdup_printf("%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", name, value, secure, age));
}

static void respond_file(http_stream *stream, answer *answer)
{
	if (answer->file_name != NULL)
		add_header(stream, "content-disposition:", g_strdup_printf("attachment; filename=\"%s\"", answer->file_name));
	add_header(stream, "cache-control:", g_strdup("no-store"));
	respond(stream, 200, answer->file_type, g_steal_pointer(&answer->file));
}

/* The stream may be gone when its operation is done. */
typedef struct {
	gateway *gateway;
	guint64 number;
} ticket;

static void answered(answer *answer, gpointer data)
{
	g_autofree ticket *ticket = data;
	http_stream *stream = g_hash_table_lookup(ticket->gateway->streams, &ticket->number);
	if (stream == NULL)
		return;
	if (answer->cookie != NULL)
		set_cookie(stream, gateway_cookie_name(stream->gateway), answer->cookie);
	if (answer->error != NULL)
		respond_error(stream, answer->error);
	else if (answer->file != NULL)
		respond_file(stream, answer);
	else
		respond_json(stream, 200, answer->out);
}

static void start_operation(http_stream *stream)
{
	g_autoptr(GError) error = NULL;
	stream->is_started = TRUE;
	g_autoptr(json_t) body = NULL;
	if (stream->body->len > 0) {
		body = json_read((const char *)stream->body->data, stream->body->len, MESSAGE_BYTES, MESSAGE_DEPTH, &error);
		if (body == NULL)
			return respond_error(stream, error);
		if (!json_is_object(body))
			return refuse(stream, SIGNALING_ERROR_INPUT, "body: must be an object");
		/* The path wins: what it names was chosen by the page's code. */
		json_object_update_missing(stream->input, body);
	}
	g_autofree char *address = gateway_client_address(stream->gateway, stream->wsi);
	ticket *waiting = g_new(ticket, 1);
	*waiting = (ticket){ stream->gateway, stream->number };
	call_request request = { .operation = stream->operation,
		.input = stream->input,
		.cookie = stream->cookie,
		.visitor = stream->visitor,
		.csrf = stream->csrf,
		.address = address,
		.needs_csrf = strcmp(stream->method, "GET") != 0 };
	lws_set_timeout(stream->wsi, PENDING_TIMEOUT_HTTP_CONTENT, HTTP_ANSWER_SECONDS);
	call_start(stream->gateway->app, stream->gateway->rate, &request, answered, waiting);
}

/* --- what is asked for --- */

static void begin_operation(http_stream *stream, const char *path)
{
	gboolean is_path_known = FALSE;
	stream->input = json_object();
	stream->operation = operation_by_path(stream->method, path, stream->input, &is_path_known);
	if (stream->operation == NULL && is_path_known)
		return respond_text(stream, 405, "text/plain; charset=utf-8", g_strdup("This method is not used here.\n"));
	if (stream->operation == NULL)
		return refuse(stream, SIGNALING_ERROR_NOT_FOUND, "There is no such thing here.");
	if (strcmp(stream->method, "GET") != 0 && !is_from_us(stream))
		return refuse(stream, SIGNALING_ERROR_CSRF, "The request does not come from a page of this server.");
	if (!read_query(stream))
		return refuse(stream, SIGNALING_ERROR_INPUT, "query: must be name=value pairs in UTF-8, each once");
	g_autofree char *type = http_header_text(stream->wsi, WSI_TOKEN_HTTP_CONTENT_TYPE);
	if (stream->content_length > 0 && (type == NULL || !g_str_has_prefix(type, "application/json")))
		return refuse(stream, SIGNALING_ERROR_INPUT, "body: must be application/json");
	stream->cookie = http_cookie(stream->wsi, gateway_cookie_name(stream->gateway));
	stream->csrf = custom_header(stream->wsi, "x-csrf-token:");
	stream->visitor = http_cookie(stream->wsi, gateway_visitor_name(stream->gateway));
	if (stream->visitor == NULL) {
		stream->visitor = crypto_secret_new();
		set_cookie(stream, gateway_visitor_name(stream->gateway), stream->visitor);
	}
	if (stream->content_length == 0)
		start_operation(stream);
}

static void send_page(http_stream *stream, const char *path)
{
	const site_file *file = site_find(stream->gateway->site, path);
	if (strcmp(stream->method, "GET") != 0 && strcmp(stream->method, "HEAD") != 0)
		return respond_text(stream, 405, "text/plain; charset=utf-8", g_strdup("This method is not used here.\n"));
	if (file == NULL)
		return respond_text(stream, 404, "text/plain; charset=utf-8", g_strdup("There is no such page.\n"));
	add_header(stream, "etag:", g_strdup(file->etag));
	add_header(stream, "cache-control:", g_strdup(file->is_hashed ? "public, max-age=31536000, immutable" : "no-cache"));
	g_autofree char *known = http_header_text(stream->wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH);
	if (known != NULL && strstr(known, file->etag) != NULL)
		return respond(stream, 304, NULL, g_bytes_new(NULL, 0));
	g_autofree char *encodings = http_header_text(stream->wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING);
	gboolean takes_gzip = file->gzip != NULL && encodings != NULL && strstr(encodings, "gzip") != NULL;
	add_header(stream, "vary:", g_strdup("accept-encoding"));
	if (takes_gzip)
		add_header(stream, "content-encoding:", g_strdup("gzip"));
	respond(stream, 200, file->type, g_bytes_ref(takes_gzip ? file->gzip : file->bytes));
}

static void send_health(http_stream *stream)
{
	g_autoptr(json_t) health = health_report(stream->gateway->app);
	respond_json(stream, json_bool(health, "is_well") ? 200 : 503, health);
}

static void send_ready(http_stream *stream)
{
	respond_text(stream, stream->gateway->is_draining ? 503 : 200, "text/plain; charset=utf-8",
		g_strdup(stream->gateway->is_draining ? "draining\n" : "ready\n"));
}

static void send_metrics(http_stream *stream)
{
	health_count(stream->gateway->app);
	metric_set(metric_gauge("jawort_connections", NULL, "Open WebSockets"), hub_count(stream->gateway->hub));
	respond_text(stream, 200, "text/plain; version=0.0.4; charset=utf-8", metrics_text());
}

static const struct {
	const char *path;
	gboolean is_internal; /* how the program is doing is nobody's business outside */
	void (*send)(http_stream *stream);
} own_paths[] = {
	{ "/healthz", TRUE, send_health },
	{ "/readyz", FALSE, send_ready },
	{ "/metrics", TRUE, send_metrics },
};

static gboolean is_from_inside(const http_stream *stream)
{
	const gateway *gateway = stream->gateway;
	return gateway->monitor != NULL ? lws_get_vhost(stream->wsi) == gateway->monitor : gateway->is_local;
}

static void begin(http_stream *stream, const char *path)
{
	gboolean is_hidden = lws_get_vhost(stream->wsi) == stream->gateway->monitor;
	for (size_t i = 0; i < G_N_ELEMENTS(own_paths); i++) {
		if (strcmp(path, own_paths[i].path) != 0)
			continue;
		if (!own_paths[i].is_internal || is_from_inside(stream))
			return own_paths[i].send(stream);
		is_hidden = TRUE;
	}
	if (is_hidden)
		return refuse(stream, SIGNALING_ERROR_NOT_FOUND, "There is no such thing here.");
	if (g_str_has_prefix(path, "/api/"))
		return begin_operation(stream, path);
	send_page(stream, path);
}

http_stream *http_stream_new(gateway *gateway, struct lws *wsi, const char *path)
{
	char *unused = NULL;
	int unused_length = 0;
	int method = lws_http_get_uri_and_method(wsi, &unused, &unused_length);
	if (method < 0 || (size_t)method >= G_N_ELEMENTS(methods) || methods[method] == NULL)
		return NULL;
	g_autofree char *length = http_header_text(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
	gint64 content_length = length != NULL ? g_ascii_strtoll(length, NULL, 10) : 0;
	gboolean has_chunks = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0;
	http_stream *stream = g_new0(http_stream, 1);
	stream->gateway = gateway;
	stream->wsi = wsi;
	stream->number = ++gateway->last_stream;
	stream->method = methods[method];
	stream->body = g_byte_array_new();
	stream->headers = g_ptr_array_new_with_free_func(g_free);
	g_hash_table_insert(gateway->streams, &stream->number, stream);
	gboolean is_post = method == LWSHUMETH_POST || method == LWSHUMETH_PUT || method == LWSHUMETH_PATCH;
	if (has_chunks || (is_post && length == NULL))
		respond_text(stream, 411, "text/plain; charset=utf-8", g_strdup("Please send the length of the body.\n"));
	else if (content_length < 0 || content_length > MESSAGE_BYTES)
		respond_text(stream, 413, "text/plain; charset=utf-8", g_strdup("The body is too large.\n"));
	else {
		stream->content_length = (size_t)content_length;
		begin(stream, path);
	}
	return stream;
}

int http_stream_body(http_stream *stream, const void *data, size_t length)
{
	/* Already answered: let the rest of the body pass by. */
	if (stream->status != 0)
		return 0;
	if (stream->is_started || stream->body->len + length > stream->content_length)
		return -1;
	g_byte_array_append(stream->body, data, (guint)length);
	return 0;
}

int http_stream_body_end(http_stream *stream)
{
	if (stream->status != 0)
		return 0;
	/* A second request on the same connection before the first was answered. */
	if (stream->is_started)
		return stream->content_length == 0 ? 0 : -1;
	start_operation(stream);
	return 0;
}

static int write_head(http_stream *stream)
{
	unsigned char buffer[LWS_PRE + 4096];
	unsigned char *start = buffer + LWS_PRE, *at = start, *end = buffer + sizeof(buffer) - 1;
	gsize length = g_bytes_get_size(stream->content);
	int failed = lws_add_http_header_status(stream->wsi, stream->status, &at, end);
	for (const http_header *header = policy_headers; header->name != NULL; header++)
		failed |= lws_add_http_header_by_name(stream->wsi, (const unsigned char *)header->name,
			(const unsigned char *)header->value, (int)strlen(header->value), &at, end);
	if (stream->gateway->is_secure)
		failed |= lws_add_http_header_by_name(stream->wsi, (const unsigned char *)policy_tls.name,
			(const unsigned char *)policy_tls.value, (int)strlen(policy_tls.value), &at, end);
	for (guint i = 0; i < stream->headers->len; i += 2) {
		const char *value = stream->headers->pdata[i + 1];
		failed |= lws_add_http_header_by_name(
			stream->wsi, stream->headers->pdata[i], (const unsigned char *)value, (int)strlen(value), &at, end);
	}
	if (stream->type != NULL)
		failed |= lws_add_http_header_by_token(stream->wsi, WSI_TOKEN_HTTP_CONTENT_TYPE,
			(const unsigned char *)stream->type, (int)strlen(stream->type), &at, end);
	failed |= lws_add_http_header_content_length(stream->wsi, length, &at, end) ||
		  lws_finalize_http_header(stream->wsi, &at, end);
	if (failed || lws_write(stream->wsi, start, (size_t)(at - start), LWS_WRITE_HTTP_HEADERS) < 0)
		return -1;
	stream->is_head_sent = TRUE;
	return 0;
}

int http_stream_writable(http_stream *stream)
{
	if (stream->status == 0)
		return 0;
	gsize length = g_bytes_get_size(stream->content);
	if (!stream->is_head_sent) {
		if (write_head(stream) < 0)
			return -1;
		if (strcmp(stream->method, "HEAD") == 0)
			stream->sent = length;
		if (stream->sent < length)
			lws_callback_on_writable(stream->wsi);
	} else if (stream->sent < length) {
		unsigned char buffer[LWS_PRE + CHUNK_BYTES];
		size_t count = MIN(length - stream->sent, CHUNK_BYTES);
		gboolean is_last = stream->sent + count == length;
		memcpy(buffer + LWS_PRE, (const char *)g_bytes_get_data(stream->content, NULL) + stream->sent, count);
		if (lws_write(stream->wsi, buffer + LWS_PRE, count, is_last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)count)
			return -1;
		stream->sent += count;
		if (!is_last)
			lws_callback_on_writable(stream->wsi);
	}
	if (stream->sent < length)
		return 0;
	/* What is left of an unread body would be taken for the next request. */
	return stream->status == 411 || stream->status == 413 ? -1 : HTTP_STREAM_DONE;
}

void http_stream_free(http_stream *stream)
{
	if (stream == NULL)
		return;
	g_hash_table_remove(stream->gateway->streams, &stream->number);
	json_decref(stream->input);
	crypto_free_secret(stream->cookie);
	crypto_free_secret(stream->visitor);
	g_free(stream->csrf);
	g_byte_array_unref(stream->body);
	g_clear_pointer(&stream->content, g_bytes_unref);
	g_ptr_array_unref(stream->headers);
	g_free(stream);
}
