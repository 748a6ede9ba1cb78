/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/server.h"
#include "core/json.h"
#include "core/log.h"
#include "media/error.h"
#include "media/limits.h"
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Who is connected. Answers that come after it left are dropped by its number. */
typedef struct client {
	GSocket *socket;
	GSource *source, *writable; /* `writable` only while something is queued */
	GByteArray *in;
	GString *out;
	guint64 number;
} client;

struct server {
	char *path;
	GSocket *listener;
	GSource *source;
	client *client;  /* NULL: nobody, ... */
	int64_t left_us; /* ... since then */
	guint64 clients;
	server_dispatch dispatch;
	void *data;
};

struct reply {
	server *server;
	guint64 client;
	json_t *id;
	json_t *answer;
	void (*after)(void *data);
	void *data;
};

static void drop_source(GSource **source)
{
	if (*source != NULL)
		g_source_destroy(*source);
	g_clear_pointer(source, g_source_unref);
}

static void drop_client(server *server)
{
	client *client = g_steal_pointer(&server->client);
	if (client == NULL)
		return;
	drop_source(&client->source);
	drop_source(&client->writable);
	g_object_unref(client->socket);
	g_byte_array_unref(client->in);
	g_string_free(client->out, TRUE);
	g_free(client);
	server->left_us = g_get_monotonic_time();
}

int64_t server_alone_us(const server *server)
{
	return server->client != NULL ? 0 : g_get_monotonic_time() - server->left_us;
}

static gboolean on_writable(GSocket *socket, GIOCondition condition, void *data)
{
	(void)condition;
	server *server = data;
	client *client = server->client;
	g_autoptr(GError) error = NULL;
	gssize sent = g_socket_send(socket, client->out->str, client->out->len, NULL, &error);
	if (sent < 0) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
			drop_client(server);
		return server->client != NULL;
	}
	g_string_erase(client->out, 0, sent);
	if (client->out->len > 0)
		return G_SOURCE_CONTINUE;
	g_clear_pointer(&client->writable, g_source_unref);
	return G_SOURCE_REMOVE;
}

/* `line` is consumed. */
static void write_line(server *server, json_t *line)
{
	client *client = server->client;
	g_autofree char *text = json_compact(line);
	json_decref(line);
	if (client->out->len + strlen(text) > CONTROL_QUEUE_MAX_BYTES) {
		log_warning("control client does not read", LOG_INT("bytes", (int64_t)client->out->len));
		drop_client(server);
		return;
	}
	g_string_append(client->out, text);
	g_string_append_c(client->out, '\n');
	if (client->writable == NULL) {
		client->writable = g_socket_create_source(client->socket, G_IO_OUT, NULL);
		g_source_set_callback(client->writable, (GSourceFunc)(void (*)(void))on_writable, server, NULL);
		g_source_attach(client->writable, NULL);
	}
}

static gboolean deliver_reply(void *data)
{
	reply *reply = data;
	server *server = reply->server;
	if (server->client != NULL && server->client->number == reply->client)
		write_line(server, g_steal_pointer(&reply->answer));
	if (reply->after != NULL)
		reply->after(reply->data);
	json_decref(reply->answer);
	json_decref(reply->id);
	g_free(reply);
	return G_SOURCE_REMOVE;
}

static void post(GSourceFunc function, void *data)
{
	g_autoptr(GSource) source = g_idle_source_new();
	g_source_set_priority(source, G_PRIORITY_DEFAULT);
	g_source_set_callback(source, function, data, NULL);
	g_source_attach(source, NULL);
}

void reply_send(reply *reply, json_t *result)
{
	reply->answer = result;
	json_object_set(result, "id", reply->id);
	post(deliver_reply, reply);
}

void reply_fail(reply *reply, GError *error)
{
	reply_send(reply, json_pack("{s{ss ss}}", "error", "code", media_error_code(error), "text", error->message));
	g_error_free(error);
}

void reply_then(reply *reply, void (*after)(void *data), void *data)
{
	reply->after = after;
	reply->data = data;
}

typedef struct emission {
	server *server;
	json_t *event;
} emission;

static gboolean deliver_event(void *data)
{
	g_autofree emission *emission = data;
	if (emission->server->client != NULL)
		write_line(emission->server, emission->event);
	else
		json_decref(emission->event);
	return G_SOURCE_REMOVE;
}

void server_emit(server *server, json_t *event)
{
	emission *emission = g_new(struct emission, 1);
	emission->server = server;
	emission->event = event;
	post(deliver_event, emission);
}

static void dispatch_line(server *server, const char *line, size_t length)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) command = json_read(line, length, CONTROL_LINE_MAX_BYTES, CONTROL_DEPTH_MAX, &error);
	reply *reply = g_new0(struct reply, 1);
	reply->server = server;
	reply->client = server->client->number;
	reply->id = json_incref(json_object_get(command, "id"));
	if (reply->id == NULL)
		reply->id = json_null();
	if (json_is_object(command))
		server->dispatch(server->data, command, reply);
	else
		reply_fail(reply, g_error_new(MEDIA_ERROR, MEDIA_ERROR_REQUEST, "no JSON object: %s",
					  error != NULL ? error->message : "an array"));
}

/* FALSE when the client is gone or must go. */
static gboolean take_lines(server *server)
{
	client *client = server->client;
	const uint8_t *end;
	while ((end = memchr(client->in->data, '\n', client->in->len)) != NULL) {
		size_t length = (size_t)(end - client->in->data);
		dispatch_line(server, (const char *)client->in->data, length);
		if (server->client != client)
			return FALSE;
		g_byte_array_remove_range(client->in, 0, (guint)length + 1);
	}
	return client->in->len <= CONTROL_LINE_MAX_BYTES;
}

static gboolean on_readable(GSocket *socket, GIOCondition condition, void *data)
{
	(void)condition;
	server *server = data;
	char chunk[16384];
	g_autoptr(GError) error = NULL;
	gssize length = g_socket_receive(socket, chunk, sizeof(chunk), NULL, &error);
	if (length < 0 && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
		return G_SOURCE_CONTINUE;
	if (length > 0) {
		g_byte_array_append(server->client->in, (const guint8 *)chunk, (guint)length);
		if (take_lines(server))
			return G_SOURCE_CONTINUE;
	}
	drop_client(server);
	return G_SOURCE_REMOVE;
}

static gboolean on_connection(GSocket *listener, GIOCondition condition, void *data)
{
	(void)condition;
	server *server = data;
	GSocket *socket = g_socket_accept(listener, NULL, NULL);
	if (socket == NULL)
		return G_SOURCE_CONTINUE;
	drop_client(server);
	g_socket_set_blocking(socket, FALSE);
	client *client = server->client = g_new0(struct client, 1);
	client->socket = socket;
	client->in = g_byte_array_new();
	client->out = g_string_new(NULL);
	client->number = ++server->clients;
	client->source = g_socket_create_source(socket, G_IO_IN, NULL);
	g_source_set_callback(client->source, (GSourceFunc)(void (*)(void))on_readable, server, NULL);
	g_source_attach(client->source, NULL);
	return G_SOURCE_CONTINUE;
}

static GSocket *listen_at(const char *path, GError **error)
{
	g_autoptr(GSocket) listener = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
	g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
	if (listener == NULL)
		return NULL;
	g_unlink(path);
	mode_t mask = umask(0177);
	gboolean is_bound = g_socket_bind(listener, address, FALSE, error);
	umask(mask);
	return is_bound && g_socket_listen(listener, error) ? g_steal_pointer(&listener) : NULL;
}

server *server_new(const char *path, server_dispatch dispatch, void *data, GError **error)
{
	g_autoptr(GError) cause = NULL;
	GSocket *listener = listen_at(path, &cause);
	if (listener == NULL) {
		g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_TRANSPORT, "cannot listen at %s: %s", path, cause->message);
		return NULL;
	}
	server *server = g_new0(struct server, 1);
	server->path = g_strdup(path);
	server->left_us = g_get_monotonic_time();
	server->listener = listener;
	server->dispatch = dispatch;
	server->data = data;
	server->source = g_socket_create_source(listener, G_IO_IN, NULL);
	g_source_set_callback(server->source, (GSourceFunc)(void (*)(void))on_connection, server, NULL);
	g_source_attach(server->source, NULL);
	return server;
}

void server_free(server *server)
{
	if (server == NULL)
		return;
	while (g_main_context_iteration(NULL, FALSE))
		continue; /* what was posted */
	drop_client(server);
	drop_source(&server->source);
	g_object_unref(server->listener);
	g_unlink(server->path);
	g_free(server->path);
	g_free(server);
}
