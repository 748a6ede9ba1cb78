/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/age.h"
#include "core/crypto.h"
#include "tests/unit/booking/fixture.h"

static json_t *load(const char *folder)
{
	g_autoptr(GError) error = NULL;
	json_t *sign_ins = demo_load(fixed.store, TESTS_FOLDER "/../deploy/demo/demo.json", folder, MONDAY_MS, &error);
	g_assert_no_error(error);
	return sign_ins;
}

static gboolean look(db *db, gpointer data, G_GNUC_UNUSED GError **error)
{
	booking_context context = { db, *(int64_t *)data, "system", &test_settings };
	g_assert_cmpint(count_rows(&context, "SELECT COUNT(*) AS count FROM office"), ==, 3);
	g_assert_cmpint(count_rows(&context, "SELECT COUNT(*) AS count FROM staff"), ==, 8);
	g_assert_cmpint(count_rows(&context, "SELECT COUNT(*) AS count FROM service"), ==, 6);
	g_assert_cmpint(count_rows(&context, "SELECT COUNT(*) AS count FROM agreement_rule"), ==, 3);
	return TRUE;
}

static gboolean look_at_times(db *db, gpointer data, G_GNUC_UNUSED GError **error)
{
	int64_t now_ms = *(int64_t *)data;
	g_autofree char *office = demo_id("office", "mitte");
	g_autoptr(service) marriage = service_load(db, office, "marriage", "de", NULL);
	g_autoptr(GArray) times = slot_list(db, office, marriage, 0, 2, now_ms, NULL);
	/* At any hour the next time begins within a quarter of an hour, and it is free. */
	g_assert_cmpint(times->len, >, 0);
	g_assert_cmpint(g_array_index(times, slot, 0).start_ms - now_ms, <=, 15 * MINUTE_MS);
	return TRUE;
}

static gboolean look_at_keys(db *db, gpointer data, G_GNUC_UNUSED GError **error)
{
	g_autofree char *path = g_build_filename(data, "musterstadt.txt", NULL);
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_autofree char *recipient = age_identity_recipient(g_strchomp(strstr(text, "AGE-SECRET-KEY-")), NULL);
	g_autoptr(db_rows) rows = db_select(db, NULL, "SELECT recipients FROM organisation WHERE name = 'Stadt Musterstadt'");
	g_assert_true(db_next(rows));
	g_assert_cmpstr(db_text(rows, "recipients"), ==, recipient);
	return TRUE;
}

static void test_twice_is_once(void)
{
	g_autofree char *folder = g_dir_make_tmp("demo-XXXXXX", NULL);
	g_autoptr(json_t) first = load(folder);
	g_autoptr(json_t) second = load(folder);
	g_assert_cmpint(json_array_size(first), ==, 8);
	g_assert_true(json_equal(first, second));
	int64_t now_ms = MONDAY_MS;
	g_assert_true(store_read(fixed.store, look, &now_ms, NULL));
	/* Christmas Eve 23:50, a Sunday at night, the hour that does not exist */
	const int64_t any_ms[] = { INT64_C(1829602200000), MONDAY_MS - 5 * HOUR_MS, INT64_C(1806195600000) };
	for (size_t i = 0; i < G_N_ELEMENTS(any_ms); i++)
		g_assert_true(store_read(fixed.store, look_at_times, (gpointer)&any_ms[i], NULL));
	g_assert_true(store_read(fixed.store, look_at_keys, folder, NULL));
	remove_folder(folder);
}

static gboolean look_at_password(db *db, gpointer data, GError **error)
{
	const json_t *sign_in = data;
	g_autoptr(staff) staff = staff_by_login(db, json_text(sign_in, "login"), error);
	g_assert_nonnull(staff);
	g_assert_true(crypto_password_verify(json_text(sign_in, "password"), staff->password_hash));
	return TRUE;
}

static void test_passwords_open(void)
{
	g_autofree char *folder = g_dir_make_tmp("demo-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "sign-ins.json", NULL);
	g_assert_true(g_file_set_contents(path, "{\"renate.richter\":\"geheim-geheim\"}", -1, NULL));
	g_autoptr(store) store = store_open("sqlite::memory:", booking_migrations, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) sign_ins = demo_load(store, TESTS_FOLDER "/../deploy/demo/demo.json", folder, MONDAY_MS, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(json_text(json_array_get(sign_ins, 0), "password"), ==, "geheim-geheim");
	for (size_t i = 0; i < 2; i++)
		g_assert_true(store_read(store, look_at_password, json_array_get(sign_ins, i), NULL));
	remove_folder(folder);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	fixed.store = store_open("sqlite::memory:", booking_migrations, NULL);
	g_assert_nonnull(fixed.store);
	g_test_add_func("/demo/twice-is-once", test_twice_is_once);
	g_test_add_func("/demo/passwords-open", test_passwords_open);
	int status = g_test_run();
	store_close(fixed.store);
	return status;
}
