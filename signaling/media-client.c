/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/media-client.h"

#include "core/file.h"
#include "core/json.h"
#include "core/log.h"
#include "signaling/error.h"
#include "signaling/limits.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define RECONNECT_MS 50

typedef struct {
	media_client_answer answer;
	gpointer data;
} waiting;

struct media_client {
	char *path;
	media_client_events events;
	gpointer user_data;
	GThread *thread;
	int stop; /* eventfd */
	gboolean is_stopping;

	GMutex mutex; /* for all below: commands come from many threads */
	int socket;   /* -1: not connected */
	int pid;
	int64_t last_id;
	GHashTable *waiting; /* id to waiting */
};

media_client *media_client_new(const char *path, const media_client_events *events, gpointer user_data)
{
	media_client *client = g_new0(media_client, 1);
	client->path = g_strdup(path);
	client->events = *events;
	client->user_data = user_data;
	client->stop = eventfd(0, EFD_CLOEXEC);
	client->socket = -1;
	client->waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	g_mutex_init(&client->mutex);
	return client;
}

static int try_connect(const media_client *client)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (strlen(client->path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, client->path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* FALSE when the client shall stop. */
static gboolean pause_ms(media_client *client, int ms)
{
	struct pollfd stop = { .fd = client->stop, .events = POLLIN };
	return poll(&stop, 1, ms) == 0;
}

static void answer_one(media_client *client, const json_t *message)
{
	int64_t id = json_int(message, "id");
	g_mutex_lock(&client->mutex);
	g_autofree waiting *found = NULL;
	gpointer key = NULL;
	if (g_hash_table_steal_extended(client->waiting, &id, &key, (gpointer *)&found))
		g_free(key);
	g_mutex_unlock(&client->mutex);
	if (found != NULL)
		found->answer(message, found->data);
}

static void take_line(media_client *client, const char *line, size_t length)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) message = json_read(line, length, MEDIA_LINE_BYTES, MESSAGE_DEPTH * 2, &error);
	if (message == NULL)
		log_error("media sent no JSON", LOG_CAUSE(error));
	else if (json_object_get(message, "id") != NULL)
		answer_one(client, message);
	else
		client->events.on_event(message, client->user_data);
}

/* Read lines until the connection ends. */
static void read_lines(media_client *client, int fd)
{
	g_autoptr(GByteArray) buffer = g_byte_array_new();
	char chunk[65536];
	struct pollfd fds[] = { { .fd = fd, .events = POLLIN }, { .fd = client->stop, .events = POLLIN } };
	while (buffer->len < MEDIA_LINE_BYTES) {
		if (poll(fds, G_N_ELEMENTS(fds), -1) < 0 && errno != EINTR)
			return;
		if (fds[1].revents != 0)
			return;
		ssize_t count = fds[0].revents != 0 ? read(fd, chunk, sizeof(chunk)) : 0;
		if (count <= 0 && fds[0].revents != 0)
			return;
		guint scanned = buffer->len;
		g_byte_array_append(buffer, (const guint8 *)chunk, (guint)count);
		for (const guint8 *end; (end = memchr(buffer->data + scanned, '\n', buffer->len - scanned)) != NULL;
			scanned = 0) {
			guint length = (guint)(end - buffer->data);
			take_line(client, (const char *)buffer->data, length);
			g_byte_array_remove_range(buffer, 0, length + 1);
		}
	}
	log_error("media sent a line that is too long");
}

static gboolean connect_once(media_client *client)
{
	int fd = try_connect(client);
	if (fd < 0)
		return FALSE;
	struct ucred peer = { 0 };
	socklen_t length = sizeof(peer);
	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length);
	g_mutex_lock(&client->mutex);
	client->socket = fd;
	client->pid = peer.pid;
	g_mutex_unlock(&client->mutex);
	client->events.on_up(client->user_data);
	return TRUE;
}

static void disconnected(media_client *client)
{
	g_mutex_lock(&client->mutex);
	close(client->socket);
	client->socket = -1;
	client->pid = 0;
	g_autoptr(GHashTable) lost = client->waiting;
	client->waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	g_mutex_unlock(&client->mutex);
	GHashTableIter iterator;
	gpointer value;
	g_hash_table_iter_init(&iterator, lost);
	while (g_hash_table_iter_next(&iterator, NULL, &value))
		((waiting *)value)->answer(NULL, ((waiting *)value)->data);
	client->events.on_down(client->user_data);
}

static gpointer run(gpointer data)
{
	media_client *client = data;
	do {
		if (client->socket < 0 && !connect_once(client))
			continue;
		read_lines(client, client->socket);
		disconnected(client);
	} while (pause_ms(client, RECONNECT_MS));
	return NULL;
}

void media_client_start(media_client *client)
{
	/* At once, so that the caller knows whether there is one already. */
	connect_once(client);
	client->thread = g_thread_new("media-client", run, client);
}

void media_client_free(media_client *client)
{
	if (client == NULL)
		return;
	guint64 one = 1;
	if (client->thread != NULL && write(client->stop, &one, sizeof(one)) == sizeof(one))
		g_thread_join(client->thread);
	close(client->stop);
	g_hash_table_unref(client->waiting);
	g_mutex_clear(&client->mutex);
	g_free(client->path);
	g_free(client);
}

gboolean media_client_is_up(media_client *client)
{
	return media_client_pid(client) > 0;
}

int media_client_pid(media_client *client)
{
	g_mutex_lock(&client->mutex);
	int pid = client->pid;
	g_mutex_unlock(&client->mutex);
	return pid;
}

void media_client_send(media_client *client, json_t *command, media_client_answer answer, gpointer data)
{
	g_mutex_lock(&client->mutex);
	int64_t *id = g_new(int64_t, 1);
	*id = ++client->last_id;
	json_object_set_new(command, "id", json_integer(*id));
	g_autofree char *text = json_compact(command);
	json_decref(command);
	g_autofree char *line = g_strconcat(text, "\n", NULL);
	gboolean is_sent = client->socket >= 0 && file_write_all(client->socket, line, strlen(line), NULL);
	if (is_sent) {
		waiting *entry = g_new(waiting, 1);
		*entry = (waiting){ answer, data };
		g_hash_table_insert(client->waiting, id, entry);
	} else {
		g_free(id);
	}
	g_mutex_unlock(&client->mutex);
	if (!is_sent)
		answer(NULL, data);
}

/* --- waiting for an answer --- */

/* Shared by who waits and who answers: the last one frees it. */
typedef struct {
	GMutex mutex;
	GCond cond;
	gboolean is_answered;
	json_t *answer;
} rendezvous;

static void rendezvous_clear(gpointer data)
{
	rendezvous *rendezvous = data;
	g_mutex_clear(&rendezvous->mutex);
	g_cond_clear(&rendezvous->cond);
	json_decref(rendezvous->answer);
}

static void meet(const json_t *answer, gpointer data)
{
	rendezvous *rendezvous = data;
	g_mutex_lock(&rendezvous->mutex);
	rendezvous->answer = json_deep_copy(answer);
	rendezvous->is_answered = TRUE;
	g_cond_signal(&rendezvous->cond);
	g_mutex_unlock(&rendezvous->mutex);
	g_atomic_rc_box_release_full(rendezvous, rendezvous_clear);
}

json_t *media_client_call(media_client *client, json_t *command, GError **error)
{
	rendezvous *meeting = g_atomic_rc_box_new0(rendezvous);
	g_mutex_init(&meeting->mutex);
	g_cond_init(&meeting->cond);
	media_client_send(client, command, meet, g_atomic_rc_box_acquire(meeting));
	gint64 deadline_us = g_get_monotonic_time() + MEDIA_CALL_MS * 1000LL;
	g_mutex_lock(&meeting->mutex);
	while (!meeting->is_answered && g_cond_wait_until(&meeting->cond, &meeting->mutex, deadline_us))
		;
	g_autoptr(json_t) answer = json_incref(meeting->answer);
	g_mutex_unlock(&meeting->mutex);
	g_atomic_rc_box_release_full(meeting, rendezvous_clear);
	const json_t *refusal = json_object_get(answer, "error");
	if (answer != NULL && refusal == NULL)
		return g_steal_pointer(&answer);
	if (refusal != NULL)
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_REFUSED, json_text(refusal, "text"));
	else
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_MEDIA,
			"The media server is not there just now. Please try again in a moment.");
	return NULL;
}
