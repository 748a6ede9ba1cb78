/* SPDX-License-Identifier: EUPL-1.2 */
/* One WebSocket: requests in, answers, views and events out.
 *
 * A connection belongs to a signed-in browser. It pushes one view ("visit" or "desk") whenever what it shows has changed;
 * changes that come while a view is being loaded make it load once more. Thread: the loop's. */
#pragma once
#include "signaling/gateway.h"

#include <libwebsockets.h>

typedef struct connection connection;
typedef struct hub hub;

connection *connection_new(gateway *gateway, struct lws *wsi);
void connection_free(connection *connection);

/* A piece of a message. -1: close (the reason is set). */
int connection_receive(connection *connection, const void *data, size_t length);
/* The socket takes more; the timer that a close sets has come. */
int connection_writable(connection *connection);
int connection_close_now(connection *connection);

/* Load the view again, soon. */
void connection_refresh(connection *connection);
/* Queue a message. */
void connection_send(connection *connection, json_t *message);
/* Send what is queued, then close with this status. */
void connection_close(connection *connection, enum lws_close_status status, const char *reason);

/* Tell the page that its person is at another device or window. */
void connection_close_elsewhere(connection *connection);

guint64 connection_number(const connection *connection);
const char *connection_address(const connection *connection);
/* NULL until it is known who this is. */
const char *connection_participant(const connection *connection);
const char *connection_peer(const connection *connection);
void connection_set_participant(connection *connection, const char *participant, const char *peer);
/* The topics it follows (owned by the connection), a set of strings. */
GHashTable *connection_topics(const connection *connection);
void connection_set_topics(connection *connection, GHashTable *topics);
