/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/control.h"
#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_TIMEOUT_US = 20000000, READ_BYTES = 1 << 17 };

struct control {
	int fd, type;
	load *load;
	control_take take;
	void *data;
	GString *in;
	GHashTable *answers; /* by id */
	gboolean is_closed;
};

static void take_message(control *control, const char *text, size_t length)
{
	json_t *message = json_loadb(text, length, 0, NULL);
	const char *id = message != NULL ? control->take(control->data, message) : NULL;
	if (id != NULL)
		g_hash_table_insert(control->answers, g_strdup(id), message);
	else
		json_decref(message);
}

static void on_readable(void *data)
{
	control *control = data;
	static char bytes[READ_BYTES];
	ssize_t length = recv(control->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	if (length <= 0) {
		control->is_closed |= length == 0 || errno != EAGAIN;
		return;
	}
	if (control->type == SOCK_SEQPACKET) {
		take_message(control, bytes, (size_t)length);
		return;
	}
	g_string_append_len(control->in, bytes, length);
	for (char *end; (end = memchr(control->in->str, '\n', control->in->len)) != NULL;) {
		take_message(control, control->in->str, (size_t)(end - control->in->str));
		g_string_erase(control->in, 0, end + 1 - control->in->str);
	}
}

control *control_new(const char *path, int type, load *load, control_take take, void *data, GError **error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "cannot reach the server at %s: %s", path,
			g_strerror(errno));
		close(fd);
		return NULL;
	}
	control *control = g_new0(struct control, 1);
	*control = (struct control){ .fd = fd, .type = type, .load = load, .take = take, .data = data };
	control->in = g_string_new(NULL);
	control->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_decref);
	load_watch(load, fd, on_readable, control);
	return control;
}

void control_free(control *control)
{
	if (control == NULL)
		return;
	close(control->fd);
	g_string_free(control->in, TRUE);
	g_hash_table_unref(control->answers);
	g_free(control);
}

typedef struct {
	control *control;
	const char *id;
} awaited;

static gboolean is_answered(void *data)
{
	const awaited *awaited = data;
	return awaited->control->is_closed || g_hash_table_contains(awaited->control->answers, awaited->id);
}

json_t *control_ask(control *control, const char *id, json_t *request, GError **error)
{
	g_autofree char *text = json_dumps(request, JSON_COMPACT);
	g_autofree char *line = g_strconcat(text, control->type == SOCK_STREAM ? "\n" : "", NULL);
	json_decref(request);
	awaited awaited = { control, id };
	char *key = NULL;
	json_t *answer = NULL;
	if (send(control->fd, line, strlen(line), MSG_NOSIGNAL) == (ssize_t)strlen(line))
		load_run_until(control->load, is_answered, &awaited, ANSWER_TIMEOUT_US);
	if (g_hash_table_steal_extended(control->answers, id, (void **)&key, (void **)&answer))
		g_free(key);
	else
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the server did not answer to %.100s", text);
	return answer;
}
