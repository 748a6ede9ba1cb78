/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/connection.h"

#include "core/clock.h"
#include "core/crypto.h"
#include "core/json.h"
#include "core/log.h"
#include "signaling/app-private.h"
#include "signaling/call.h"
#include "signaling/cookie.h"
#include "signaling/error.h"
#include "signaling/http/stream.h"
#include "signaling/gateway-private.h"
#include "signaling/limits.h"
#include "signaling/presence.h"
#include "signaling/views.h"

#include <string.h>

/* Our own close statuses: the cookie is worth nothing any more; the person is at another device or window. A page that gets one
 * says so and does not try again by itself. */
#define SIGNED_OUT 4401
#define ELSEWHERE 4409

struct connection {
	gateway *gateway;
	struct lws *wsi;
	guint64 number;
	char *address;
	char *cookie;
	char *participant;
	char *peer;
	GHashTable *topics;
	GByteArray *message; /* fragments so far */
	GQueue queue;        /* of char *: texts to send */
	size_t queued_bytes;
	guint errors;
	guint8 shown[CRYPTO_HASH_BYTES]; /* of the view that was sent last */
	gboolean is_loading;             /* a view */
	gboolean is_stale;               /* something changed meanwhile */
	gboolean is_closing;
	enum lws_close_status close_status;
	const char *close_reason; /* static */
};

connection *connection_new(gateway *gateway, struct lws *wsi)
{
	static guint64 last_number;
	connection *connection = g_new0(struct connection, 1);
	connection->gateway = gateway;
	connection->wsi = wsi;
	connection->number = ++last_number;
	connection->address = gateway_client_address(gateway, wsi);
	connection->cookie = http_cookie(wsi, gateway_cookie_name(gateway));
	connection->message = g_byte_array_new();
	g_queue_init(&connection->queue);
	hub_add(gateway->hub, connection);
	connection_refresh(connection);
	return connection;
}

void connection_free(connection *connection)
{
	if (connection == NULL)
		return;
	hub_remove(connection->gateway->hub, connection);
	g_clear_pointer(&connection->topics, g_hash_table_unref);
	g_byte_array_unref(connection->message);
	g_queue_clear_full(&connection->queue, g_free);
	g_free(connection->address);
	crypto_free_secret(connection->cookie);
	g_free(connection->participant);
	g_free(connection->peer);
	g_free(connection);
}

guint64 connection_number(const connection *connection)
{
	return connection->number;
}

const char *connection_address(const connection *connection)
{
	return connection->address;
}

const char *connection_participant(const connection *connection)
{
	return connection->participant;
}

const char *connection_peer(const connection *connection)
{
	return connection->peer;
}

void connection_set_participant(connection *connection, const char *participant, const char *peer)
{
	connection->participant = g_strdup(participant);
	connection->peer = g_strdup(peer);
}

GHashTable *connection_topics(const connection *connection)
{
	return connection->topics;
}

void connection_set_topics(connection *connection, GHashTable *topics)
{
	g_clear_pointer(&connection->topics, g_hash_table_unref);
	connection->topics = topics;
}

/* --- out --- */

void connection_close(connection *connection, enum lws_close_status status, const char *reason)
{
	if (connection->is_closing)
		return;
	connection->is_closing = TRUE;
	connection->close_status = status;
	connection->close_reason = reason;
	lws_callback_on_writable(connection->wsi);
}

void connection_close_elsewhere(connection *connection)
{
	connection_close(connection, ELSEWHERE, "elsewhere");
}

void connection_send(connection *connection, json_t *message)
{
	char *text = json_compact(message);
	json_decref(message);
	connection->queued_bytes += strlen(text);
	g_queue_push_tail(&connection->queue, text);
	if (connection->queued_bytes > QUEUE_BYTES)
		connection_close(connection, LWS_CLOSE_STATUS_POLICY_VIOLATION, "too slow");
	else
		lws_callback_on_writable(connection->wsi);
}

int connection_close_now(connection *connection)
{
	const char *reason = connection->close_reason;
	lws_close_reason(connection->wsi, connection->close_status, (unsigned char *)reason, strlen(reason));
	return -1;
}

int connection_writable(connection *connection)
{
	gboolean is_too_slow = connection->queued_bytes > QUEUE_BYTES;
	g_autofree char *text = is_too_slow ? NULL : g_queue_pop_head(&connection->queue);
	if (text == NULL) {
		/* From inside this callback the library closes without a close frame. */
		if (connection->is_closing)
			lws_set_timer_usecs(connection->wsi, 1);
		return 0;
	}
	size_t length = strlen(text);
	connection->queued_bytes -= length;
	g_autofree unsigned char *buffer = g_malloc(LWS_PRE + length);
	memcpy(buffer + LWS_PRE, text, length);
	if (lws_write(connection->wsi, buffer + LWS_PRE, length, LWS_WRITE_TEXT) < (int)length)
		return -1;
	if (!g_queue_is_empty(&connection->queue) || connection->is_closing)
		lws_callback_on_writable(connection->wsi);
	return 0;
}

/* --- views --- */

typedef struct {
	app *app;
	gateway *gateway;
	guint64 number; /* of the connection, which may be gone when this is done */
	char *cookie;
	caller *caller;
	view *view;
	gboolean is_elsewhere;
	GError *error;
} view_job;

static gboolean load_view(db *db, gpointer data, GError **error)
{
	view_job *job = data;
	int64_t now_ms = clock_now_ms();
	job->caller = caller_load(db, job->cookie, NULL, now_ms, error);
	if (job->caller == NULL)
		return FALSE;
	const actor *actor = &job->caller->actor;
	if (actor->kind == ACTOR_VISITOR)
		return TRUE;
	if (!presence_is_elsewhere(db, actor->id, job->caller->peer, &job->is_elsewhere, error))
		return FALSE;
	if (!job->is_elsewhere)
		job->view = view_load(job->app, db, actor, job->caller->peer, now_ms, error);
	return job->is_elsewhere || job->view != NULL;
}

static void show(connection *connection, view *view)
{
	g_autofree char *text = json_compact(view->state);
	guint8 hash[CRYPTO_HASH_BYTES];
	crypto_sha256(text, strlen(text), hash);
	if (memcmp(hash, connection->shown, sizeof(hash)) == 0)
		return;
	memcpy(connection->shown, hash, sizeof(hash));
	json_object_set_new(view->state, "now_ms", json_integer(clock_now_ms()));
#ifdef JAWORT_CHECK_ANSWERS
	g_autoptr(GError) error = NULL;
	if (!shape_check(strcmp(view->name, "desk") == 0 ? protocol_desk_view : protocol_visit_view, view->state, &error))
		log_error("view has another shape", LOG_TEXT("view", view->name), LOG_CAUSE(error));
#endif
	connection_send(connection, json_pack("{s:s, s:O}", "view", view->name, "state", view->state));
}

static void view_loaded(gpointer data)
{
	view_job *job = data;
	connection *connection = hub_find(job->gateway->hub, job->number);
	if (connection != NULL) {
		connection->is_loading = FALSE;
		if (job->error != NULL) {
			log_error("view not loaded", LOG_CAUSE(job->error));
			connection_close(connection, LWS_CLOSE_STATUS_UNEXPECTED_CONDITION, "try again");
		} else if (job->is_elsewhere) {
			connection_close_elsewhere(connection);
		} else if (job->view == NULL) {
			connection_close(connection, SIGNED_OUT, "signed out");
		} else {
			if (connection->participant == NULL)
				hub_arrived(job->gateway->hub, connection, job->caller->actor.id, job->caller->peer);
			hub_follow(job->gateway->hub, connection, g_steal_pointer(&job->view->topics));
			show(connection, job->view);
		}
		if (connection->is_stale)
			connection_refresh(connection);
	}
	view_free(job->view);
	caller_free(job->caller);
	g_clear_error(&job->error);
	crypto_free_secret(job->cookie);
	g_free(job);
}

static void run_view_job(gpointer data)
{
	view_job *job = data;
	store_read(app_store(job->app), load_view, job, &job->error);
	loop_post(app_loop(job->app), view_loaded, job);
}

void connection_refresh(connection *connection)
{
	connection->is_stale = connection->is_loading;
	if (connection->is_loading || connection->is_closing)
		return;
	connection->is_loading = TRUE;
	view_job *job = g_new0(view_job, 1);
	job->app = connection->gateway->app;
	job->gateway = connection->gateway;
	job->number = connection->number;
	job->cookie = g_strdup(connection->cookie);
	loop_work(app_loop(job->app), run_view_job, job);
}

/* --- in --- */

typedef struct {
	gateway *gateway;
	guint64 number;
	json_t *id; /* of the request */
} pending;

static void refuse(connection *connection, json_t *id, const GError *error)
{
	connection_send(connection, json_pack("{s:O?, s:o}", "id", id, "error", error_to_json(error)));
	if (++connection->errors >= CONNECTION_ERRORS && error_kind_of(error)->http_status == 400)
		connection_close(connection, LWS_CLOSE_STATUS_POLICY_VIOLATION, "too many errors");
}

static void answered(answer *answer, gpointer data)
{
	g_autofree pending *pending = data;
	connection *connection = hub_find(pending->gateway->hub, pending->number);
	if (connection != NULL && answer->error != NULL)
		refuse(connection, pending->id, answer->error);
	else if (connection != NULL)
		connection_send(connection, json_pack("{s:O, s:O}", "id", pending->id, "out", answer->out));
	json_decref(pending->id);
}

/* {"id":1,"op":"chat.send","in":{…}} and nothing else. */
static gboolean take_request(connection *connection, json_t *message, GError **error)
{
	json_t *id = json_object_get(message, "id");
	const char *name = json_text(message, "op");
	json_t *in = json_object_get(message, "in");
	const operation *operation = name != NULL ? operation_by_name(name) : NULL;
	if (!json_is_integer(id) || json_object_size(message) != 3 || in == NULL) {
		g_set_error_literal(
			error, SIGNALING_ERROR, SIGNALING_ERROR_INPUT, "message: must have the members id, op and in");
		return FALSE;
	}
	if (operation == NULL || !operation->is_websocket) {
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_INPUT, "op: is not known here");
		return FALSE;
	}
	pending *waiting = g_new(pending, 1);
	*waiting = (pending){ connection->gateway, connection->number, json_incref(id) };
	call_request request = {
		.operation = operation, .input = in, .cookie = connection->cookie, .address = connection->address
	};
	call_start(connection->gateway->app, connection->gateway->rate, &request, answered, waiting);
	return TRUE;
}

static int close_for(connection *connection, enum lws_close_status status, const char *reason)
{
	connection->close_status = status;
	connection->close_reason = reason;
	return connection_close_now(connection);
}

int connection_receive(connection *connection, const void *data, size_t length)
{
	if (connection->is_closing)
		return 0;
	if (lws_frame_is_binary(connection->wsi))
		return close_for(connection, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE, "text only");
	if (connection->message->len + length > MESSAGE_BYTES)
		return close_for(connection, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "too large");
	g_byte_array_append(connection->message, data, (guint)length);
	if (!lws_is_final_fragment(connection->wsi))
		return 0;
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) message = json_read(
		(const char *)connection->message->data, connection->message->len, MESSAGE_BYTES, MESSAGE_DEPTH, &error);
	g_byte_array_set_size(connection->message, 0);
	if (message != NULL && !json_is_object(message))
		g_set_error_literal(&error, SIGNALING_ERROR, SIGNALING_ERROR_INPUT, "message: must be an object");
	if (error == NULL)
		take_request(connection, message, &error);
	if (error != NULL)
		refuse(connection, json_object_get(message, "id"), error);
	return 0;
}
