/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/db/store.h"
#include "core/clock.h"
#include "core/db/db-private.h"
#include "core/db/migration.h"
#include "core/log.h"
#include "core/metrics.h"
#include <glib/gstdio.h>

enum {
	WAITING_MAX = 10000,  /* write jobs; each may hold an open connection's answer */
	GROUP_MAX = 512,      /* write jobs of one commit */
	GROUP_MAX_US = 20000, /* no new job joins a commit that has run for so long */
	READERS_MAX = 16,     /* connections; further readers wait */
	READERS_IDLE_MAX = 4, /* kept open */
};

typedef struct {
	store_job job; /* NULL: the thread ends */
	store_done done;
	gpointer data;
	GError *error;
	gboolean is_refused;
} write_job;

typedef struct {
	store_watcher call;
	gpointer user_data;
} watcher;

struct store {
	char *url;
	char *temporary; /* folder to remove at the end, or NULL */
	db *writer;      /* writer thread only */
	GThread *thread;
	GAsyncQueue *jobs;     /* of write_job* */
	GArray *watchers;      /* of watcher; unchanged once writes come */
	const char *log_table; /* NULL: no log is asked for */
	const store_unlogged *unlogged;
	GMutex readers_lock;
	GCond readers_changed;
	GQueue readers_idle; /* of db* */
	guint readers_count;
	metric *metric_jobs, *metric_failed, *metric_commits, *metric_commit_ms, *metric_waiting;
};

/* --- writing --- */

/* A write job with the store whose rule it has to keep. */
typedef struct {
	store *store;
	const write_job *job;
} logged_job;

static gboolean check_logged(store *self, GError **error)
{
	const char *table =
		self->log_table == NULL ? NULL : db_changes_unlogged(self->writer->changes, self->log_table, self->unlogged);
	if (table != NULL)
		g_set_error(
			error, DB_ERROR, DB_ERROR_BUG, "A write job changed the table %s without an entry in the log.", table);
	return table == NULL;
}

/* `job` between two savepoints: all of it, with its entry in the log, or nothing. */
static gboolean run_between(db *db, const char *const *savepoints, store_job job, gpointer data, GError **error)
{
	guint touched = db->touched->len;
	g_autoptr(GError) own = NULL;
	if (db_run(db, error, savepoints[0]) < 0)
		return FALSE;
	if (job(db, data, &own)) {
		g_clear_error(&own);
		if (db_run(db, &own, savepoints[1]) >= 0)
			return TRUE;
	}
	if (own == NULL)
		g_set_error_literal(&own, DB_ERROR, DB_ERROR_BUG, "A write job failed without saying why.");
	g_propagate_error(error, g_steal_pointer(&own));
	g_ptr_array_set_size(db->touched, (gint)touched);
	if (db->driver->in_transaction(db)) {
		db_run(db, NULL, savepoints[2]);
		db_run(db, NULL, savepoints[1]);
	}
	return FALSE;
}

static gboolean run_logged(db *db, gpointer data, GError **error)
{
	const logged_job *logged = data;
	return logged->job->job(db, logged->job->data, error) && check_logged(logged->store, error);
}

static void run_job(store *self, write_job *job)
{
	static const char *const savepoints[] = { "SAVEPOINT job", "RELEASE job", "ROLLBACK TO job" };
	logged_job logged = { self, job };
	if (self->writer->changes != NULL)
		db_changes_clear(self->writer->changes);
	run_between(self->writer, savepoints, run_logged, &logged, &job->error);
}

gboolean store_try(db *db, store_job job, gpointer data, GError **error)
{
	static const char *const savepoints[] = { "SAVEPOINT try", "RELEASE try", "ROLLBACK TO try" };
	db_changes *before = db->changes != NULL ? db_changes_copy(db->changes) : NULL;
	gboolean is_good = run_between(db, savepoints, job, data, error);
	if (!is_good) {
		db_changes *undone = db->changes;
		db->changes = before;
		before = undone;
	}
	db_changes_free(before);
	return is_good;
}

/* The whole group is undone: whoever has no error of its own gets this one. */
static void fail_group(store *self, GPtrArray *group, const GError *error)
{
	for (guint i = 0; i < group->len; i++) {
		write_job *job = group->pdata[i];
		if (job->error == NULL)
			job->error = g_error_copy(error);
	}
	g_ptr_array_set_size(self->writer->touched, 0);
	if (self->writer->driver->in_transaction(self->writer))
		db_run(self->writer, NULL, "ROLLBACK");
}

static void tell_watchers(store *self)
{
	g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < self->writer->touched->len; i++) {
		char *topic = self->writer->touched->pdata[i];
		if (!g_hash_table_add(told, topic))
			continue;
		for (guint j = 0; j < self->watchers->len; j++) {
			const watcher *each = &g_array_index(self->watchers, watcher, j);
			each->call(topic, each->user_data);
		}
	}
}

/* Runs `job` and those that wait with it in one transaction. Returns (transfer full) the jobs that took part. */
static GPtrArray *run_group(store *self, write_job *job)
{
	GPtrArray *group = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	int64_t start_us = clock_monotonic_us();
	gboolean is_open = db_run(self->writer, &error, "BEGIN IMMEDIATE") >= 0;
	while (job != NULL) {
		g_ptr_array_add(group, job);
		if (is_open && !job->is_refused)
			run_job(self, job);
		/* A full disk can make the engine give up the transaction in the middle of a job. */
		if (is_open && !self->writer->driver->in_transaction(self->writer)) {
			error = g_error_copy(job->error);
			is_open = FALSE;
		}
		if (!is_open || group->len >= GROUP_MAX || clock_monotonic_us() - start_us > GROUP_MAX_US)
			break;
		write_job *next = g_async_queue_try_pop(self->jobs);
		if (next != NULL && next->job == NULL) {
			g_async_queue_push_front(self->jobs, next);
			next = NULL;
		}
		job = next;
	}
	if (!is_open || db_run(self->writer, &error, "COMMIT") < 0) {
		log_error("database commit failed", LOG_CAUSE(error), LOG_INT("jobs", group->len));
		fail_group(self, group, error);
	}
	metric_observe(self->metric_commit_ms, (clock_monotonic_us() - start_us) / 1000);
	return group;
}

static gpointer writer_thread(gpointer data)
{
	store *self = data;
	self->writer->touched = g_ptr_array_new_with_free_func(g_free);
	for (;;) {
		write_job *first = g_async_queue_pop(self->jobs);
		if (first->job == NULL) {
			g_free(first);
			break;
		}
		g_autoptr(GPtrArray) group = run_group(self, first);
		metric_add(self->metric_commits, 1);
		metric_set(self->metric_waiting, g_async_queue_length(self->jobs));
		for (guint i = 0; i < group->len; i++) {
			write_job *job = group->pdata[i];
			metric_add(job->error == NULL ? self->metric_jobs : self->metric_failed, 1);
			if (job->done != NULL)
				job->done(job->data, job->error);
			g_clear_error(&job->error);
		}
		tell_watchers(self);
		g_ptr_array_set_size(self->writer->touched, 0);
	}
	g_clear_pointer(&self->writer->touched, g_ptr_array_unref);
	return NULL;
}

void store_write(store *self, store_job job, store_done done, gpointer data)
{
	write_job *added = g_new0(write_job, 1);
	*added = (write_job){ .job = job, .done = done, .data = data };
	if (g_async_queue_length(self->jobs) >= WAITING_MAX) {
		/* Still goes through the queue: `done` never fires from inside this call. */
		added->is_refused = TRUE;
		g_set_error_literal(
			&added->error, DB_ERROR, DB_ERROR_UNAVAILABLE, "Too many changes are waiting. Try again in a moment.");
	}
	g_async_queue_push(self->jobs, added);
}

typedef struct {
	store_job job;
	gpointer data;
	GMutex lock;
	GCond changed;
	gboolean is_done;
	GError *error;
} waiting_write;

static gboolean waiting_job(db *db, gpointer data, GError **error)
{
	waiting_write *wait = data;
	return wait->job(db, wait->data, error);
}

static void waiting_done(gpointer data, const GError *error)
{
	waiting_write *wait = data;
	g_mutex_lock(&wait->lock);
	wait->error = error != NULL ? g_error_copy(error) : NULL;
	wait->is_done = TRUE;
	g_cond_signal(&wait->changed);
	g_mutex_unlock(&wait->lock);
}

gboolean store_write_wait(store *self, store_job job, gpointer data, GError **error)
{
	if (g_thread_self() == self->thread)
		g_error("store_write_wait() on the writer thread would wait for itself");
	waiting_write wait = { .job = job, .data = data };
	g_mutex_init(&wait.lock);
	g_cond_init(&wait.changed);
	store_write(self, waiting_job, waiting_done, &wait);
	g_mutex_lock(&wait.lock);
	while (!wait.is_done)
		g_cond_wait(&wait.changed, &wait.lock);
	g_mutex_unlock(&wait.lock);
	g_mutex_clear(&wait.lock);
	g_cond_clear(&wait.changed);
	if (wait.error == NULL)
		return TRUE;
	g_propagate_error(error, wait.error);
	return FALSE;
}

void store_touch(db *db, const char *format, ...)
{
	if (db->touched == NULL)
		g_error("store_touch() outside a write job");
	va_list arguments;
	va_start(arguments, format);
	g_ptr_array_add(db->touched, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

void store_watch(store *self, store_watcher call, gpointer user_data)
{
	watcher added = { call, user_data };
	g_array_append_val(self->watchers, added);
}

void store_require_log(store *self, const char *log_table, const store_unlogged *unlogged)
{
	self->writer->changes = db_changes_new();
	self->unlogged = unlogged;
	self->log_table = log_table;
}

/* --- reading --- */

static db *reader_take(store *self, GError **error)
{
	g_mutex_lock(&self->readers_lock);
	while (g_queue_is_empty(&self->readers_idle) && self->readers_count >= READERS_MAX)
		g_cond_wait(&self->readers_changed, &self->readers_lock);
	db *reader = g_queue_pop_head(&self->readers_idle);
	if (reader == NULL)
		self->readers_count++;
	g_mutex_unlock(&self->readers_lock);
	if (reader != NULL)
		return reader;
	reader = db_open(self->url, self->thread != NULL ? DB_MODE_READ : DB_MODE_READ_FILE, error);
	if (reader == NULL) {
		g_mutex_lock(&self->readers_lock);
		self->readers_count--;
		g_cond_signal(&self->readers_changed);
		g_mutex_unlock(&self->readers_lock);
	}
	return reader;
}

static void reader_give(store *self, db *reader)
{
	g_mutex_lock(&self->readers_lock);
	gboolean is_kept = self->readers_idle.length < READERS_IDLE_MAX;
	if (is_kept)
		g_queue_push_head(&self->readers_idle, reader);
	else
		self->readers_count--;
	g_cond_signal(&self->readers_changed);
	g_mutex_unlock(&self->readers_lock);
	if (!is_kept)
		db_close(reader);
}

gboolean store_read(store *self, store_job job, gpointer data, GError **error)
{
	db *reader = reader_take(self, error);
	if (reader == NULL)
		return FALSE;
	gboolean is_good = db_run(reader, error, "BEGIN") >= 0 && job(reader, data, error);
	if (reader->driver->in_transaction(reader))
		db_run(reader, NULL, "ROLLBACK");
	reader_give(self, reader);
	return is_good;
}

/* --- life --- */

static store *store_new(const char *url)
{
	store *self = g_new0(store, 1);
	self->url = g_strdup(url);
	self->jobs = g_async_queue_new();
	self->watchers = g_array_new(FALSE, FALSE, sizeof(watcher));
	g_mutex_init(&self->readers_lock);
	g_cond_init(&self->readers_changed);
	g_queue_init(&self->readers_idle);
	self->metric_jobs = metric_counter("jawort_store_writes_total", "result=\"committed\"", "Write jobs of the database");
	self->metric_failed = metric_counter("jawort_store_writes_total", "result=\"undone\"", "Write jobs of the database");
	self->metric_commits = metric_counter("jawort_store_commits_total", NULL, "Transactions, each of one or more write jobs");
	self->metric_commit_ms =
		metric_histogram("jawort_store_commit_ms", NULL, "Duration of a transaction with its sync", NULL);
	self->metric_waiting = metric_gauge("jawort_store_waiting", NULL, "Write jobs that wait for the next transaction");
	return self;
}

/* A database for one test: a real file, so that readers and writer meet as they do in production, gone at the end. */
static gboolean make_temporary(store *self, GError **error)
{
	g_autofree char *pattern =
		g_build_filename(g_access("/dev/shm", W_OK) == 0 ? "/dev/shm" : g_get_tmp_dir(), "jawort-XXXXXX", NULL);
	if (g_mkdtemp(pattern) == NULL) {
		g_set_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE, "No temporary folder can be made: %s.", g_strerror(errno));
		return FALSE;
	}
	self->temporary = g_steal_pointer(&pattern);
	g_free(self->url);
	self->url = g_strdup_printf("sqlite:%s/memory.db", self->temporary);
	return TRUE;
}

store *store_open(const char *url, const store_migration *migrations, GError **error)
{
	g_autoptr(store) self = store_new(url);
	if (g_str_equal(url, "sqlite::memory:") && !make_temporary(self, error))
		return NULL;
	self->writer = db_open(self->url, DB_MODE_WRITE, error);
	if (self->writer == NULL || !migration_apply(self->writer, migrations, error))
		return NULL;
	self->thread = g_thread_new("store", writer_thread, self);
	return g_steal_pointer(&self);
}

store *store_open_read_only(const char *url, GError **error)
{
	g_autoptr(store) self = store_new(url);
	db *reader = reader_take(self, error);
	if (reader == NULL)
		return NULL;
	/* SQLite opens lazily: a wrong file shows at the first read. */
	g_autoptr(db_rows) rows = db_select(reader, error, "SELECT COUNT(*) AS count FROM migration");
	reader_give(self, reader);
	return rows != NULL ? g_steal_pointer(&self) : NULL;
}

static void remove_temporary(store *self)
{
	static const char *const files[] = { "memory.db", "memory.db-wal", "memory.db-shm" };
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(self->temporary, files[i], NULL);
		g_unlink(path);
	}
	g_rmdir(self->temporary);
}

void store_close(store *self)
{
	if (self == NULL)
		return;
	if (self->thread != NULL) {
		g_async_queue_push(self->jobs, g_new0(write_job, 1));
		g_thread_join(self->thread);
	}
	g_queue_clear_full(&self->readers_idle, (GDestroyNotify)db_close);
	db_close(self->writer);
	if (self->temporary != NULL)
		remove_temporary(self);
	g_async_queue_unref(self->jobs);
	g_array_unref(self->watchers);
	g_mutex_clear(&self->readers_lock);
	g_cond_clear(&self->readers_changed);
	g_free(self->temporary);
	g_free(self->url);
	g_free(self);
}
