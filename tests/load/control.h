/* SPDX-License-Identifier: EUPL-1.2 */
/* The Unix socket on which a server is told what to do: JSON, one object a line (stream) or a message (seqpacket). */
#pragma once
#include "tests/load/load.h"

typedef struct control control;

/* Whose answer it is: the text of the request's id, borrowed of `message`. NULL: an event, already dealt with. */
typedef const char *(*control_take)(void *data, json_t *message);

/* `type` is SOCK_STREAM or SOCK_SEQPACKET. NULL with G_IO_ERROR. */
control *control_new(const char *path, int type, load *load, control_take take, void *data, GError **error);
void control_free(control *control);
/* Send `request` (transfer full), run the load until the answer with `id` is there. (transfer full), NULL with G_IO_ERROR
 * when there is none within 20 s. */
json_t *control_ask(control *control, const char *id, json_t *request, GError **error);
