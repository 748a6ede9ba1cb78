/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/client.h"
#include "signaling/rehearse/wait.h"
#include <libsoup/soup.h>

/* A snapshot of a busy desk is larger than any message towards the server. */
enum { ANSWER_MAX_BYTES = 8 * 1024 * 1024, ANSWER_DEPTH = 16 };

struct client {
	char *url;
	SoupSession *session;
	SoupWebsocketConnection *socket;
	char *csrf;
	json_t *view;
	json_t *events;  /* name -> the last one */
	json_t *answers; /* request number as text -> answer, until its caller takes it */
	guint last_request;
};

client *client_new(const char *url, const char *certificate, GError **error)
{
	g_autoptr(GTlsDatabase) trust = NULL;
	if (certificate != NULL && (trust = g_tls_file_database_new(certificate, error)) == NULL)
		return NULL;
	client *self = g_new0(client, 1);
	self->url = g_strdup(url);
	self->session =
		soup_session_new_with_options("user-agent", "jawort rehearse", "timeout", CLIENT_DEADLINE_MS / 1000, NULL);
	if (trust != NULL)
		soup_session_set_tls_database(self->session, trust);
	soup_session_add_feature_by_type(self->session, SOUP_TYPE_COOKIE_JAR);
	self->events = json_object();
	self->answers = json_object();
	return self;
}

void client_free(client *client)
{
	if (client == NULL)
		return;
	if (client->socket != NULL) {
		g_signal_handlers_disconnect_by_data(client->socket, client);
		if (soup_websocket_connection_get_state(client->socket) == SOUP_WEBSOCKET_STATE_OPEN)
			soup_websocket_connection_close(client->socket, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
		g_object_unref(client->socket);
	}
	g_object_unref(client->session);
	json_decref(client->view);
	json_decref(client->events);
	json_decref(client->answers);
	g_free(client->csrf);
	g_free(client->url);
	g_free(client);
}

/* Asynchronous calls made synchronous: the callback keeps the result, the caller waits for it. */
static void on_result(GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
	GAsyncResult **slot = data;
	*slot = g_object_ref(result);
}

static void wait_for_result(GAsyncResult **result)
{
	while (*result == NULL)
		g_main_context_iteration(NULL, TRUE);
}

/* libsoup's own time-out ends a request that gets no answer. */
static GBytes *send_message(client *client, SoupMessage *message, GError **error)
{
	g_autoptr(GAsyncResult) result = NULL;
	soup_session_send_and_read_async(client->session, message, G_PRIORITY_DEFAULT, NULL, on_result, &result);
	wait_for_result(&result);
	return soup_session_send_and_read_finish(client->session, result, error);
}

static SoupMessage *make_message(client *client, const char *method, const char *path)
{
	g_autofree char *address = g_strconcat(client->url, path, NULL);
	SoupMessage *message = soup_message_new(method, address);
	SoupMessageHeaders *headers = soup_message_get_request_headers(message);
	soup_message_headers_append(headers, "Origin", client->url);
	if (client->csrf != NULL)
		soup_message_headers_append(headers, "X-CSRF-Token", client->csrf);
	return message;
}

static GBytes *exchange(client *client, SoupMessage *message, GError **error)
{
	g_autoptr(GBytes) body = send_message(client, message, error);
	if (body == NULL) {
		g_prefix_error(error, "%s: ", g_uri_get_path(soup_message_get_uri(message)));
		return NULL;
	}
	if (soup_message_get_status(message) >= 400) {
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_ANSWER, "%s %s was refused with %u: %.*s",
			soup_message_get_method(message), g_uri_get_path(soup_message_get_uri(message)),
			soup_message_get_status(message), (int)MIN(g_bytes_get_size(body), 500),
			(const char *)g_bytes_get_data(body, NULL));
		return NULL;
	}
	return g_steal_pointer(&body);
}

json_t *client_http(client *client, const char *method, const char *path, json_t *in, GError **error)
{
	g_autoptr(SoupMessage) message = make_message(client, method, path);
	g_autoptr(json_t) input = in;
	if (input != NULL) {
		g_autofree char *text = json_compact(input);
		g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
		soup_message_set_request_body_from_bytes(message, "application/json", bytes);
	}
	g_autoptr(GBytes) body = exchange(client, message, error);
	if (body == NULL)
		return NULL;
	return json_read(g_bytes_get_data(body, NULL), g_bytes_get_size(body), ANSWER_MAX_BYTES, ANSWER_DEPTH, error);
}

gboolean client_sign_in(client *client, GError **error)
{
	g_autoptr(json_t) me = client_http(client, "GET", "/api/v1/me", NULL, error);
	if (me == NULL)
		return FALSE;
	g_free(client->csrf);
	client->csrf = g_strdup(json_text(me, "csrf"));
	return TRUE;
}

GBytes *client_file(client *client, const char *path, GError **error)
{
	g_autoptr(SoupMessage) message = make_message(client, "GET", path);
	return exchange(client, message, error);
}

static void on_message(SoupWebsocketConnection *socket G_GNUC_UNUSED, gint type G_GNUC_UNUSED, GBytes *bytes, gpointer data)
{
	client *client = data;
	g_autoptr(GError) problem = NULL;
	g_autoptr(json_t) message =
		json_read(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), ANSWER_MAX_BYTES, ANSWER_DEPTH, &problem);
	if (message == NULL) {
		g_printerr("the server sent something that is no JSON: %s\n", problem->message);
		return;
	}
	if (json_object_get(message, "view") != NULL) {
		json_decref(client->view);
		client->view = json_incref(json_object_get(message, "state"));
	} else if (json_text(message, "event") != NULL) {
		json_object_set(client->events, json_text(message, "event"), message);
	} else {
		g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, json_int(message, "id"));
		json_object_set(client->answers, number, message);
	}
}

gboolean client_connect(client *client, GError **error)
{
	g_autoptr(SoupMessage) message = make_message(client, "GET", "/api/v1/socket");
	g_autoptr(GAsyncResult) result = NULL;
	soup_session_websocket_connect_async(client->session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL, on_result, &result);
	wait_for_result(&result);
	client->socket = soup_session_websocket_connect_finish(client->session, result, error);
	if (client->socket == NULL) {
		g_prefix_error(error, "the WebSocket could not be opened: ");
		return FALSE;
	}
	soup_websocket_connection_set_max_incoming_payload_size(client->socket, ANSWER_MAX_BYTES);
	g_signal_connect(client->socket, "message", G_CALLBACK(on_message), client);
	return TRUE;
}

typedef struct {
	client *client;
	char number[16];
} pending;

static gboolean is_answered(gpointer data)
{
	const pending *pending = data;
	return json_object_get(pending->client->answers, pending->number) != NULL ||
	       soup_websocket_connection_get_state(pending->client->socket) != SOUP_WEBSOCKET_STATE_OPEN;
}

json_t *client_call(client *client, const char *operation, json_t *in, GError **error)
{
	pending pending = { .client = client };
	g_snprintf(pending.number, sizeof pending.number, "%u", ++client->last_request);
	g_autoptr(json_t) request =
		json_pack("{s:i, s:s, s:o}", "id", client->last_request, "op", operation, "in", in != NULL ? in : json_object());
	g_autofree char *text = json_compact(request);
	if (soup_websocket_connection_get_state(client->socket) == SOUP_WEBSOCKET_STATE_OPEN)
		soup_websocket_connection_send_text(client->socket, text);
	if (!wait_until(is_answered, &pending, CLIENT_DEADLINE_MS, operation, error))
		return NULL;
	g_autoptr(json_t) answer = json_incref(json_object_get(client->answers, pending.number));
	json_object_del(client->answers, pending.number);
	json_t *out = json_object_get(answer, "out");
	if (out != NULL)
		return json_incref(out);
	const json_t *refusal = json_object_get(answer, "error");
	g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_ANSWER, "%s: %s", operation,
		answer == NULL ? "the server closed the connection" : json_text(refusal, "text"));
	return NULL;
}

const json_t *client_view(const client *client)
{
	return client->view;
}

const json_t *client_event(const client *client, const char *name)
{
	return json_object_get(client->events, name);
}
