/* SPDX-License-Identifier: EUPL-1.2 */
/* http.c and smtp.c against a server that plays a fixed script. */
#include "core/http.h"
#include "core/smtp.h"
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One connection: sends each line, and before each but a greeting waits until `until` arrived. */
typedef struct {
	const char *until, *reply;
} exchange;

typedef struct {
	int listener;
	guint port;
	const exchange *script;
	GString *heard;
	GThread *thread;
} server;

static gpointer play(gpointer data)
{
	server *self = data;
	int client = accept(self->listener, NULL, NULL);
	size_t from = 0;
	for (const exchange *step = self->script; step->reply != NULL; step++) {
		char block[4096];
		ssize_t got = 1;
		const char *found = NULL;
		while (step->until != NULL && (found = strstr(self->heard->str + from, step->until)) == NULL &&
			(got = recv(client, block, sizeof(block), 0)) > 0)
			g_string_append_len(self->heard, block, got);
		if (got <= 0)
			break;
		from = found != NULL ? (size_t)(found - self->heard->str) + strlen(step->until) : from;
		if (send(client, step->reply, strlen(step->reply), MSG_NOSIGNAL) < 0)
			break;
	}
	shutdown(client, SHUT_WR);
	close(client);
	return NULL;
}

static void server_start(server *self, const exchange *script)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	self->listener = socket(AF_INET, SOCK_STREAM, 0);
	g_assert_cmpint(bind(self->listener, (struct sockaddr *)&address, length), ==, 0);
	g_assert_cmpint(listen(self->listener, 1), ==, 0);
	getsockname(self->listener, (struct sockaddr *)&address, &length);
	self->port = ntohs(address.sin_port);
	self->script = script;
	self->heard = g_string_new(NULL);
	self->thread = g_thread_new("server", play, self);
}

static void server_stop(server *self)
{
	g_thread_join(self->thread);
	close(self->listener);
	g_string_free(self->heard, TRUE);
}

static void test_post(void)
{
	static const exchange script[] = {
		{ "{\"a\":1}", "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nSet-Cookie: s=1; "
			       "HttpOnly\r\nContent-Length: 2\r\n\r\n{}" },
		{ 0 },
	};
	server server;
	g_autoptr(GError) error = NULL;
	server_start(&server, script);
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/api/v1/holds", server.port);
	const char *const headers[] = { "Content-Type: application/json", "X-Test: 1", NULL };
	http_request request = { .url = url, .headers = headers, .body = "{\"a\":1}", .body_length = 7 };
	g_autoptr(http_response) response = http_send(&request, &error);
	g_assert_no_error(error);
	size_t length;
	g_assert_cmpuint(http_response_status(response), ==, 201);
	g_assert_cmpstr(http_response_body(response, &length), ==, "{}");
	g_assert_cmpuint(length, ==, 2);
	g_assert_cmpstr(http_response_header(response, "SET-COOKIE"), ==, "s=1; HttpOnly");
	g_assert_null(http_response_header(response, "set"));
	g_assert_true(g_str_has_prefix(server.heard->str, "POST /api/v1/holds HTTP/1.1\r\n"));
	g_assert_nonnull(strstr(server.heard->str, "X-Test: 1\r\n"));
	server_stop(&server);
}

static void test_refuses_large_answer(void)
{
	static const exchange script[] = { { "\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n01234567890" }, { 0 } };
	server server;
	g_autoptr(GError) error = NULL;
	server_start(&server, script);
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/", server.port);
	g_assert_null(http_send(&(http_request){ .url = url, .max_bytes = 10 }, &error));
	g_assert_error(error, CORE_ERROR, CORE_ERROR_LIMIT);
	server_stop(&server);
}

static void test_no_redirect_no_other_protocol(void)
{
	static const exchange script[] = {
		{ "\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n" }, { 0 }
	};
	server server;
	g_autoptr(GError) error = NULL;
	server_start(&server, script);
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u/", server.port);
	g_autoptr(http_response) response = http_send(&(http_request){ .url = url }, &error);
	g_assert_cmpuint(http_response_status(response), ==, 302);
	server_stop(&server);
	g_assert_null(http_send(&(http_request){ .url = "file:///etc/passwd" }, &error));
	g_assert_error(error, CORE_ERROR, CORE_ERROR_FORMAT);
}

static void test_nobody_there(void)
{
	g_autoptr(GError) error = NULL;
	g_assert_null(http_send(&(http_request){ .url = "http://user:hidden@127.0.0.1:1/" }, &error));
	g_assert_error(error, CORE_ERROR, CORE_ERROR_NETWORK);
	g_assert_null(strstr(error->message, "hidden"));
}

static const char message[] = "Subject: Termin\r\n\r\n.Guten Tag\r\n";

static gboolean mail(const server *server, GError **error)
{
	g_autofree char *url = g_strdup_printf("smtp://127.0.0.1:%u", server->port);
	smtp_server settings = { .url = url, .tls = SMTP_TLS_NONE };
	return smtp_send(&settings, "amt@example.org", "anna@example.org", message, strlen(message), error);
}

static void test_smtp(void)
{
	static const exchange script[] = { { NULL, "220 ready\r\n" }, { "EHLO", "250 hello\r\n" },
		{ "MAIL FROM:<amt@example.org>", "250 ok\r\n" }, { "RCPT TO:<anna@example.org>", "250 ok\r\n" },
		{ "DATA", "354 go\r\n" }, { "\r\n.\r\n", "250 queued\r\n" }, { "QUIT", "221 bye\r\n" }, { 0 } };
	server server;
	g_autoptr(GError) error = NULL;
	server_start(&server, script);
	g_assert_true(mail(&server, &error));
	g_assert_no_error(error);
	g_assert_nonnull(strstr(server.heard->str, "Subject: Termin\r\n\r\n..Guten Tag\r\n.\r\n"));
	server_stop(&server);
}

static void test_smtp_refusals(void)
{
	static const exchange for_good[] = { { NULL, "220 ready\r\n" }, { "EHLO", "250 hello\r\n" }, { "MAIL", "250 ok\r\n" },
		{ "RCPT", "550 no such user\r\n" }, { "QUIT", "221 bye\r\n" }, { 0 } };
	static const exchange for_now[] = { { NULL, "220 ready\r\n" }, { "EHLO", "250 hello\r\n" }, { "MAIL", "451 later\r\n" },
		{ "QUIT", "221 bye\r\n" }, { 0 } };
	const struct {
		const exchange *script;
		core_error code;
	} cases[] = { { for_good, CORE_ERROR_REFUSED }, { for_now, CORE_ERROR_NETWORK } };
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		server server;
		g_autoptr(GError) error = NULL;
		server_start(&server, cases[i].script);
		g_assert_false(mail(&server, &error));
		g_assert_error(error, CORE_ERROR, (gint)cases[i].code);
		server_stop(&server);
	}
}

static void test_smtp_without_tls_stays_here(void)
{
	g_autoptr(GError) error = NULL;
	smtp_server settings = { .url = "smtp://mail.example.org", .tls = SMTP_TLS_NONE };
	g_assert_false(smtp_send(&settings, "a@b", "c@d", message, strlen(message), &error));
	g_assert_error(error, CORE_ERROR, CORE_ERROR_OPTION);
	g_clear_error(&error);
	settings.url = "smtp://localhost:1";
	g_assert_false(smtp_send(&settings, "a@b", "c@d>\r\nRCPT TO:<e@f", message, strlen(message), &error));
	g_assert_error(error, CORE_ERROR, CORE_ERROR_REFUSED);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/http/post", test_post);
	g_test_add_func("/http/large-answer", test_refuses_large_answer);
	g_test_add_func("/http/no-redirect", test_no_redirect_no_other_protocol);
	g_test_add_func("/http/nobody", test_nobody_there);
	g_test_add_func("/smtp/send", test_smtp);
	g_test_add_func("/smtp/refusals", test_smtp_refusals);
	g_test_add_func("/smtp/plain-text-stays-here", test_smtp_without_tls_stays_here);
	return g_test_run();
}
