/* SPDX-License-Identifier: EUPL-1.2 */
/* A bad line between one person and a server: relays UDP both ways and spoils it as told.
 *
 *     relay ADDRESS PORT      prints the port that it listens at, then obeys lines on standard input until its end
 *
 *     up|down KEY=VALUE …     towards the server, or the person; what is not named is fine again:
 *       loss, duplicate, reorder    share of the packets, 0 to 1; a reordered one comes REORDER_MS late
 *       delay, jitter               ms; jitter keeps the order
 *       burst, burst_ms             share of the packets at which a loss of all begins, and how long it lasts
 *       rate, queue_ms              kbit/s, and how long a queue before it is; what does not fit is lost
 *     rebind                  the person has another address from now on, as after a change of network */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PACKET_MAX = 2048, CLIENTS_MAX = 16, REORDER_MS = 30, QUEUE_MS = 200 };

/* One direction. */
typedef struct {
	double loss, duplicate, reorder, burst, delay, jitter, burst_ms, rate, queue_ms;
	gint64 burst_until_us, free_us, last_us; /* when the burst ends, the line is free, the last packet arrives */
} line;

/* Where the person sends from, and the socket that stands for it towards the server. */
typedef struct {
	struct sockaddr_in address;
	int back;
} client;

/* On its way. */
typedef struct {
	gint64 due_us;
	guint client;
	gboolean is_up;
	gsize length;
	guint8 data[PACKET_MAX];
} packet;

static struct sockaddr_in server;
static int front;
static line up, down;
static client clients[CLIENTS_MAX];
static guint client_count;
static GSequence *packets;

static gint by_due(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	gint64 one = ((const packet *)a)->due_us, other = ((const packet *)b)->due_us;
	return (one > other) - (one < other);
}

static gboolean happens(double share)
{
	return share > 0 && g_random_double() < share;
}

/* Behind what waits already; FALSE when the queue is full. */
static gboolean pass_rate(line *line, gsize length, gint64 *time_us)
{
	if (line->rate <= 0)
		return TRUE;
	gint64 begin_us = MAX(*time_us, line->free_us),
	       queue_us = (gint64)((line->queue_ms > 0 ? line->queue_ms : QUEUE_MS) * 1000);
	if (begin_us - *time_us > queue_us)
		return FALSE;
	line->free_us = begin_us + (gint64)((double)(length + 28) * 8000 / line->rate); /* with IP and UDP */
	*time_us = line->free_us;
	return TRUE;
}

static gboolean is_lost(line *line, gint64 now_us)
{
	if (happens(line->burst))
		line->burst_until_us = now_us + (gint64)(line->burst_ms * 1000);
	return now_us < line->burst_until_us || happens(line->loss);
}

static void enqueue(line *line, guint client, const guint8 *data, gsize length, gint64 now_us)
{
	gint64 time_us = now_us;
	if (is_lost(line, now_us) || !pass_rate(line, length, &time_us))
		return;
	time_us += (gint64)((line->delay + line->jitter * g_random_double()) * 1000);
	if (happens(line->reorder))
		time_us += REORDER_MS * 1000;
	else
		line->last_us = time_us = MAX(time_us, line->last_us);
	for (guint copies = happens(line->duplicate) ? 2 : 1; copies > 0; copies--) {
		packet *one = g_new(packet, 1);
		*one = (packet){ .due_us = time_us, .client = client, .is_up = line == &up, .length = length };
		memcpy(one->data, data, length);
		g_sequence_insert_sorted(packets, one, by_due, NULL);
	}
}

static int open_back(void)
{
	int back = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (back < 0 || connect(back, (struct sockaddr *)&server, sizeof(server)) != 0)
		g_error("no socket: %s", g_strerror(errno));
	return back;
}

/* CLIENTS_MAX: there are too many. */
static guint find_client(const struct sockaddr_in *address)
{
	for (guint i = 0; i < client_count; i++) {
		if (clients[i].address.sin_port == address->sin_port &&
			clients[i].address.sin_addr.s_addr == address->sin_addr.s_addr)
			return i;
	}
	if (client_count < CLIENTS_MAX)
		clients[client_count] = (client){ *address, open_back() };
	return client_count < CLIENTS_MAX ? client_count++ : CLIENTS_MAX;
}

static void receive(void)
{
	guint8 data[PACKET_MAX];
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	gint64 now_us = g_get_monotonic_time();
	for (ssize_t length; (length = recvfrom(front, data, sizeof(data), 0, (struct sockaddr *)&from, &size)) >= 0;) {
		guint client = find_client(&from);
		if (client < CLIENTS_MAX)
			enqueue(&up, client, data, (gsize)length, now_us);
	}
	for (guint i = 0; i < client_count; i++) {
		for (ssize_t length; (length = recv(clients[i].back, data, sizeof(data), 0)) >= 0;)
			enqueue(&down, i, data, (gsize)length, now_us);
	}
}

/* Send what is due. Returns how long nothing more is, in ms. */
static int deliver(void)
{
	while (!g_sequence_is_empty(packets)) {
		GSequenceIter *first = g_sequence_get_begin_iter(packets);
		const packet *one = g_sequence_get(first);
		const client *to = &clients[one->client];
		gint64 wait_us = one->due_us - g_get_monotonic_time();
		if (wait_us > 0)
			return (int)(wait_us / 1000) + 1;
		if (one->is_up)
			send(to->back, one->data, one->length, 0);
		else
			sendto(front, one->data, one->length, 0, (const struct sockaddr *)&to->address, sizeof(to->address));
		g_sequence_remove(first);
	}
	return -1;
}

static void rebind(void)
{
	for (guint i = 0; i < client_count; i++) {
		close(clients[i].back);
		clients[i].back = open_back();
	}
}

static void set(line *line, char **words)
{
	double *values[] = { &line->loss, &line->duplicate, &line->reorder, &line->burst, &line->delay, &line->jitter,
		&line->burst_ms, &line->rate, &line->queue_ms };
	static const char *const names[] = { "loss", "duplicate", "reorder", "burst", "delay", "jitter", "burst_ms", "rate",
		"queue_ms" };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		*values[i] = 0;
		for (char **word = words; *word != NULL; word++) {
			gsize length = strlen(names[i]);
			if (strncmp(*word, names[i], length) == 0 && (*word)[length] == '=')
				*values[i] = g_ascii_strtod(*word + length + 1, NULL);
		}
	}
	line->burst_until_us = 0;
}

/* FALSE at the end of the input. */
static gboolean obey(void)
{
	static char text[1024];
	static gsize used;
	ssize_t length = read(STDIN_FILENO, text + used, sizeof(text) - 1 - used);
	if (length <= 0)
		return FALSE;
	used += (gsize)length;
	text[used] = '\0';
	for (char *end; (end = strchr(text, '\n')) != NULL;) {
		*end = '\0';
		g_auto(GStrv) words = g_strsplit(text, " ", -1);
		if (strcmp(words[0], "rebind") == 0)
			rebind();
		else
			set(strcmp(words[0], "up") == 0 ? &up : &down, words + 1);
		used -= (gsize)(end + 1 - text);
		memmove(text, end + 1, used + 1);
	}
	return TRUE;
}

static void listen_at(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	front = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (bind(front, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		getsockname(front, (struct sockaddr *)&address, &size) != 0)
		g_error("no port: %s", g_strerror(errno));
	printf("%u\n", ntohs(address.sin_port));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	if (argc != 3 || inet_pton(AF_INET, argv[1], &server.sin_addr) != 1)
		g_error("usage: %s ADDRESS PORT", argv[0]);
	server.sin_family = AF_INET;
	server.sin_port = htons((guint16)atoi(argv[2]));
	packets = g_sequence_new(g_free);
	listen_at();
	for (gboolean is_open = TRUE; is_open;) {
		struct pollfd polled[2 + CLIENTS_MAX] = { { .fd = STDIN_FILENO, .events = POLLIN },
			{ .fd = front, .events = POLLIN } };
		for (guint i = 0; i < client_count; i++)
			polled[2 + i] = (struct pollfd){ .fd = clients[i].back, .events = POLLIN };
		poll(polled, 2 + client_count, deliver());
		if (polled[0].revents != 0)
			is_open = obey();
		receive();
	}
	g_sequence_free(packets);
	return 0;
}
