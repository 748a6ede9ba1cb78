/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/db/store.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const store_migration migrations[] = {
	{ 101, "seat",
		"CREATE TABLE seat (number BIGINT PRIMARY KEY, owner TEXT NOT NULL CHECK (owner <> 'nobody'), note TEXT);" },
	{ 0, NULL, NULL },
};

static const char TAKE[] = "INSERT INTO seat (number, owner) VALUES ($number, $owner)";

typedef struct {
	int64_t number;
	const char *owner;
	gboolean is_failing;
} seat;

static gboolean take_seat(db *db, gpointer data, GError **error)
{
	const seat *wanted = data;
	if (db_run(db, error, TAKE, DB_INT("number", wanted->number), DB_TEXT("owner", wanted->owner)) < 0)
		return FALSE;
	store_touch(db, "seat:%d", (int)wanted->number);
	if (wanted->is_failing)
		g_set_error_literal(error, DB_ERROR, DB_ERROR_CONSTRAINT, "changed my mind");
	return !wanted->is_failing;
}

static gboolean count_seats(db *db, gpointer data, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, "SELECT COUNT(*) AS count FROM seat");
	if (rows == NULL)
		return FALSE;
	g_assert_true(db_next(rows));
	*(int64_t *)data = db_int(rows, "count");
	return TRUE;
}

static int64_t seats_in(store *store)
{
	g_autoptr(GError) error = NULL;
	int64_t count = -1;
	store_read(store, count_seats, &count, &error);
	g_assert_no_error(error);
	return count;
}

static store *memory_store(void)
{
	g_autoptr(GError) error = NULL;
	store *opened = store_open("sqlite::memory:", migrations, &error);
	g_assert_no_error(error);
	return opened;
}

static char *temporary_folder(void)
{
	g_autoptr(GError) error = NULL;
	char *folder = g_dir_make_tmp("jawort-store-XXXXXX", &error);
	g_assert_no_error(error);
	return folder;
}

static void remove_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_unlink(path);
	}
	g_rmdir(folder);
}

static gboolean read_row(db *db, G_GNUC_UNUSED gpointer data, GError **error)
{
	g_autoptr(db_rows) rows =
		db_select(db, error, "SELECT number, owner, note FROM seat WHERE number = $number", DB_INT("number", 7));
	g_assert_cmpuint(db_row_count(rows), ==, 1);
	g_assert_true(db_next(rows));
	g_assert_cmpint(db_int(rows, "number"), ==, 7);
	g_assert_cmpstr(db_text(rows, "owner"), ==, "Ærøskøbing \"O'Hara\"");
	g_assert_true(db_is_null(rows, "note"));
	g_assert_null(db_text(rows, "note"));
	json_t *object = db_row_json(rows);
	g_assert_cmpint(json_integer_value(json_object_get(object, "number")), ==, 7);
	g_assert_true(json_is_null(json_object_get(object, "note")));
	json_decref(object);
	g_assert_false(db_next(rows));
	return TRUE;
}

static void test_rows(void)
{
	g_autoptr(store) store = memory_store();
	g_assert_true(store_write_wait(store, take_seat, &(seat){ 7, "Ærøskøbing \"O'Hara\"", FALSE }, NULL));
	g_assert_true(store_read(store, read_row, NULL, NULL));
}

static void test_error_kinds(void)
{
	g_autoptr(store) store = memory_store();
	g_autoptr(GError) error = NULL;
	g_assert_true(store_write_wait(store, take_seat, &(seat){ 1, "anna", FALSE }, NULL));
	g_assert_false(store_write_wait(store, take_seat, &(seat){ 1, "ben", FALSE }, &error));
	g_assert_error(error, DB_ERROR, DB_ERROR_DUPLICATE);
	g_clear_error(&error);
	g_assert_false(store_write_wait(store, take_seat, &(seat){ 2, "nobody", FALSE }, &error));
	g_assert_error(error, DB_ERROR, DB_ERROR_CONSTRAINT);
	g_clear_error(&error);
	g_assert_false(store_read(store, take_seat, &(seat){ 3, "reader", FALSE }, &error));
	g_assert_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE);
	g_assert_cmpint(seats_in(store), ==, 1);
}

static gboolean wrong_parameter(db *db, gpointer data, GError **error)
{
	return db_run(db, error, data, DB_INT("number", 1), DB_TEXT("owners", "x")) >= 0;
}

static void test_wrong_statements_are_bugs(void)
{
	g_autoptr(store) store = memory_store();
	const char *const statements[] = { TAKE, "INSERT INTO seat (number) VALUES ($number)", "SELECT nothing" };
	for (guint i = 0; i < G_N_ELEMENTS(statements); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_false(store_write_wait(store, wrong_parameter, (gpointer)statements[i], &error));
		g_assert_error(error, DB_ERROR, DB_ERROR_BUG);
	}
}

/* --- group commit --- */

typedef struct {
	GMutex lock;
	GCond changed;
	gboolean is_open;
	guint done, failed;
	GPtrArray *topics;
} gate;

static gboolean wait_at_gate(G_GNUC_UNUSED db *db, gpointer data, G_GNUC_UNUSED GError **error)
{
	gate *gate = data;
	g_mutex_lock(&gate->lock);
	while (!gate->is_open)
		g_cond_wait(&gate->changed, &gate->lock);
	g_mutex_unlock(&gate->lock);
	return TRUE;
}

typedef struct {
	seat seat;
	gate *gate;
	store *store;
} group_job;

static gboolean run_group_job(db *db, gpointer data, GError **error)
{
	return take_seat(db, &((group_job *)data)->seat, error);
}

static void group_done(gpointer data, const GError *error)
{
	group_job *job = data;
	/* An answer never leaves before its commit: another connection sees the row already. */
	if (error == NULL)
		g_assert_cmpint(seats_in(job->store), >=, 1);
	g_mutex_lock(&job->gate->lock);
	job->gate->done++;
	job->gate->failed += error != NULL;
	g_cond_signal(&job->gate->changed);
	g_mutex_unlock(&job->gate->lock);
}

static void collect_topic(const char *topic, gpointer user_data)
{
	g_ptr_array_add(((gate *)user_data)->topics, g_strdup(topic));
}

static void open_gate(gate *gate)
{
	g_mutex_lock(&gate->lock);
	gate->is_open = TRUE;
	g_cond_broadcast(&gate->changed);
	g_mutex_unlock(&gate->lock);
}

static void test_group_isolates_failing_job(void)
{
	gate gate = { .topics = g_ptr_array_new_with_free_func(g_free) };
	store *store = memory_store();
	store_watch(store, collect_topic, &gate);
	store_write(store, wait_at_gate, NULL, &gate);
	group_job jobs[9];
	for (int i = 0; i < 9; i++) {
		jobs[i] = (group_job){ { i, "anna", i % 3 == 1 }, &gate, store };
		store_write(store, run_group_job, group_done, &jobs[i]);
	}
	open_gate(&gate);
	g_mutex_lock(&gate.lock);
	while (gate.done < 9)
		g_cond_wait(&gate.changed, &gate.lock);
	g_mutex_unlock(&gate.lock);
	g_assert_cmpuint(gate.failed, ==, 3);
	g_assert_cmpint(seats_in(store), ==, 6);
	store_close(store);
	/* Each committed change is told once, an undone one never. */
	g_assert_cmpuint(gate.topics->len, ==, 6);
	g_assert_cmpstr(gate.topics->pdata[1], ==, "seat:2");
	g_ptr_array_unref(gate.topics);
}

static void test_too_many_waiting(void)
{
	gate gate = { 0 };
	store *store = memory_store();
	store_write(store, wait_at_gate, NULL, &gate);
	group_job jobs[2] = { { { 1, "anna", FALSE }, &gate, store }, { { 2, "ben", FALSE }, &gate, store } };
	store_write(store, run_group_job, group_done, &jobs[0]);
	for (int i = 0; i < 10000; i++)
		store_write(store, wait_at_gate, NULL, &gate);
	store_write(store, run_group_job, group_done, &jobs[1]);
	g_assert_cmpuint(gate.done, ==, 0);
	open_gate(&gate);
	store_close(store);
	g_assert_cmpuint(gate.done, ==, 2);
	g_assert_cmpuint(gate.failed, ==, 1);
}

static gpointer race_for_seats(gpointer data)
{
	guint won = 0;
	for (int i = 0; i < 50; i++)
		won += store_write_wait(data, take_seat, &(seat){ i, "anna", FALSE }, NULL);
	return GUINT_TO_POINTER(won);
}

static void test_race(void)
{
	g_autoptr(store) store = memory_store();
	GThread *threads[16];
	guint won = 0;
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("racer", race_for_seats, store);
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		won += GPOINTER_TO_UINT(g_thread_join(threads[i]));
	g_assert_cmpuint(won, ==, 50);
	g_assert_cmpint(seats_in(store), ==, 50);
}

/* --- snapshots, crashes, migrations --- */

typedef struct {
	store *store;
	seat seat;
} snapshot;

static gboolean read_beside_write(db *db, gpointer data, GError **error)
{
	snapshot *snapshot = data;
	int64_t before = 0, after = 0;
	gboolean is_good = count_seats(db, &before, error);
	g_assert_true(store_write_wait(snapshot->store, take_seat, &snapshot->seat, NULL));
	is_good = is_good && count_seats(db, &after, error);
	g_assert_cmpint(before, ==, after);
	return is_good;
}

static void test_reader_sees_one_snapshot(void)
{
	g_autoptr(store) store = memory_store();
	g_assert_true(store_read(store, read_beside_write, &(snapshot){ store, { 1, "anna", FALSE } }, NULL));
	g_assert_cmpint(seats_in(store), ==, 1);
}

/* The child tells each acknowledged number through the pipe until it is killed. */
static void write_until_killed(const char *url, int acknowledged)
{
	store *store = store_open(url, migrations, NULL);
	int64_t next = seats_in(store);
	for (;; next++) {
		if (!store_write_wait(store, take_seat, &(seat){ next, "anna", FALSE }, NULL))
			_exit(1);
		if (write(acknowledged, &next, sizeof(next)) != sizeof(next))
			_exit(1);
	}
}

static void test_kill_loses_no_acknowledged_commit(void)
{
	g_autofree char *folder = temporary_folder();
	g_autofree char *url = g_strdup_printf("sqlite:%s/test.db", folder);
	for (int round = 0; round < 10; round++) {
		int pipe_fds[2];
		g_assert_cmpint(pipe(pipe_fds), ==, 0);
		pid_t child = fork();
		if (child == 0)
			write_until_killed(url, pipe_fds[1]);
		close(pipe_fds[1]);
		int64_t last = -1, got;
		for (int i = 0; i < 20 + round * 7; i++) {
			g_assert_cmpint(read(pipe_fds[0], &got, sizeof(got)), ==, sizeof(got));
			last = got;
		}
		kill(child, SIGKILL);
		while (read(pipe_fds[0], &got, sizeof(got)) == sizeof(got))
			last = got;
		waitpid(child, NULL, 0);
		close(pipe_fds[0]);
		g_autoptr(store) store = store_open(url, migrations, NULL);
		/* At most the one commit whose answer was still on its way may be there beyond. */
		int64_t count = seats_in(store);
		g_assert_cmpint(count, >=, last + 1);
		g_assert_cmpint(count, <=, last + 2);
	}
	remove_folder(folder);
}

static const store_unlogged unlogged[] = { { "seat", STORE_DELETE, "tidying" }, { 0 } };

static gboolean run_sql(db *db, gpointer data, GError **error)
{
	for (const char **sql = data; *sql != NULL; sql++)
		if (db_run(db, error, *sql) < 0)
			return FALSE;
	return TRUE;
}

/* A change without an entry is undone, whatever else its transaction has. */
static void test_no_entry_no_change(void)
{
	static const char take[] = "INSERT INTO seat (number, owner) VALUES (1, 'A')";
	static const char rename[] = "UPDATE seat SET owner = 'B'", nothing[] = "UPDATE seat SET owner = 'B' WHERE number = 9";
	static const char leave[] = "DELETE FROM seat WHERE number = 1";
	static const char entry[] = "INSERT INTO entry (text) VALUES ('taken')", forge[] = "UPDATE entry SET text = 'never'";
	static const struct {
		const char *sql[3];
		gboolean is_good;
	} jobs[] = {
		{ { take }, FALSE },
		{ { take, entry }, TRUE },
		{ { nothing }, TRUE },
		{ { rename }, FALSE },
		{ { entry, rename }, TRUE },
		{ { rename, forge }, FALSE },
		{ { forge }, FALSE },
		{ { leave }, TRUE },
	};
	static const store_migration with_log[] = {
		{ 101, "seat", "CREATE TABLE seat (number BIGINT PRIMARY KEY, owner TEXT); CREATE TABLE entry (text TEXT);" },
		{ 0, NULL, NULL },
	};
	g_autoptr(store) store = store_open("sqlite::memory:", with_log, NULL);
	store_require_log(store, "entry", unlogged);
	for (guint i = 0; i < G_N_ELEMENTS(jobs); i++) {
		g_autoptr(GError) error = NULL;
		gboolean is_good = store_write_wait(store, run_sql, (gpointer)jobs[i].sql, &error);
		g_assert_cmpint(is_good, ==, jobs[i].is_good);
		if (!is_good)
			g_assert_error(error, DB_ERROR, DB_ERROR_BUG);
	}
	g_assert_cmpint(seats_in(store), ==, 0);
}

static gboolean fail_after(db *db, gpointer data, GError **error)
{
	seat taken = { 1, "A", TRUE };
	(void)data;
	return take_seat(db, &taken, error);
}

static gboolean try_both(db *db, gpointer data, GError **error)
{
	seat taken = { 2, "B", FALSE };
	(void)data;
	g_autoptr(GError) own = NULL;
	g_assert_false(store_try(db, fail_after, NULL, &own));
	g_assert_error(own, DB_ERROR, DB_ERROR_CONSTRAINT);
	return store_try(db, take_seat, &taken, error);
}

static void test_try_undoes_itself_only(void)
{
	g_autoptr(store) store = memory_store();
	g_autoptr(GError) error = NULL;
	g_assert_true(store_write_wait(store, try_both, NULL, &error));
	g_assert_no_error(error);
	g_assert_cmpint(seats_in(store), ==, 1);
}

static gboolean change_in_vain(db *db, gpointer data, GError **error)
{
	(void)data;
	(void)error;
	g_assert_false(store_try(db, fail_after, NULL, NULL));
	return TRUE;
}

/* What was undone needs no entry. */
static void test_try_in_vain_needs_no_entry(void)
{
	g_autoptr(store) store = memory_store();
	g_autoptr(GError) error = NULL;
	store_require_log(store, "entry", unlogged);
	g_assert_true(store_write_wait(store, change_in_vain, NULL, &error));
	g_assert_no_error(error);
}

static void test_migrations(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *folder = temporary_folder();
	g_autofree char *url = g_strdup_printf("sqlite:%s/test.db", folder);
	store_close(store_open(url, migrations, &error));
	g_assert_no_error(error);

	const store_migration broken[] = { migrations[0],
		{ 102, "broken", "CREATE TABLE half (a BIGINT); INSERT INTO nowhere VALUES (1);" }, { 0, NULL, NULL } };
	g_assert_null(store_open(url, broken, &error));
	g_assert_nonnull(strstr(error->message, "0102-broken"));
	g_clear_error(&error);

	/* The broken one was undone whole, so its mended form applies. */
	const store_migration mended[] = { migrations[0], { 102, "broken", "CREATE TABLE half (a BIGINT);" }, { 0, NULL, NULL } };
	store_close(store_open(url, mended, &error));
	g_assert_no_error(error);

	g_assert_null(store_open(url, migrations, &error));
	g_assert_nonnull(strstr(error->message, "newer version"));
	g_clear_error(&error);

	const store_migration edited[] = { { 101, "seat", "CREATE TABLE seat (number BIGINT);" }, mended[1], { 0, NULL, NULL } };
	g_assert_null(store_open(url, edited, &error));
	g_assert_nonnull(strstr(error->message, "another text"));
	remove_folder(folder);
}

static void test_unusable_files(void)
{
	g_autoptr(GError) error = NULL;
	g_assert_null(store_open("sqlite:/nonexistent/folder/x.db", migrations, &error));
	g_assert_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE);
	g_assert_nonnull(strstr(error->message, "/nonexistent/folder/x.db"));
	g_clear_error(&error);
	g_assert_null(store_open("oracle:x", migrations, &error));
	g_assert_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE);
	g_clear_error(&error);

	g_autofree char *folder = temporary_folder();
	g_autofree char *path = g_build_filename(folder, "text.db", NULL);
	g_autofree char *url = g_strconcat("sqlite:", path, NULL);
	g_assert_true(g_file_set_contents(path,
		"this is no database, but it is long enough to have a header of a hundred bytes......"
		"..................................................",
		-1, NULL));
	g_assert_null(store_open(url, migrations, &error));
	g_assert_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE);
	g_assert_nonnull(strstr(error->message, "no SQLite database"));
	remove_folder(folder);
}

/* The engine gives up its transaction when the disk is full in the midst of it; what fits is written before and after. */
static gboolean fill_disk(db *db, G_GNUC_UNUSED gpointer data, GError **error)
{
	g_autofree char *note = g_strnfill(100000, 'x');
	for (int64_t i = 1000; i < 1100; i++)
		if (db_run(db, error, "INSERT INTO seat (number, owner, note) VALUES ($number, 'anna', $note)",
			    DB_INT("number", i), DB_TEXT("note", note)) < 0)
			return FALSE;
	return TRUE;
}

static gboolean limit_pages(db *db, gpointer data, GError **error)
{
	g_autofree char *sql = g_strdup_printf("PRAGMA max_page_count = %d", GPOINTER_TO_INT(data));
	return db_run(db, error, sql) >= 0;
}

static void test_full_disk(void)
{
	g_autoptr(store) store = memory_store();
	g_autoptr(GError) error = NULL;
	g_assert_true(store_write_wait(store, take_seat, &(seat){ 1, "anna", FALSE }, NULL));
	g_assert_true(store_write_wait(store, limit_pages, GINT_TO_POINTER(20), NULL));
	g_assert_false(store_write_wait(store, fill_disk, NULL, &error));
	g_assert_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE);
	g_assert_nonnull(strstr(error->message, "the disk is full. Free some space"));
	g_assert_true(store_write_wait(store, take_seat, &(seat){ 2, "anna", FALSE }, NULL));
	g_assert_cmpint(seats_in(store), ==, 2);
	g_assert_true(store_write_wait(store, limit_pages, GINT_TO_POINTER(100000), NULL));
	g_assert_true(store_write_wait(store, fill_disk, NULL, NULL));
	g_assert_cmpint(seats_in(store), ==, 102);
}

/* One job of a group meets the full disk: the others hear of it too, or are committed; nobody is told what is not so. */
static void test_full_disk_in_a_group(void)
{
	gate gate = { 0 };
	store *store = memory_store();
	g_assert_true(store_write_wait(store, take_seat, &(seat){ 100, "anna", FALSE }, NULL));
	g_assert_true(store_write_wait(store, limit_pages, GINT_TO_POINTER(20), NULL));
	store_write(store, wait_at_gate, NULL, &gate);
	group_job jobs[6];
	for (int i = 0; i < 6; i++) {
		jobs[i] = (group_job){ { i, "anna", FALSE }, &gate, store };
		store_write(store, i == 3 ? fill_disk : run_group_job, group_done, &jobs[i]);
	}
	open_gate(&gate);
	g_mutex_lock(&gate.lock);
	while (gate.done < 6)
		g_cond_wait(&gate.changed, &gate.lock);
	g_mutex_unlock(&gate.lock);
	g_assert_cmpuint(gate.failed, >=, 1);
	g_assert_cmpint(seats_in(store), ==, 1 + 6 - (int64_t)gate.failed);
	store_close(store);
}

static void test_read_only(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *folder = temporary_folder();
	g_autofree char *path = g_build_filename(folder, "test.db", NULL);
	g_autofree char *url = g_strconcat("sqlite:", path, NULL);
	store *live = store_open(url, migrations, NULL);
	GStatBuf status;
	g_assert_cmpint(g_stat(path, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 0777, ==, 0600);
	g_assert_true(store_write_wait(live, take_seat, &(seat){ 1, "anna", FALSE }, NULL));
	store *reader = store_open_read_only(url, &error);
	g_assert_no_error(error);
	g_assert_cmpint(seats_in(reader), ==, 1);
	store_close(reader);
	store_close(live);
	remove_folder(folder);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/rows", test_rows);
	g_test_add_func("/store/error-kinds", test_error_kinds);
	g_test_add_func("/store/wrong-statements", test_wrong_statements_are_bugs);
	g_test_add_func("/store/group-isolates-failing-job", test_group_isolates_failing_job);
	g_test_add_func("/store/too-many-waiting", test_too_many_waiting);
	g_test_add_func("/store/race", test_race);
	g_test_add_func("/store/snapshot", test_reader_sees_one_snapshot);
	g_test_add_func("/store/kill", test_kill_loses_no_acknowledged_commit);
	g_test_add_func("/store/no-entry-no-change", test_no_entry_no_change);
	g_test_add_func("/store/try-undoes-itself-only", test_try_undoes_itself_only);
	g_test_add_func("/store/try-in-vain-needs-no-entry", test_try_in_vain_needs_no_entry);
	g_test_add_func("/store/migrations", test_migrations);
	g_test_add_func("/store/unusable-files", test_unusable_files);
	g_test_add_func("/store/full-disk", test_full_disk);
	g_test_add_func("/store/full-disk-in-a-group", test_full_disk_in_a_group);
	g_test_add_func("/store/read-only", test_read_only);
	return g_test_run();
}
