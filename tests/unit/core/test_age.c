/* SPDX-License-Identifier: EUPL-1.2 */
/* Our age files against the stock tool, both ways. */
#include "core/age.h"
#include "core/crypto.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	char *folder, *plain, *sealed, *identity_file;
	char *identity, *recipient;
} fixture;

static void set_up(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	self->folder = g_dir_make_tmp("jawort-age-XXXXXX", NULL);
	self->plain = g_build_filename(self->folder, "plain", NULL);
	self->sealed = g_build_filename(self->folder, "sealed.age", NULL);
	self->identity_file = g_build_filename(self->folder, "identity", NULL);
	self->identity = age_identity_new(&self->recipient);
	g_assert_true(g_file_set_contents(self->identity_file, self->identity, -1, NULL));
}

static void tear_down(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_unlink(self->plain);
	g_unlink(self->sealed);
	g_unlink(self->identity_file);
	g_rmdir(self->folder);
	g_free(self->folder);
	g_free(self->plain);
	g_free(self->sealed);
	g_free(self->identity_file);
	crypto_free_secret(self->identity);
	g_free(self->recipient);
}

/* Bytes that show where they stand. */
static GBytes *pattern(size_t length)
{
	guint8 *bytes = g_malloc(length + 1);
	for (size_t i = 0; i < length; i++)
		bytes[i] = (guint8)(i * 31 + i / 251);
	return g_bytes_new_take(bytes, length);
}

static gboolean run_age(const char *const *arguments)
{
	g_autoptr(GError) error = NULL;
	int status = -1;
	g_assert_true(g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
		NULL, NULL, &status, &error));
	g_assert_no_error(error);
	return status == 0;
}

/* Through standard output: with -o, age makes no file for an empty text. */
static gboolean decrypt(const fixture *self)
{
	return run_age((const char *[]){ "sh", "-c", "exec age -d -i \"$1\" \"$2\" > \"$3\"", "sh", self->identity_file,
		self->sealed, self->plain, NULL });
}

static GBytes *file_bytes(const char *path)
{
	char *data = NULL;
	gsize length = 0;
	g_assert_true(g_file_get_contents(path, &data, &length, NULL));
	return g_bytes_new_take(data, length);
}

static const size_t lengths[] = { 0, 1, 65535, 65536, 65537, 3 * 65536, 200000 };

static void test_stock_age_opens_ours(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autofree char *other = NULL;
	g_autofree char *other_identity = age_identity_new(&other);
	const char *const recipients[] = { other, self->recipient, NULL };
	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autoptr(GBytes) wanted = pattern(lengths[i]);
		int fd = open(self->sealed, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		g_autoptr(age_writer) writer = age_writer_new(fd, recipients, NULL);
		/* In odd pieces, as packets come. */
		for (size_t at = 0; at < lengths[i]; at += 1237)
			g_assert_true(age_writer_write(
				writer, (const char *)g_bytes_get_data(wanted, NULL) + at, MIN(1237, lengths[i] - at), NULL));
		g_assert_true(age_writer_finish(writer, NULL));
		close(fd);

		g_autoptr(GBytes) sealed = file_bytes(self->sealed);
		g_assert_cmpuint(age_writer_bytes(writer), ==, g_bytes_get_size(sealed));

		g_assert_true(decrypt(self));
		g_autoptr(GBytes) opened = file_bytes(self->plain);
		g_assert_true(g_bytes_equal(opened, wanted));
		g_autoptr(GBytes) opened_here =
			age_decrypt(g_bytes_get_data(sealed, NULL), g_bytes_get_size(sealed), other_identity, NULL);
		g_assert_true(g_bytes_equal(opened_here, wanted));
	}
}

static void test_we_open_stock_age(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autoptr(GBytes) wanted = pattern(lengths[i]);
		g_assert_true(g_file_set_contents(self->plain, g_bytes_get_data(wanted, NULL), (gssize)lengths[i], NULL));
		g_assert_true(run_age((const char *[]){ "age", "-r", self->recipient, "-o", self->sealed, self->plain, NULL }));
		g_autoptr(GBytes) sealed = file_bytes(self->sealed);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) opened =
			age_decrypt(g_bytes_get_data(sealed, NULL), g_bytes_get_size(sealed), self->identity, &error);
		g_assert_no_error(error);
		g_assert_true(g_bytes_equal(opened, wanted));
	}
}

static void test_recipient_matches_age_keygen(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autofree char *out = NULL;
	g_assert_true(g_spawn_sync(NULL, (char *[]){ "age-keygen", "-y", self->identity_file, NULL }, NULL, G_SPAWN_SEARCH_PATH,
		NULL, NULL, &out, NULL, NULL, NULL));
	g_assert_cmpstr(g_strchomp(out), ==, self->recipient);
	g_autofree char *derived = age_identity_recipient(self->identity, NULL);
	g_assert_cmpstr(derived, ==, self->recipient);
}

/* Every changed byte and every cut is noticed. */
static void test_changes_are_found(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	const char *const recipients[] = { self->recipient, NULL };
	g_autoptr(GBytes) sealed = age_encrypt("plain text", 10, recipients, NULL);
	gsize length;
	const guint8 *bytes = g_bytes_get_data(sealed, &length);
	for (gsize i = 0; i < length; i++) {
		g_autofree guint8 *changed = g_memdup2(bytes, length);
		changed[i] ^= 0x40;
		g_autoptr(GError) error = NULL;
		g_assert_null(age_decrypt(changed, length, self->identity, &error));
		g_assert_true(error->domain == CORE_ERROR);
		g_autoptr(GBytes) cut = age_decrypt(bytes, i, self->identity, NULL);
		g_assert_null(cut);
	}
}

static void test_killed_writer_leaves_full_chunks(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	const char *const recipients[] = { self->recipient, NULL };
	g_autoptr(GBytes) wanted = pattern(200000);
	int fd = open(self->sealed, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	age_writer *writer = age_writer_new(fd, recipients, NULL);
	g_assert_true(age_writer_write(writer, g_bytes_get_data(wanted, NULL), 200000, NULL));
	age_writer_free(writer);
	close(fd);
	/* age says that the end is missing, and gives all there is. */
	g_assert_false(decrypt(self));
	g_autoptr(GBytes) opened = file_bytes(self->plain);
	g_assert_cmpuint(g_bytes_get_size(opened), >=, 2 * 65536);
	g_assert_cmpmem(g_bytes_get_data(opened, NULL), 2 * 65536, g_bytes_get_data(wanted, NULL), 2 * 65536);
}

static void test_key_of_two_parties(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autofree char *second = NULL;
	g_autofree char *second_identity = age_identity_new(&second);
	const char *const inner[] = { self->recipient, NULL }, *const outer[] = { second, NULL };
	g_autofree char *recipient = age_key_create(self->sealed, inner, outer, NULL);
	g_assert_nonnull(recipient);
	g_autoptr(GError) error = NULL;
	g_assert_null(age_key_create(self->sealed, inner, outer, &error));
	g_assert_error(error, CORE_ERROR, CORE_ERROR_FILE);

	g_autoptr(GBytes) sealed = file_bytes(self->sealed);
	g_assert_null(age_decrypt(g_bytes_get_data(sealed, NULL), g_bytes_get_size(sealed), self->identity, NULL));
	g_autoptr(GBytes) half = age_decrypt(g_bytes_get_data(sealed, NULL), g_bytes_get_size(sealed), second_identity, NULL);
	g_autoptr(GBytes) line = age_decrypt(g_bytes_get_data(half, NULL), g_bytes_get_size(half), self->identity, NULL);
	g_autofree char *identity = g_strndup(g_bytes_get_data(line, NULL), g_bytes_get_size(line));
	g_autofree char *derived = age_identity_recipient(g_strchomp(identity), NULL);
	g_assert_cmpstr(derived, ==, recipient);
}

static void test_recipients_are_checked(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_assert_true(age_recipient_check(self->recipient, &error));
	g_autofree char *typo = g_strdup(self->recipient);
	typo[20] = typo[20] == 'q' ? 'p' : 'q';
	g_autofree char *mixed = g_strdup(self->recipient);
	mixed[0] = 'A';
	const char *const wrong[] = { "", "age1", typo, mixed, self->identity };
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_assert_false(age_recipient_check(wrong[i], NULL));
	g_assert_null(age_encrypt("x", 1, (const char *[]){ NULL }, &error));
	g_assert_error(error, CORE_ERROR, CORE_ERROR_LIMIT);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/age/stock-opens-ours", fixture, NULL, set_up, test_stock_age_opens_ours, tear_down);
	g_test_add("/age/we-open-stock", fixture, NULL, set_up, test_we_open_stock_age, tear_down);
	g_test_add("/age/recipient", fixture, NULL, set_up, test_recipient_matches_age_keygen, tear_down);
	g_test_add("/age/changes", fixture, NULL, set_up, test_changes_are_found, tear_down);
	g_test_add("/age/killed-writer", fixture, NULL, set_up, test_killed_writer_leaves_full_chunks, tear_down);
	g_test_add("/age/key-of-two", fixture, NULL, set_up, test_key_of_two_parties, tear_down);
	g_test_add("/age/recipients-checked", fixture, NULL, set_up, test_recipients_are_checked, tear_down);
	return g_test_run();
}
