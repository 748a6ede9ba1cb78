/* SPDX-License-Identifier: EUPL-1.2 */
/* The listening end of the control socket (control.h): lines in, lines out, one client at a time, the newest.
 *
 * Thread: the main one (the default GMainContext); server_emit() and replies from any. */
#pragma once
#include "media/reply.h"

typedef struct server server;

/* A command; `reply` must be answered once, now or later. */
typedef void (*server_dispatch)(void *data, json_t *command, reply *reply);

/* Listen at `path`, mode 0600; a socket left there is replaced. (transfer full), NULL with MEDIA_ERROR_TRANSPORT. */
server *server_new(const char *path, server_dispatch dispatch, void *data, GError **error);
void server_free(server *server); /* removes the socket */
/* Since when nobody is connected, in microseconds; 0: somebody is. The main thread. */
int64_t server_alone_us(const server *server);
/* An event (transfer full) for whoever is connected; otherwise it is dropped. Any thread. */
void server_emit(server *server, json_t *event);
