/* SPDX-License-Identifier: EUPL-1.2 */
/* Lines of the control socket, as `serve` could write them: each is answered once, whatever it says. */
#include "core/json.h"
#include "media/directory.h"
#include "media/limits.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In place of server.c: the answers are counted. A recording's may come from its worker. */
static gint answers;

void reply_send(reply *reply, json_t *result)
{
	(void)reply;
	json_decref(result);
	g_atomic_int_inc(&answers);
}

void reply_fail(reply *reply, GError *error)
{
	(void)reply;
	g_error_free(error);
	g_atomic_int_inc(&answers);
}

void reply_then(reply *reply, void (*after)(void *data), void *data)
{
	(void)reply, (void)after, (void)data;
}

static void emit(json_t *event, void *data)
{
	(void)data;
	json_decref(event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const addresses[] = { "127.0.0.1", NULL };
	static directory_options options = { .workers = 1 };
	static directory *directory;
	if (directory == NULL) {
		options.peer.ice.addresses = addresses;
		options.peer.identity = dtls_identity_new(NULL);
		options.port = port_new(&(port_options){ .addresses = addresses, .workers = 1 }, NULL);
		directory = directory_new(&options, emit, NULL);
	}
	gint asked = 0;
	g_atomic_int_set(&answers, 0);
	while (size > 0) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t length = end != NULL ? (size_t)(end - data) : size;
		g_autoptr(json_t) command =
			json_read((const char *)data, length, CONTROL_LINE_MAX_BYTES, CONTROL_DEPTH_MAX, NULL);
		if (json_is_object(command) && g_strcmp0(json_text(command, "do"), "record.start") != 0) { /* starts a process */
			directory_dispatch(directory, command, (reply *)&answers);
			asked++;
		}
		length += end != NULL;
		data += length;
		size -= length;
	}
	if (g_atomic_int_get(&answers) != asked)
		abort();
	return 0;
}
