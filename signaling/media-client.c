/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/media-client.h"

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
	int wake;              /* eventfd: there is something to send, or the end */
	gint is_stopping;      /* atomic */
	int64_t next_beat_ms;  /* the thread's: when to ask whether media lives */
	int64_t unanswered_ms; /* since when it owes that answer; 0: it does not */

	GMutex mutex; /* for all below: commands come from many threads */
	int socket;   /* -1: not connected */
	int pid;
	int64_t last_id;
	GString *unsent;
	GHashTable *waiting; /* id to waiting */
};

media_client *media_client_new(const char *path, const media_client_events *events, gpointer user_data)
{
	media_client *client = g_new0(media_client, 1);
	client->path = g_strdup(path);
	client->events = *events;
	client->user_data = user_data;
	client->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	client->socket = -1;
	client->unsent = g_string_new(NULL);
	client->waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	g_mutex_init(&client->mutex);
	return client;
}

static void wake(media_client *client)
{
	guint64 one = 1;
	(void)!write(client->wake, &one, sizeof(one));
}

static int try_connect(const media_client *client)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (strlen(client->path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, client->path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* FALSE when the client shall stop. */
static gboolean pause_ms(media_client *client, int ms)
{
	struct pollfd woken = { .fd = client->wake, .events = POLLIN };
	guint64 count;
	if (poll(&woken, 1, ms) > 0)
		(void)!read(client->wake, &count, sizeof(count));
	return !g_atomic_int_get(&client->is_stopping);
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

/* --- out: by the client's thread alone, so that a media server that hangs holds up nobody else --- */

static gboolean has_unsent(media_client *client)
{
	g_mutex_lock(&client->mutex);
	gboolean has_some = client->unsent->len > 0;
	g_mutex_unlock(&client->mutex);
	return has_some;
}

static gboolean send_some(media_client *client, int fd)
{
	g_mutex_lock(&client->mutex);
	ssize_t count = send(fd, client->unsent->str, client->unsent->len, MSG_NOSIGNAL);
	if (count > 0)
		g_string_erase(client->unsent, 0, count);
	g_mutex_unlock(&client->mutex);
	return count >= 0 || errno == EAGAIN || errno == EINTR;
}

static void on_beat(const json_t *answer, gpointer client)
{
	(void)answer;
	((media_client *)client)->unanswered_ms = 0;
}

/* Ask now and then. FALSE when it owes an answer for too long: it hangs. */
static gboolean keep_beating(media_client *client, int64_t now_ms)
{
	if (client->unanswered_ms != 0)
		return now_ms - client->unanswered_ms < MEDIA_HUNG_MS;
	if (now_ms >= client->next_beat_ms) {
		client->unanswered_ms = now_ms;
		client->next_beat_ms = now_ms + MEDIA_BEAT_MS;
		media_client_send(client, json_pack("{s:s}", "do", "stats"), on_beat, client);
	}
	return TRUE;
}

/* --- in --- */

/* FALSE when the connection ended. */
static gboolean receive(media_client *client, int fd, GByteArray *buffer)
{
	char chunk[65536];
	ssize_t count = recv(fd, chunk, sizeof(chunk), 0);
	if (count <= 0)
		return count < 0 && (errno == EAGAIN || errno == EINTR);
	guint scanned = buffer->len;
	g_byte_array_append(buffer, (const guint8 *)chunk, (guint)count);
	for (const guint8 *end; (end = memchr(buffer->data + scanned, '\n', buffer->len - scanned)) != NULL; scanned = 0) {
		guint length = (guint)(end - buffer->data);
		take_line(client, (const char *)buffer->data, length);
		g_byte_array_remove_range(buffer, 0, length + 1);
	}
	if (buffer->len < MEDIA_LINE_BYTES)
		return TRUE;
	log_error("media sent a line that is too long");
	return FALSE;
}

/* Until the connection ends, or shall end. */
static void talk(media_client *client, int fd)
{
	g_autoptr(GByteArray) buffer = g_byte_array_new();
	client->unanswered_ms = client->next_beat_ms = 0;
	while (!g_atomic_int_get(&client->is_stopping)) {
		if (!keep_beating(client, g_get_monotonic_time() / 1000)) {
			log_error("media hangs", LOG_INT("pid", client->pid));
			client->events.on_hung(client->pid, client->user_data);
			return;
		}
		short wanted = has_unsent(client) ? POLLIN | POLLOUT : POLLIN;
		struct pollfd fds[] = { { .fd = fd, .events = wanted }, { .fd = client->wake, .events = POLLIN } };
		if (poll(fds, G_N_ELEMENTS(fds), MEDIA_BEAT_MS) < 0 && errno != EINTR)
			return;
		guint64 count;
		(void)!read(client->wake, &count, sizeof(count));
		if ((fds[0].revents & POLLOUT) != 0 && !send_some(client, fd))
			return;
		if ((fds[0].revents & ~POLLOUT) != 0 && !receive(client, fd, buffer))
			return;
	}
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
	g_string_truncate(client->unsent, 0);
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
		talk(client, client->socket);
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
	g_atomic_int_set(&client->is_stopping, TRUE);
	wake(client);
	if (client->thread != NULL)
		g_thread_join(client->thread);
	close(client->wake);
	g_string_free(client->unsent, TRUE);
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
	gboolean is_queued = client->socket >= 0 && client->unsent->len + strlen(text) < MEDIA_LINE_BYTES;
	if (is_queued) {
		waiting *entry = g_new(waiting, 1);
		*entry = (waiting){ answer, data };
		g_hash_table_insert(client->waiting, id, entry);
		g_string_append(client->unsent, text);
		g_string_append_c(client->unsent, '\n');
	} else {
		g_free(id);
	}
	g_mutex_unlock(&client->mutex);
	if (is_queued)
		wake(client);
	else
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
