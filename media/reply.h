/* SPDX-License-Identifier: EUPL-1.2 */
/* The answer that a command of the control socket still owes. Whoever holds it answers exactly once, which consumes it.
 * Thread: any. */
#pragma once
#include <glib.h>
#include <jansson.h>

typedef struct reply reply;

/* (transfer full) both: what the command gives. */
void reply_send(reply *reply, json_t *result);
/* MEDIA_ERROR_…; other domains answer bad_request. `error` is freed. */
void reply_fail(reply *reply, GError *error);
/* `after` is called on the control thread once it was answered, whatever the answer. */
void reply_then(reply *reply, void (*after)(void *data), void *data);
