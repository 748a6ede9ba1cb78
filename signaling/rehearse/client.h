/* SPDX-License-Identifier: EUPL-1.2 */
/* One browser as the server sees it: cookies, CSRF token, HTTP requests and one WebSocket, by libsoup.
 *
 * All calls run the main context until the answer is there, at most CLIENT_DEADLINE_MS. Thread: main. */
#pragma once
#include "core/json.h"
#include "signaling/rehearse/error.h"

enum { CLIENT_DEADLINE_MS = 15000 };

typedef struct client client;

/* `url` "http://localhost:8080"; `certificate` a PEM file to trust besides the system's, or NULL. */
client *client_new(const char *url, const char *certificate, GError **error);
void client_free(client *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(client, client_free)

/* One request; `path` begins with "/". `in` (transfer full, may be NULL) is the body.
 * Returns (transfer full) the answer; NULL with REHEARSE_ERROR_ANSWER when the server refused. */
json_t *client_http(client *client, const char *method, const char *path, json_t *in, GError **error);
/* The same for an answer that is a file. Returns (transfer full). */
GBytes *client_file(client *client, const char *path, GError **error);

/* Learn the CSRF token of the cookie that an answer has set; every change needs it from then on. */
gboolean client_sign_in(client *client, GError **error);
/* Open the WebSocket; the server then pushes views and events. */
gboolean client_connect(client *client, GError **error);
/* One operation over the WebSocket. `in` (transfer full, may be NULL: {}). Returns (transfer full) what came out. */
json_t *client_call(client *client, const char *operation, json_t *in, GError **error);
/* The last pushed snapshot, NULL before the first; valid until the next iteration of the main context. */
const json_t *client_view(const client *client);
/* The last pushed event of this name, NULL when none came. */
const json_t *client_event(const client *client, const char *name);
