/* SPDX-License-Identifier: EUPL-1.2 */
/* The connection to `jawort media` (media/control.h): commands out, answers and events in.
 *
 * It connects by itself, again and again, with its own thread; a media server that survived the last `serve` is simply taken
 * over. While there is no connection every command fails at once. It asks now and then
 * whether media still answers. Sending never blocks. */
#pragma once
#include "core/db/store.h"

typedef struct media_client media_client;

/* Called on the client's thread; should only post. */
typedef struct {
	void (*on_up)(gpointer user_data);
	void (*on_down)(gpointer user_data);
	void (*on_event)(const json_t *event, gpointer user_data);
	/* It owes an answer for MEDIA_HUNG_MS; "down" follows. */
	void (*on_hung)(int pid, gpointer user_data);
} media_client_events;

/* `path` is the Unix socket. Nothing happens before media_client_start(). */
media_client *media_client_new(const char *path, const media_client_events *events, gpointer user_data);
/* Tries to connect before it returns: media_client_pid() then says whether a media server is there already. */
void media_client_start(media_client *client);
/* Ends the connection and the thread; answers NULL to what waits. */
void media_client_free(media_client *client);
gboolean media_client_is_up(media_client *client);
/* Process id of the media server that is connected, 0 if none. */
int media_client_pid(media_client *client);

/* `answer` is NULL when the connection broke, else {"id",…} or {"id","error":{"code","text"}}; lives during the call, which
 * happens on the client's thread (or the caller's, when there is no connection). */
typedef void (*media_client_answer)(const json_t *answer, gpointer data);
/* Send a command; takes `command`. Thread: any. */
void media_client_send(media_client *client, json_t *command, media_client_answer answer, gpointer data);
/* Send a command and wait for its answer. (transfer full), NULL with SIGNALING_ERROR_MEDIA or, when
 * media says no, SIGNALING_ERROR_REFUSED. Thread: any but the client's. */
json_t *media_client_call(media_client *client, json_t *command, GError **error);
