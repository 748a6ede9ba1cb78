/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/mailer.h"
#include "tests/unit/booking/fixture.h"
#include <gio/gio.h>

/* A real SMTP server in a process of its own (tests/integration/booking/smtp_server.py). */
typedef struct {
	GSubprocess *process;
	GDataInputStream *out;
	char *url;
} smtp;

static char *read_line(smtp *smtp)
{
	g_autoptr(GError) error = NULL;
	char *line = g_data_input_stream_read_line_utf8(smtp->out, NULL, NULL, &error);
	g_assert_no_error(error);
	g_assert_nonnull(line);
	return line;
}

static void smtp_start(smtp *smtp)
{
	g_autoptr(GError) error = NULL;
	smtp->process = g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
		"/usr/bin/python3", TESTS_FOLDER "/integration/booking/smtp_server.py", NULL);
	g_assert_no_error(error);
	smtp->out = g_data_input_stream_new(g_subprocess_get_stdout_pipe(smtp->process));
	g_autofree char *port = read_line(smtp);
	smtp->url = g_strdup_printf("smtp://127.0.0.1:%s", port);
}

static void smtp_end(smtp *smtp)
{
	g_output_stream_close(g_subprocess_get_stdin_pipe(smtp->process), NULL, NULL);
	g_assert_true(g_subprocess_wait_check(smtp->process, NULL, NULL));
	g_clear_object(&smtp->out);
	g_clear_object(&smtp->process);
	g_clear_pointer(&smtp->url, g_free);
}

static gboolean book_job(db *db, gpointer data, GError **error)
{
	booking_context context = { db, MONDAY_MS, "system", &test_settings };
	g_autoptr(appointment) hold = held_at(&context, data, NINE_MS);
	person_intake couple[] = { erika, john };
	couple[0].email = data;
	/* The mailer's clock is the real one. */
	return appointment_book(&context, hold, TRUE, couple, 2, error) && db_run(db, error, "UPDATE notice SET due_ms = 0") >= 0;
}

static void book(const char *email)
{
	g_autoptr(GError) error = NULL;
	store_write_wait(fixed.store, book_job, (gpointer)email, &error);
	g_assert_no_error(error);
}

static gboolean count_ended(db *db, gpointer data, G_GNUC_UNUSED GError **error)
{
	booking_context context = { db, MONDAY_MS, "system", &test_settings };
	*(int64_t *)data = count_rows(&context, "SELECT COUNT(*) AS count FROM notice WHERE state <> 'queued' AND mail IS NULL");
	return TRUE;
}

/* The outbox is written by the mailer's thread after the server has the mail: look until it is there. */
static void wait_for_ended(int64_t wanted)
{
	int64_t until_us = g_get_monotonic_time() + 10 * G_USEC_PER_SEC, ended = 0;
	while (ended != wanted) {
		g_assert_cmpint(g_get_monotonic_time(), <, until_us);
		g_assert_true(store_read(fixed.store, count_ended, &ended, NULL));
		g_thread_yield();
	}
}

static gboolean make_due(db *db, G_GNUC_UNUSED gpointer data, GError **error)
{
	return db_run(db, error, "UPDATE notice SET due_ms = 0 WHERE state = 'queued' AND tries = 1") >= 0;
}

static gboolean clear(db *db, G_GNUC_UNUSED gpointer data, GError **error)
{
	return db_run(db, error, "DELETE FROM notice") >= 0 && db_run(db, error, "DELETE FROM claim") >= 0;
}

static gboolean free_seats(db *db, G_GNUC_UNUSED gpointer data, GError **error)
{
	return db_run(db, error, "DELETE FROM claim") >= 0;
}

static gboolean state_job(db *db, gpointer data, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, "SELECT state, tries, recipient FROM notice");
	g_assert_true(db_next(rows));
	*(char **)data =
		g_strdup_printf("%s %d %s", db_text(rows, "state"), (int)db_int(rows, "tries"), db_text(rows, "recipient"));
	return TRUE;
}

static void assert_outbox(const char *expected)
{
	g_autofree char *state = NULL;
	g_assert_true(store_read(fixed.store, state_job, &state, NULL));
	g_assert_cmpstr(state, ==, expected);
}

static void test_sends_and_forgets(void)
{
	smtp smtp;
	smtp_start(&smtp);
	smtp_server server = { .url = smtp.url, .tls = SMTP_TLS_NONE };
	g_autoptr(mailer) mailer = mailer_new(fixed.store, "termin@example.de", &server);
	book("erika@example.org");
	mailer_wake(mailer);
	g_autofree char *line = read_line(&smtp);
	g_autoptr(json_t) mail = json_read(line, strlen(line), 65536, 5, NULL);
	g_assert_cmpstr(json_text(mail, "from"), ==, "termin@example.de");
	g_assert_cmpstr(json_string_value(json_array_get(json_object_get(mail, "to"), 0)), ==, "erika@example.org");
	g_assert_nonnull(strstr(json_text(mail, "mail"), "/confirm#"));
	wait_for_ended(1);
	assert_outbox("sent 1 (null)");
	g_clear_pointer(&mailer, mailer_free);
	smtp_end(&smtp);
	g_assert_true(store_write_wait(fixed.store, clear, NULL, NULL));
}

static void test_tries_again(void)
{
	smtp smtp;
	smtp_start(&smtp);
	smtp_server server = { .url = smtp.url, .tls = SMTP_TLS_NONE };
	book("busy@example.org");
	g_autoptr(mailer) mailer = mailer_new(fixed.store, "termin@example.de", &server);
	int64_t until_us = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
	g_autofree char *state = NULL;
	while (g_strcmp0(state, "queued 1 busy@example.org") != 0) {
		g_assert_cmpint(g_get_monotonic_time(), <, until_us);
		g_clear_pointer(&state, g_free);
		g_assert_true(store_read(fixed.store, state_job, &state, NULL));
		g_thread_yield();
	}
	/* It would wait ten seconds. */
	g_assert_true(store_write_wait(fixed.store, make_due, NULL, NULL));
	mailer_wake(mailer);
	g_autofree char *line = read_line(&smtp);
	g_assert_nonnull(strstr(line, "busy@example.org"));
	wait_for_ended(1);
	assert_outbox("sent 2 (null)");
	g_clear_pointer(&mailer, mailer_free);
	smtp_end(&smtp);
	g_assert_true(store_write_wait(fixed.store, clear, NULL, NULL));
}

static void test_gives_up_when_refused(void)
{
	smtp smtp;
	smtp_start(&smtp);
	smtp_server server = { .url = smtp.url, .tls = SMTP_TLS_NONE };
	book("refused@example.org");
	g_autoptr(mailer) mailer = mailer_new(fixed.store, "termin@example.de", &server);
	wait_for_ended(1);
	assert_outbox("failed 1 (null)");
	g_clear_pointer(&mailer, mailer_free);
	smtp_end(&smtp);
	g_assert_true(store_write_wait(fixed.store, clear, NULL, NULL));
}

static gboolean make_old_tan(db *db, G_GNUC_UNUSED gpointer data, GError **error)
{
	return db_run(db, error, "UPDATE notice SET kind = 'tan', created_ms = 1") >= 0;
}

/* The mail server was away while the TAN in it expired. */
static void test_sends_no_expired_tan(void)
{
	smtp smtp;
	smtp_start(&smtp);
	smtp_server server = { .url = smtp.url, .tls = SMTP_TLS_NONE };
	book("late@example.org");
	g_assert_true(store_write_wait(fixed.store, make_old_tan, NULL, NULL));
	g_autoptr(mailer) mailer = mailer_new(fixed.store, "termin@example.de", &server);
	wait_for_ended(1);
	assert_outbox("failed 0 (null)");
	g_clear_pointer(&mailer, mailer_free);
	smtp_end(&smtp);
	g_assert_true(store_write_wait(fixed.store, clear, NULL, NULL));
}

static gboolean count_letters(db *db, gpointer data, G_GNUC_UNUSED GError **error)
{
	booking_context context = { db, MONDAY_MS, "system", &test_settings };
	*(int64_t *)data = count_rows(&context, "SELECT COUNT(*) AS count FROM notice WHERE state = 'queued' AND tries = 0");
	return TRUE;
}

/* One that the server never answers delays neither the others nor the end, and is not counted as tried. */
static void test_hanging_delays_nobody(void)
{
	smtp smtp;
	smtp_start(&smtp);
	smtp_server server = { .url = smtp.url, .tls = SMTP_TLS_NONE };
	book("hang@example.org");
	g_autoptr(mailer) mailer = mailer_new(fixed.store, "termin@example.de", &server);
	static const char *const others[] = { "a@example.org", "b@example.org", "c@example.org" };
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		g_assert_true(store_write_wait(fixed.store, free_seats, NULL, NULL));
		book(others[i]);
		mailer_wake(mailer);
		g_autofree char *line = read_line(&smtp);
		g_assert_nonnull(strstr(line, others[i]));
	}
	wait_for_ended(3);
	int64_t started_us = g_get_monotonic_time(), untried = 0;
	g_clear_pointer(&mailer, mailer_free);
	g_assert_cmpint(g_get_monotonic_time() - started_us, <, 15 * G_USEC_PER_SEC);
	g_assert_true(store_read(fixed.store, count_letters, &untried, NULL));
	g_assert_cmpint(untried, ==, 1);
	smtp_end(&smtp);
	g_assert_true(store_write_wait(fixed.store, clear, NULL, NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mailer/sends-and-forgets", test_sends_and_forgets);
	g_test_add_func("/mailer/tries-again", test_tries_again);
	g_test_add_func("/mailer/gives-up-when-refused", test_gives_up_when_refused);
	g_test_add_func("/mailer/sends-no-expired-tan", test_sends_no_expired_tan);
	g_test_add_func("/mailer/hanging-delays-nobody", test_hanging_delays_nobody);
	return run_tests_on_installation();
}
