/* SPDX-License-Identifier: EUPL-1.2 */
/* The database of a process: one writer thread with group commit, and a pool of readers.
 *
 * A write job runs inside the writer's transaction, between two savepoints: when it returns FALSE all it
 * did is undone and nobody else's work is. Jobs that wait together are committed together, and only then does
 * each caller hear of its own: an answer never leaves before its commit.
 *
 * Wake-ups: a job names the things it changed (store_touch). After the commit every watcher is called once
 * with each of these names, on the writer thread, and should only post. What changed is read from the database.
 * Topics in use: "session:ID", "desk:ORGANISATION", "person:ID", "notices", "slots:OFFICE", "entries". */
#pragma once
#include "core/db/db.h"

typedef struct store store;
typedef gboolean (*store_job)(db *db, gpointer data, GError **error);
/* Called on the writer thread after the commit (error NULL) or after the job was undone. */
typedef void (*store_done)(gpointer data, const GError *error);
typedef void (*store_watcher)(const char *topic, gpointer user_data);

/* A migration is one file `sql/migrations/NNNN-name.sql`; all folders' files are one forward-only list. */
typedef struct {
	guint number;
	const char *name;
	const char *sql;
} store_migration;

/* `url`: "sqlite:/path/to/file" (created when missing) or "sqlite::memory:" in tests.
 * Brings the schema up to date first, each migration in a transaction; refuses a database that is newer than
 * `migrations`, or whose applied migrations have other checksums. `migrations` ends with a row of number 0. */
store *store_open(const char *url, const store_migration *migrations, GError **error);
/* An existing database that must not be changed at all, for checking it: only store_read() works. */
store *store_open_read_only(const char *url, GError **error);
/* Waits until all queued writes are committed. */
void store_close(store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store, store_close)

/* What happens to a row. */
typedef enum { STORE_INSERT = 1 << 0, STORE_UPDATE = 1 << 1, STORE_DELETE = 1 << 2 } store_change;
/* Changes that are no matter of the log. */
typedef struct {
	const char *table;
	guint changes; /* bits of store_change */
	const char *reason;
} store_unlogged;

/* No entry, no change: a write job that changes a row must also insert one into `log_table`, or it is undone with DB_ERROR_BUG.
 * `unlogged` are the exceptions; it ends with a row of NULL. To be called before the first write. */
void store_require_log(store *store, const char *log_table, const store_unlogged *unlogged);

/* Queue a write and return at once. Thread: any. At most 10,000 wait; beyond that `done` gets DB_ERROR_UNAVAILABLE. */
void store_write(store *store, store_job job, store_done done, gpointer data);
/* The same, waiting for the commit. Thread: any but the writer. */
gboolean store_write_wait(store *store, store_job job, gpointer data, GError **error);
/* Run `job` on a pooled read connection, in one consistent snapshot. Thread: any; blocks while it runs. */
gboolean store_read(store *store, store_job job, gpointer data, GError **error);

/* Inside a write job: run another one so that its failure undoes what it did and nothing else. Not nested. */
gboolean store_try(db *db, store_job job, gpointer data, GError **error);
/* Inside a write job: name a thing that this job changed. */
void store_touch(db *db, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Before the first write: be told of every touched topic after its commit. */
void store_watch(store *store, store_watcher watcher, gpointer user_data);
