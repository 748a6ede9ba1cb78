/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/gateway.h"

#include "core/error.h"
#include "core/log.h"
#include "signaling/app-private.h"
#include "signaling/http/policy.h"
#include "signaling/http/stream.h"
#include "signaling/limits.h"
#include "signaling/gateway-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What libwebsockets keeps for us with each socket. */
typedef struct {
	http_stream *stream;
	connection *connection;
} socket_user;

const char *gateway_cookie_name(const gateway *gateway)
{
	return gateway->is_secure ? "__Host-jawort" : "jawort";
}

const char *gateway_visitor_name(const gateway *gateway)
{
	return gateway->is_secure ? "__Host-visitor" : "visitor";
}

char *gateway_client_address(const gateway *gateway, struct lws *wsi)
{
	g_autofree char *forwarded = http_header_text(wsi, WSI_TOKEN_X_FORWARDED_FOR);
	char peer[64] = "";
	lws_get_peer_simple(wsi, peer, sizeof(peer));
	return proxies_client(gateway->proxies, peer, forwarded);
}

/* --- callbacks --- */

/* An upgrade is asked for: only at /api/v1/socket, from our pages, while there is room. */
static int filter_upgrade(gateway *gateway, struct lws *wsi)
{
	g_autofree char *path = http_header_text(wsi, WSI_TOKEN_GET_URI);
	g_autofree char *origin = http_header_text(wsi, WSI_TOKEN_ORIGIN);
	g_autofree char *host = http_header_text(wsi, WSI_TOKEN_HOST);
	g_autofree char *cookie = http_cookie(wsi, gateway_cookie_name(gateway));
	g_autofree char *address = gateway_client_address(gateway, wsi);
	gboolean is_full =
		hub_count(gateway->hub) >= CONNECTIONS || hub_count_of_address(gateway->hub, address) >= CONNECTIONS_PER_ADDRESS;
	gboolean is_here = lws_get_vhost(wsi) == gateway->vhost && g_strcmp0(path, "/api/v1/socket") == 0;
	guint status = !is_here                                                            ? HTTP_STATUS_NOT_FOUND
		       : !policy_allows_origin(app_public_url(gateway->app), origin, host) ? HTTP_STATUS_FORBIDDEN
		       : cookie == NULL                                                    ? HTTP_STATUS_UNAUTHORIZED
		       : is_full || gateway->is_draining                                   ? HTTP_STATUS_SERVICE_UNAVAILABLE
											   : 0;
	if (status == 0)
		return 0;
	lws_return_http_status(wsi, status, NULL);
	return -1;
}

static int on_http(gateway *gateway, struct lws *wsi, socket_user *user, const char *path)
{
	g_clear_pointer(&user->stream, http_stream_free);
	user->stream = http_stream_new(gateway, wsi, path);
	return user->stream == NULL ? -1 : 0;
}

static int on_http_writable(struct lws *wsi, socket_user *user)
{
	int result = user->stream != NULL ? http_stream_writable(user->stream) : 0;
	if (result != HTTP_STREAM_DONE)
		return result;
	/* This frees `user`: libwebsockets makes another for the next request. */
	g_clear_pointer(&user->stream, http_stream_free);
	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user_space, void *in, size_t length)
{
	socket_user *user = user_space;
	gateway *gateway = lws_context_user(lws_get_context(wsi));
	/* A socket that never sent a request has none yet. */
	if (user == NULL && reason != LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION)
		return 0;
	switch (reason) {
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return filter_upgrade(gateway, wsi);
	case LWS_CALLBACK_HTTP:
		return on_http(gateway, wsi, user, in);
	case LWS_CALLBACK_HTTP_BODY:
		return user->stream == NULL || length == 0 ? 0 : http_stream_body(user->stream, in, length);
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return user->stream == NULL ? 0 : http_stream_body_end(user->stream);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return on_http_writable(wsi, user);
	case LWS_CALLBACK_CLOSED_HTTP:
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
		g_clear_pointer(&user->stream, http_stream_free);
		return 0;
	case LWS_CALLBACK_ESTABLISHED:
		g_clear_pointer(&user->stream, http_stream_free);
		user->connection = connection_new(gateway, wsi);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		return connection_receive(user->connection, in, length);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return connection_writable(user->connection);
	case LWS_CALLBACK_TIMER:
		return user->connection != NULL ? connection_close_now(user->connection) : 0;
	case LWS_CALLBACK_CLOSED:
		g_clear_pointer(&user->connection, connection_free);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ .name = "jawort", .callback = on_event, .per_session_data_size = sizeof(socket_user), .rx_buffer_size = MESSAGE_BYTES },
	{ 0 },
};

static const lws_retry_bo_t keep_alive = { .secs_since_valid_ping = PING_SECONDS, .secs_since_valid_hangup = HANGUP_SECONDS };

static void log_library(int level, const char *line)
{
	g_autofree char *text = g_strchomp(g_strdup(line));
	if (level == LLL_ERR)
		log_warning("libwebsockets", LOG_TEXT("line", text));
	else
		log_debug("libwebsockets", LOG_TEXT("line", text));
}

/* --- life --- */

/* libwebsockets only says that it failed; we want to say why. */
static gboolean check_port(const char *listen_on, const char *address, int port, GError **error)
{
	g_autofree char *service = g_strdup_printf("%d", port);
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_PASSIVE, .ai_socktype = SOCK_STREAM }, *found = NULL;
	if (getaddrinfo(address, service, &hints, &found) != 0) {
		g_set_error(error, CORE_ERROR, CORE_ERROR_OPTION,
			"%s is no IP address with a port. Use for example 127.0.0.1:8080 or 0.0.0.0:8080.", listen_on);
		return FALSE;
	}
	int probe = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;
	setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	int reason = bind(probe, found->ai_addr, found->ai_addrlen) == 0 && listen(probe, 1) == 0 ? 0 : errno;
	close(probe);
	freeaddrinfo(found);
	if (reason == 0)
		return TRUE;
	const char *advice = reason == EADDRINUSE ? "Another program uses it: stop that one (ss -ltnp shows it), or choose "
						    "another with --listen (or --monitor)."
			     : reason == EACCES ? "Ports below 1024 need a privilege: choose one above, and put a proxy in front."
			     : reason == EADDRNOTAVAIL
				     ? "This machine does not have that address: choose one that \"ip address\" shows."
				     : g_strerror(reason);
	g_set_error(error, CORE_ERROR, CORE_ERROR_OPTION, "Port %d on %s cannot be opened. %s", port, address, advice);
	return FALSE;
}

/* (transfer none) A listener at "ADDRESS:PORT". */
static struct lws_vhost *open_vhost(
	gateway *gateway, struct lws_context_creation_info *info, const char *name, const char *listen_on, GError **error)
{
	g_autofree char *address = gateway_address(listen_on);
	info->iface = address;
	info->port = (int)g_ascii_strtoull(strrchr(listen_on, ':') + 1, NULL, 10);
	info->vhost_name = name;
	if (!check_port(listen_on, address, info->port, error))
		return NULL;
	struct lws_vhost *vhost = lws_create_vhost(gateway->context, info);
	if (vhost == NULL)
		g_set_error(error, CORE_ERROR, CORE_ERROR_OPTION, "The server cannot listen at %s.%s", listen_on,
			info->ssl_cert_filepath != NULL ? " Are --tls-certificate and --tls-key PEM files that belong together?"
							: "");
	return vhost;
}

static gboolean open_context(gateway *gateway, const options *options, GError **error)
{
	void *loops[] = { loop_uv(app_loop(gateway->app)) };
	const char *certificate = options_text(options, "tls-certificate");
	const char *monitor = options_text(options, "monitor");
	struct lws_context_creation_info info = {
		.protocols = protocols,
		.user = gateway,
		.foreign_loops = loops,
		.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
			   LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS,
		.max_http_header_data2 = HTTP_HEADER_BYTES,
		.max_http_header_pool2 = HTTP_HEADERS_POOL,
		.pt_serv_buf_size = HTTP_HEADER_BYTES,
		.retry_and_idle_policy = &keep_alive,
		.timeout_secs = 10,
		.keepalive_timeout = 60,
		.server_string = "jawort",
		.alpn = "http/1.1",
	};
	if (certificate != NULL)
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	gateway->context = lws_create_context(&info);
	if (gateway->context == NULL) {
		g_set_error_literal(error, CORE_ERROR, CORE_ERROR_OPTION,
			"The server cannot start. Is the package libwebsockets-evlib-uv installed?");
		return FALSE;
	}
	if (monitor != NULL && (gateway->monitor = open_vhost(gateway, &info, "monitor", monitor, error)) == NULL)
		return FALSE;
	info.ssl_cert_filepath = certificate;
	info.ssl_private_key_filepath = options_text(options, "tls-key");
	gateway->vhost = open_vhost(gateway, &info, "default", options_text(options, "listen"), error);
	return gateway->vhost != NULL;
}

static gboolean is_loopback(const char *listen_on)
{
	g_autofree char *address = gateway_address(listen_on);
	g_autoptr(GInetAddress) parsed = g_inet_address_new_from_string(address);
	return parsed != NULL && g_inet_address_get_is_loopback(parsed);
}

char *gateway_address(const char *listen_on)
{
	const char *colon = strrchr(listen_on, ':');
	gboolean has_brackets = listen_on[0] == '[' && colon > listen_on + 1 && colon[-1] == ']';
	return g_strndup(listen_on + has_brackets, (gsize)(colon - listen_on) - 2 * (gsize)has_brackets);
}

gateway *gateway_new(app *app, GError **error)
{
	lws_set_log_level(LLL_ERR | LLL_WARN, log_library);
	const options *options = app_options(app);
	gateway *gateway = g_new0(struct gateway, 1);
	gateway->app = app;
	gateway->rate = rate_new();
	gateway->hub = hub_new(app);
	gateway->streams = g_hash_table_new(g_int64_hash, g_int64_equal);
	gateway->is_secure =
		options_text(options, "tls-certificate") != NULL || g_str_has_prefix(app_public_url(app), "https://");
	g_auto(GStrv) trusted = options_list(options, "trusted-proxy");
	gateway->is_local = *trusted == NULL && is_loopback(options_text(options, "listen"));
	gateway->proxies = proxies_new(trusted, error);
	gateway->site = gateway->proxies != NULL ? site_load(options_text(options, "site"), error) : NULL;
	if (gateway->site != NULL && open_context(gateway, options, error))
		return gateway;
	gateway_close(gateway);
	gateway_free(gateway);
	return NULL;
}

void gateway_close(gateway *gateway)
{
	if (gateway == NULL)
		return;
	/* The library's second step frees handles that libuv still closes: the first closes all sockets, the rest ends with the
	 * process, and stays reachable so that leak checkers know. */
	static struct lws_context *volatile closed;
	closed = gateway->context;
	if (closed != NULL)
		lws_context_destroy(closed);
}

void gateway_free(gateway *gateway)
{
	if (gateway == NULL)
		return;
	g_hash_table_unref(gateway->streams);
	hub_free(gateway->hub);
	rate_free(gateway->rate);
	site_free(gateway->site);
	proxies_free(gateway->proxies);
	g_free(gateway);
}

int gateway_port(const gateway *gateway)
{
	return lws_get_vhost_listen_port(gateway->vhost);
}

guint gateway_connection_count(const gateway *gateway)
{
	return hub_count(gateway->hub);
}

/* --- from other threads --- */

typedef struct {
	gateway *gateway;
	char *name; /* topic or peer */
	json_t *event;
} post;

static void run_post(gpointer data)
{
	post *post = data;
	if (post->event == NULL)
		hub_touch(post->gateway->hub, post->name);
	else
		hub_send(post->gateway->hub, post->name, post->event);
	json_decref(post->event);
	g_free(post->name);
	g_free(post);
}

static void post_to_loop(gateway *gateway, const char *name, json_t *event)
{
	post *data = g_new(post, 1);
	*data = (post){ gateway, g_strdup(name), event };
	loop_post(app_loop(gateway->app), run_post, data);
}

void gateway_touch(gateway *gateway, const char *topic)
{
	post_to_loop(gateway, topic, NULL);
}

void gateway_send_event(gateway *gateway, const char *peer, json_t *event)
{
	post_to_loop(gateway, peer, event);
}

void gateway_drain(gateway *gateway)
{
	gateway->is_draining = TRUE;
	g_autoptr(json_t) event = json_pack("{s:s}", "event", "moving");
	hub_send(gateway->hub, NULL, event);
	hub_close_all(gateway->hub);
}
