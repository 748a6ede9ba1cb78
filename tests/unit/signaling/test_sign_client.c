/* SPDX-License-Identifier: EUPL-1.2 */
/* The client against the real `jawort sign` process, which is killed in the midst of it. */
#include "booking/audit/checkpoint.h"
#include "booking/audit/log.h"
#include "booking/audit/verify.h"
#include "booking/sql.h"
#include "core/clock.h"
#include "signaling/commands/commands.h"
#include "signaling/error.h"
#include "signaling/sign-client.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE_MS = 10000 };

typedef struct {
	char *folder, *socket, *url;
	store *store;
	sign_client *client;
	pid_t signer;
} fixture;

static void start_signer(fixture *self)
{
	g_autofree char *folder = g_strdup_printf("--folder=%s/keys", self->folder);
	g_autofree char *socket = g_strdup_printf("--socket=%s", self->socket);
	self->signer = fork();
	if (self->signer == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* also when a test fails */
		char *arguments[] = { (char *)"sign", folder, socket, (char *)"--log-level=error", NULL };
		_exit(command_sign(4, arguments));
	}
}

static void kill_signer(fixture *self)
{
	kill(self->signer, SIGKILL);
	waitpid(self->signer, NULL, 0);
}

static void set_up(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	self->folder = g_dir_make_tmp("jawort-sign-XXXXXX", NULL);
	self->socket = g_build_filename(self->folder, "socket", NULL);
	self->url = g_strdup_printf("sqlite:%s/jawort.db", self->folder);
	start_signer(self);
	self->store = store_open(self->url, booking_migrations, &error);
	g_assert_no_error(error);
	self->client = sign_client_new(self->store, self->socket);
}

static void tear_down(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	kill_signer(self);
	sign_client_free(self->client);
	store_close(self->store);
	g_autofree char *command = g_strdup_printf("rm -r '%s'", self->folder);
	g_assert_cmpint(system(command), ==, 0);
	g_free(self->folder);
	g_free(self->socket);
	g_free(self->url);
}

static gboolean append_job(db *db, gpointer data, GError **error)
{
	for (int i = 0; i < GPOINTER_TO_INT(data); i++) {
		audit_entry entry = { "organisation_a", "system", "thing.done", { "thing_\"1\"" }, NULL, clock_now_ms() };
		if (audit_append(db, &entry, error) < 0)
			return FALSE;
	}
	return TRUE;
}

static void append(fixture *self, int count)
{
	g_autoptr(GError) error = NULL;
	store_write_wait(self->store, append_job, GINT_TO_POINTER(count), &error);
	g_assert_no_error(error);
}

static gboolean signed_job(db *db, gpointer data, GError **error)
{
	g_free(audit_checkpoint_latest(db, "organisation_a", data, error));
	return TRUE;
}

static int64_t signed_size(fixture *self)
{
	int64_t size = 0;
	g_assert_true(store_read(self->store, signed_job, &size, NULL));
	return size;
}

static void wait_until_signed(fixture *self, int64_t size)
{
	int64_t deadline_us = clock_monotonic_us() + DEADLINE_MS * 1000;
	while (signed_size(self) < size) {
		g_assert_cmpint(clock_monotonic_us(), <, deadline_us);
		g_usleep(5000);
	}
}

static void on_finding(G_GNUC_UNUSED gpointer data, const char *text)
{
	g_error("%s", text);
}

static gboolean verify_job(db *db, gpointer data, GError **error)
{
	audit_verifier verifier = { NULL, on_finding, NULL };
	return audit_verify_database(db, &verifier, data, error);
}

static void assert_verifies(fixture *self)
{
	audit_figures figures;
	g_assert_true(store_read(self->store, verify_job, &figures, NULL));
	g_assert_cmpint(figures.findings, ==, 0);
	g_assert_cmpint(figures.signed_entries, ==, figures.entries);
}

static void test_follows(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	append(self, 1);
	wait_until_signed(self, 1);
	/* More than one request takes. */
	append(self, 2500);
	wait_until_signed(self, 2501);
	assert_verifies(self);
	g_assert_true(sign_client_is_healthy(self->client));
}

static void test_now(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	for (int i = 0; i < 20; i++) {
		append(self, 3);
		g_assert_true(sign_checkpoint_now(self->client, "organisation_a", &error));
		g_assert_no_error(error);
		g_assert_cmpint(signed_size(self), ==, 3 * (i + 1));
	}
	/* A log without entries has nothing to wait for. */
	g_assert_true(sign_checkpoint_now(self->client, "organisation_b", &error));
}

static void test_killed_signer(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	for (int round = 0; round < 15; round++) {
		append(self, 40);
		g_usleep((gulong)g_random_int_range(0, 4000));
		kill_signer(self);
		append(self, 3);
		start_signer(self);
	}
	wait_until_signed(self, 15 * 43);
	assert_verifies(self);
}

static void test_old_database_is_refused(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	append(self, 5);
	g_assert_true(sign_checkpoint_now(self->client, "organisation_a", &error));
	/* Another database that never saw those entries meets the same signer. */
	sign_client_free(self->client);
	store_close(self->store);
	self->store = store_open("sqlite::memory:", booking_migrations, &error);
	self->client = sign_client_new(self->store, self->socket);
	append(self, 4);
	g_assert_false(sign_checkpoint_now(self->client, "organisation_a", &error));
	g_assert_error(error, SIGNALING_ERROR, SIGNALING_ERROR_BUSY);
	g_assert_cmpint(signed_size(self), ==, 0);
	g_assert_false(sign_client_is_healthy(self->client));
	/* Nor when it grows past: its entries are others. */
	append(self, 4);
	g_usleep(300000);
	g_assert_cmpint(signed_size(self), ==, 0);
}

static void test_document(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *key = NULL;
	guint8 digest[CRYPTO_HASH_BYTES], public_key[CRYPTO_KEY_BYTES];
	append(self, 1);
	wait_until_signed(self, 1);
	crypto_sha256("report", 6, digest);
	g_autofree char *signature = sign_document(self->client, "organisation_a", "jawort-report-1", digest, &key, &error);
	g_assert_no_error(error);
	g_assert_true(audit_verifier_key_parse(key, NULL, public_key, NULL));
	g_autofree char *hex = crypto_hex(digest, sizeof(digest));
	g_autofree char *text = g_strdup_printf("jawort-report-1\n%s\n", hex);
	g_autoptr(GBytes) bytes = crypto_base64_decode(signature, NULL);
	g_assert_true(crypto_verify(public_key, text, strlen(text), g_bytes_get_data(bytes, NULL)));
	g_assert_null(sign_document(self->client, "organisation_a", "Report", digest, NULL, &error));
	g_assert_nonnull(error);
}

static int run_audit(const char *verb, const char *argument)
{
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		char *arguments[] = { (char *)"audit", (char *)verb, (char *)argument, NULL };
		int status = command_audit(3, arguments);
		fflush(NULL);
		_exit(status);
	}
	int status;
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

static gboolean tamper_job(db *db, G_GNUC_UNUSED gpointer data, GError **error)
{
	return db_run(db, error, "UPDATE entry SET actor = 'nobody' WHERE sequence = 1") == 1;
}

static void test_command_audit(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	append(self, 3);
	wait_until_signed(self, 3);
	g_autofree char *database = g_strdup_printf("--database=%s", self->url);
	g_assert_cmpint(run_audit("verify", database), ==, 0);
	g_assert_true(store_write_wait(self->store, tamper_job, NULL, NULL));
	g_assert_cmpint(run_audit("verify", database), ==, 1);
	g_assert_cmpint(run_audit("verify", "--database=sqlite:/nonexistent"), ==, 2);
	g_assert_cmpint(run_audit("verify", "--colour=red"), ==, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/sign-client/follows", fixture, NULL, set_up, test_follows, tear_down);
	g_test_add("/sign-client/now", fixture, NULL, set_up, test_now, tear_down);
	g_test_add("/sign-client/killed-signer", fixture, NULL, set_up, test_killed_signer, tear_down);
	g_test_add("/sign-client/old-database", fixture, NULL, set_up, test_old_database_is_refused, tear_down);
	g_test_add("/sign-client/document", fixture, NULL, set_up, test_document, tear_down);
	g_test_add("/sign-client/command-audit", fixture, NULL, set_up, test_command_audit, tear_down);
	return g_test_run();
}
