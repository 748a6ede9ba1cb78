/* SPDX-License-Identifier: EUPL-1.2 */
/* Clients with sockets of this machine against ICE-lite on the one port. */
#include "media/ice.h"
#include "media/limits.h"
#include "media/stun.h"
#include <openssl/rand.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WORKERS_MAX = 2, CLIENTS_MAX = 32 };

/* A worker without a thread: all share the test's context. */
typedef struct {
	counters counters;
	ice_loop loop;
} bench;

typedef struct {
	GMainContext *context;
	port *port;
	bench benches[WORKERS_MAX];
	ice *ice;
	guint changes, datagrams;
	uint8_t last; /* first byte of the last datagram */
} fixture;

static gboolean on_receive(void *data, uint8_t *datagram, size_t length, int64_t now_us)
{
	(void)length, (void)now_us;
	fixture *fixture = data;
	fixture->datagrams++;
	fixture->last = datagram[0];
	return datagram[0] >= 128; /* "media" is authentic, a handshake is nothing yet */
}

static void on_changed(void *data, gboolean is_writable)
{
	g_assert_true(is_writable);
	((fixture *)data)->changes++;
}

static const ice_events events = { .receive = on_receive, .changed = on_changed };

static void set_up(fixture *fixture, const void *workers)
{
	static const char *const addresses[] = { "127.0.0.1", "::1", NULL };
	const port_options options = { .addresses = addresses, .workers = GPOINTER_TO_UINT(workers) };
	g_autoptr(GError) error = NULL;
	fixture->context = g_main_context_new();
	fixture->port = port_new(&options, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < options.workers; i++) {
		bench *bench = &fixture->benches[i];
		bench->loop.context = fixture->context;
		bench->loop.outbox = outbox_new(&bench->counters);
		bench->loop.intake = intake_new(fixture->port, i, fixture->context, &bench->counters);
	}
	const ice_options ice_options = { 0 };
	fixture->ice = ice_new(&ice_options, &fixture->benches[0].loop, &events, fixture, &error);
	g_assert_no_error(error);
	ice_attach(fixture->ice, &fixture->benches[0].loop);
}

static void tear_down(fixture *fixture, const void *workers)
{
	ice_free(fixture->ice);
	for (guint i = 0; i < GPOINTER_TO_UINT(workers); i++) {
		intake_free(fixture->benches[i].loop.intake);
		outbox_free(fixture->benches[i].loop.outbox);
	}
	port_free(fixture->port);
	g_main_context_unref(fixture->context);
}

static gboolean on_over(void *is_over)
{
	*(gboolean *)is_over = TRUE;
	return G_SOURCE_REMOVE;
}

/* Longer than datagrams gather: all that came is dealt with, and what it caused has left. */
static void run(fixture *fixture)
{
	gboolean is_over = FALSE;
	g_autoptr(GSource) timeout = g_timeout_source_new(2 * INTAKE_GATHER_US / 1000 + 1);
	g_source_set_callback(timeout, on_over, &is_over, NULL);
	g_source_attach(timeout, fixture->context);
	while (!is_over)
		g_main_context_iteration(fixture->context, TRUE);
	for (guint i = 0; i < WORKERS_MAX && fixture->benches[i].loop.outbox != NULL; i++)
		outbox_flush(fixture->benches[i].loop.outbox);
}

static uint64_t count(const fixture *fixture, counter counter)
{
	return counters_read(&fixture->benches[0].counters, counter) + counters_read(&fixture->benches[1].counters, counter);
}

typedef struct {
	int fd;
	address address;
} client;

static client client_new(const fixture *fixture, const char *text)
{
	client client;
	address server;
	g_assert_true(address_parse(&client.address, text, 0));
	g_assert_true(address_parse(&server, text, port_number(fixture->port)));
	client.fd = socket(client.address.family, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	g_assert_cmpint(connect(client.fd, &server.any, address_size(&server)), ==, 0);
	socklen_t size = sizeof(client.address);
	g_assert_cmpint(getsockname(client.fd, &client.address.any, &size), ==, 0);
	return client;
}

/* What a check says; the rest is right. */
typedef struct {
	const char *ufrag, *password; /* NULL: those of the ice */
	stun_role role;
	gboolean is_nominating;
} how;

static size_t write_check(const fixture *fixture, const how *how, uint8_t out[STUN_WRITE_MAX_BYTES])
{
	uint8_t transaction[STUN_TRANSACTION_BYTES];
	RAND_bytes(transaction, sizeof(transaction));
	g_autofree char *user = g_strconcat(how->ufrag != NULL ? how->ufrag : ice_ufrag(fixture->ice), ":theirs", NULL);
	g_autoptr(stun_key) key = stun_key_new(how->password != NULL ? how->password : ice_password(fixture->ice));
	const stun_request request = {
		.transaction = transaction,
		.user = user,
		.priority = 1,
		.role = how->role != STUN_ROLE_NONE ? how->role : STUN_ROLE_CONTROLLING,
		.is_nominating = how->is_nominating,
	};
	return stun_write_request(out, &request, key);
}

/* The length of what came; 0: nothing. */
static size_t take(const client *client, uint8_t data[STUN_WRITE_MAX_BYTES])
{
	ssize_t length = recv(client->fd, data, STUN_WRITE_MAX_BYTES, 0);
	return length > 0 ? (size_t)length : 0;
}

/* The code of the answer; 0: success, -1: silence. */
static int check(fixture *fixture, const client *client, how how)
{
	uint8_t data[STUN_WRITE_MAX_BYTES];
	stun_message message;
	g_autofree char *password = g_strdup(how.password != NULL ? how.password : ice_password(fixture->ice));
	g_assert_cmpint(send(client->fd, data, write_check(fixture, &how, data), 0), >, 0);
	run(fixture);
	size_t length = take(client, data);
	if (length == 0)
		return -1;
	g_assert_true(stun_parse(&message, data, length));
	g_autoptr(stun_key) key = stun_key_new(password);
	g_assert_true(stun_verify(&message, key));
	g_assert_true(message.class == STUN_ERROR || address_equal(&message.mapped, &client->address));
	return (int)message.code;
}

static void send_byte(fixture *fixture, const client *client, uint8_t byte)
{
	g_assert_cmpint(send(client->fd, &byte, 1, 0), ==, 1);
	run(fixture);
}

/* Whether what the server sends now comes here. */
static gboolean is_chosen(fixture *fixture, const client *client)
{
	uint8_t data[STUN_WRITE_MAX_BYTES];
	uint8_t *out = ice_reserve(fixture->ice);
	if (out == NULL)
		return FALSE;
	out[0] = 0x80;
	ice_commit(fixture->ice, 1);
	run(fixture);
	return take(client, data) == 1 && data[0] == 0x80;
}

static void test_check(fixture *fixture, const void *data)
{
	(void)data;
	static const char *const texts[] = { "127.0.0.1", "::1" };
	g_assert_true(ice_is_lite(fixture->ice));
	g_assert_true(g_str_has_suffix(ice_candidates(fixture->ice)[0], "typ host"));
	g_assert_nonnull(strstr(ice_candidates(fixture->ice)[1], " ::1 "));
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		client client = client_new(fixture, texts[i]);
		send_byte(fixture, &client, 0x80);
		g_assert_cmpuint(fixture->datagrams, ==, i); /* a stranger's */
		g_assert_cmpint(check(fixture, &client, (how){ .is_nominating = TRUE }), ==, 0);
		g_assert_cmpuint(fixture->changes, ==, 1);
		g_assert_cmpint(ice_consent_us(fixture->ice), >, 0);
		send_byte(fixture, &client, 0x90);
		g_assert_cmpuint(fixture->datagrams, ==, i + 1);
		g_assert_cmphex(fixture->last, ==, 0x90);
		g_assert_true(is_chosen(fixture, &client));
		close(client.fd);
	}
	g_assert_cmpuint(count(fixture, COUNTER_STRANGE), ==, 2);
	g_assert_cmpuint(count(fixture, COUNTER_CHECKED), ==, 2);
}

static void test_silence(fixture *fixture, const void *data)
{
	(void)data;
	client client = client_new(fixture, "127.0.0.1");
	uint8_t datagram[STUN_WRITE_MAX_BYTES], longest[2000] = { 0x80 };
	g_assert_cmpint(check(fixture, &client, (how){ .password = "not the password at all" }), ==, -1);
	g_assert_cmpuint(count(fixture, COUNTER_CHECKS_REFUSED), ==, 1);
	g_assert_cmpint(check(fixture, &client, (how){ .ufrag = "nobodynobody" }), ==, -1);
	g_assert_cmpint(check(fixture, &client, (how){ .ufrag = "" }), ==, -1);
	g_assert_cmpint(check(fixture, &client, (how){ .ufrag = "a name that is longer than any of ours" }), ==, -1);
	size_t length = write_check(fixture, &(how){ 0 }, datagram);
	datagram[length - 1] ^= 1; /* FINGERPRINT */
	g_assert_cmpint(send(client.fd, datagram, length, 0), >, 0);
	datagram[3] = (uint8_t)(length -= 8) - STUN_HEADER_BYTES; /* none */
	g_assert_cmpint(send(client.fd, datagram, length, 0), >, 0);
	g_assert_cmpint(send(client.fd, longest, sizeof(longest), 0), >, 0);
	g_assert_cmpint(send(client.fd, longest, 0, 0), ==, 0);
	run(fixture);
	g_assert_cmpuint(take(&client, datagram), ==, 0);
	g_assert_cmpuint(count(fixture, COUNTER_OVERSIZED), ==, 1);
	g_assert_cmpuint(count(fixture, COUNTER_SENT_DATAGRAMS), ==, 0);
	g_assert_cmpuint(fixture->changes + fixture->datagrams, ==, 0);
	g_assert_null(ice_reserve(fixture->ice));
	close(client.fd);
}

static void test_refusals(fixture *fixture, const void *data)
{
	(void)data;
	client client = client_new(fixture, "127.0.0.1");
	g_assert_cmpint(check(fixture, &client, (how){ .role = STUN_ROLE_CONTROLLED }), ==, STUN_ROLE_CONFLICT);
	g_assert_cmpint(check(fixture, &client, (how){ 0 }), ==, 0);
	close(client.fd);
}

/* Before media a nomination decides; with media only media does, so that a copied check moves nothing. */
static void test_migration(fixture *fixture, const void *data)
{
	(void)data;
	client first = client_new(fixture, "127.0.0.1"), second = client_new(fixture, "127.0.0.1");
	g_assert_cmpint(check(fixture, &first, (how){ 0 }), ==, 0);
	g_assert_true(is_chosen(fixture, &first));
	g_assert_cmpint(check(fixture, &second, (how){ .is_nominating = TRUE }), ==, 0);
	g_assert_true(is_chosen(fixture, &second));
	send_byte(fixture, &second, 0x80);
	g_assert_cmpint(check(fixture, &first, (how){ .is_nominating = TRUE }), ==, 0);
	g_assert_true(is_chosen(fixture, &second));
	send_byte(fixture, &first, 22);
	g_assert_true(is_chosen(fixture, &second)); /* DTLS could be anybody's */
	send_byte(fixture, &first, 0x80);
	g_assert_true(is_chosen(fixture, &first));
	send_byte(fixture, &second, 0x80); /* a straggler */
	g_assert_true(is_chosen(fixture, &first));
	g_assert_cmpuint(fixture->changes, ==, 1);
	close(first.fd);
	close(second.fd);
}

static void test_copied(fixture *fixture, const void *data)
{
	(void)data;
	client client = client_new(fixture, "127.0.0.1"), copyist = client_new(fixture, "127.0.0.1");
	uint8_t datagram[STUN_WRITE_MAX_BYTES], answer[STUN_WRITE_MAX_BYTES];
	size_t length = write_check(fixture, &(how){ .is_nominating = TRUE }, datagram);
	for (guint i = 0; i < 2; i++) { /* sent again by the client itself is as good as the first time */
		g_assert_cmpint(send(client.fd, datagram, length, 0), >, 0);
		run(fixture);
		g_assert_cmpuint(take(&client, answer), >, 0);
	}
	g_assert_cmpint(send(copyist.fd, datagram, length, 0), >, 0);
	run(fixture);
	g_assert_cmpuint(take(&copyist, answer), ==, 0);
	g_assert_true(is_chosen(fixture, &client));
	close(client.fd);
	close(copyist.fd);
}

static void test_many_addresses(fixture *fixture, const void *data)
{
	(void)data;
	client clients[ICE_ADDRESSES_MAX + 1];
	for (guint i = 0; i < G_N_ELEMENTS(clients); i++) {
		clients[i] = client_new(fixture, "127.0.0.1");
		g_assert_cmpint(check(fixture, &clients[i], (how){ .is_nominating = i == 0 }), ==, 0);
	}
	for (guint i = 0; i < G_N_ELEMENTS(clients); i++)
		send_byte(fixture, &clients[i], 22);
	g_assert_cmpuint(fixture->datagrams, ==, ICE_ADDRESSES_MAX); /* the second went, the chosen stayed */
	g_assert_true(is_chosen(fixture, &clients[0]));
	for (guint i = 0; i < G_N_ELEMENTS(clients); i++)
		close(clients[i].fd);
}

/* The old password is good until a way is nominated with the new one. */
static void test_restart(fixture *fixture, const void *data)
{
	(void)data;
	client client = client_new(fixture, "127.0.0.1");
	g_assert_cmpint(check(fixture, &client, (how){ .is_nominating = TRUE }), ==, 0);
	g_autofree char *ufrag = g_strdup(ice_ufrag(fixture->ice)), *password = g_strdup(ice_password(fixture->ice));
	const how old = { .ufrag = ufrag, .password = password, .is_nominating = TRUE };
	g_assert_true(ice_restart(fixture->ice));
	g_assert_cmpstr(ice_ufrag(fixture->ice), !=, ufrag);
	g_assert_cmpstr(ice_password(fixture->ice), !=, password);
	g_assert_cmpint(check(fixture, &client, old), ==, 0);
	g_assert_true(is_chosen(fixture, &client));
	g_assert_cmpint(check(fixture, &client, (how){ 0 }), ==, 0);
	g_assert_cmpint(check(fixture, &client, old), ==, 0);
	g_assert_cmpint(check(fixture, &client, (how){ .is_nominating = TRUE }), ==, 0);
	g_assert_cmpint(check(fixture, &client, old), ==, -1);
	g_assert_true(is_chosen(fixture, &client));
	close(client.fd);
}

/* Who has an address keeps it, whoever else claims to be there; when he goes, it is free. */
static void test_held(fixture *fixture, const void *data)
{
	(void)data;
	const ice_options options = { 0 };
	client client = client_new(fixture, "127.0.0.1");
	g_assert_cmpint(check(fixture, &client, (how){ .is_nominating = TRUE }), ==, 0);
	ice *other = ice_new(&options, &fixture->benches[0].loop, &events, fixture, NULL);
	ice_attach(other, &fixture->benches[0].loop);
	const how as_other = { .ufrag = ice_ufrag(other), .password = ice_password(other), .is_nominating = TRUE };
	g_assert_cmpint(check(fixture, &client, as_other), ==, -1);
	g_assert_true(is_chosen(fixture, &client));
	ice_detach(fixture->ice);
	g_assert_cmpint(check(fixture, &client, as_other), ==, 0);
	ice_attach(fixture->ice, &fixture->benches[0].loop); /* and finds that it is nowhere */
	g_assert_null(ice_reserve(fixture->ice));
	ice_free(other);
	g_assert_cmpint(check(fixture, &client, (how){ .is_nominating = TRUE }), ==, 0);
	g_assert_true(is_chosen(fixture, &client));
	close(client.fd);
}

/* The kernel gives some clients to the one worker, some to the other; the peer lives where it lives. */
static void test_workers(fixture *fixture, const void *data)
{
	(void)data;
	client clients[CLIENTS_MAX];
	const ice_options options = { 0 };
	g_autoptr(ice) second = ice_new(&options, &fixture->benches[1].loop, &events, fixture, NULL);
	ice_attach(second, &fixture->benches[1].loop); /* opens its sockets */
	for (guint i = 0; i < CLIENTS_MAX; i++) {
		clients[i] = client_new(fixture, i % 2 == 0 ? "127.0.0.1" : "::1");
		g_assert_cmpint(check(fixture, &clients[i], (how){ .is_nominating = TRUE }), ==, 0);
		send_byte(fixture, &clients[i], 22);
		g_assert_true(is_chosen(fixture, &clients[i]));
		g_assert_cmpuint(fixture->datagrams, ==, i + 1);
		if (i % 5 == 4) { /* it moves to the other worker and back */
			guint to = i / 5 % 2 == 0;
			ice_detach(fixture->ice);
			ice_attach(fixture->ice, &fixture->benches[to].loop);
			g_assert_true(is_chosen(fixture, &clients[i]));
		}
	}
	g_assert_cmpuint(count(fixture, COUNTER_HANDED_OVER), >, CLIENTS_MAX / 4);
	g_assert_cmpuint(count(fixture, COUNTER_OVERFLOWED), ==, 0);
	for (guint i = 0; i < CLIENTS_MAX; i++)
		close(clients[i].fd);
}

/* The number is ours alone, though our own workers share it. */
static void test_port_taken(fixture *fixture, const void *data)
{
	(void)data;
	static const char *const addresses[] = { "127.0.0.1", NULL };
	const port_options options = { .addresses = addresses, .number = port_number(fixture->port), .workers = 1 };
	g_autoptr(GError) error = NULL;
	g_assert_null(port_new(&options, &error));
	g_assert_nonnull(strstr(error->message, "another program has it"));
}

static void test_candidates(void)
{
	static const char *const addresses[] = { "127.0.0.1", NULL }, *const advertise[] = { "192.0.2.1", "2001:db8::1", NULL };
	const port_options options = { .addresses = addresses, .advertise = advertise, .workers = 1 };
	g_autoptr(port) port = port_new(&options, NULL);
	g_autofree char *first = g_strdup_printf("1 1 udp 2130706431 192.0.2.1 %u typ host", port_number(port)),
			*second = g_strdup_printf("2 1 udp 2130706175 2001:db8::1 %u typ host", port_number(port));
	g_assert_cmpstr(port_candidates(port)[0], ==, first);
	g_assert_cmpstr(port_candidates(port)[1], ==, second);
	g_assert_null(port_candidates(port)[2]);
}

#define ADD(name, workers, test) g_test_add("/media/ice-lite/" name, fixture, GUINT_TO_POINTER(workers), set_up, test, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("check", 1, test_check);
	ADD("silence", 1, test_silence);
	ADD("refusals", 1, test_refusals);
	ADD("migration", 1, test_migration);
	ADD("copied", 1, test_copied);
	ADD("many-addresses", 1, test_many_addresses);
	ADD("restart", 1, test_restart);
	ADD("held", 1, test_held);
	ADD("workers", 2, test_workers);
	ADD("port-taken", 1, test_port_taken);
	g_test_add_func("/media/ice-lite/candidates", test_candidates);
	return g_test_run();
}
