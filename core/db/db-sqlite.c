/* SPDX-License-Identifier: EUPL-1.2 */
/* SQLite: WAL, every commit synced, deleted rows overwritten. */
#include "core/db/db-private.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

enum {
	BUSY_TIMEOUT_MS = 5000,     /* another process (a backup, the sqlite3 shell) holds the write lock */
	STATEMENTS_CACHED_MAX = 500 /* named queries are fewer; keeps made-up SQL from growing without end */
};

typedef struct {
	db base;
	sqlite3 *connection;
	char *path;
	GHashTable *statements; /* SQL text -> sqlite3_stmt* */
} db_sqlite;

static const struct {
	int code;
	db_error error;
	const char *advice;
} failures[] = {
	{ SQLITE_CONSTRAINT_PRIMARYKEY, DB_ERROR_DUPLICATE, NULL },
	{ SQLITE_CONSTRAINT_UNIQUE, DB_ERROR_DUPLICATE, NULL },
	{ SQLITE_CONSTRAINT_ROWID, DB_ERROR_DUPLICATE, NULL },
	{ SQLITE_CONSTRAINT, DB_ERROR_CONSTRAINT, NULL },
	{ SQLITE_FULL, DB_ERROR_UNAVAILABLE, "the disk is full. Free some space; nothing that was confirmed is lost" },
	{ SQLITE_READONLY, DB_ERROR_UNAVAILABLE, "the file or its folder is read-only. Give this user the right to write there" },
	{ SQLITE_CANTOPEN, DB_ERROR_UNAVAILABLE, "the file cannot be opened. Check that its folder exists and is ours to write" },
	{ SQLITE_PERM, DB_ERROR_UNAVAILABLE, "this user may not open the file. Mend its owner or mode" },
	{ SQLITE_BUSY, DB_ERROR_UNAVAILABLE, "another program holds the database. End it, or try again" },
	{ SQLITE_LOCKED, DB_ERROR_UNAVAILABLE, "another program holds the database. End it, or try again" },
	{ SQLITE_IOERR, DB_ERROR_UNAVAILABLE,
		"the disk reports errors. Look at the system's log, then restore a backup to a good disk" },
	{ SQLITE_CORRUPT, DB_ERROR_UNAVAILABLE, "the file is damaged. Stop, keep a copy of it, and restore the last backup" },
	{ SQLITE_NOTADB, DB_ERROR_UNAVAILABLE, "the file is no SQLite database. Check the address" },
	{ SQLITE_NOMEM, DB_ERROR_UNAVAILABLE, "the machine has no memory left" },
};

static void set_error(db_sqlite *self, GError **error, const char *sql)
{
	int code = sqlite3_extended_errcode(self->connection);
	for (guint i = 0; i < G_N_ELEMENTS(failures); i++) {
		if (failures[i].code != code && failures[i].code != (code & 0xff))
			continue;
		if (failures[i].advice != NULL)
			g_set_error(error, DB_ERROR, (gint)failures[i].error, "Database %s: %s (%s).", self->path,
				failures[i].advice, sqlite3_errmsg(self->connection));
		else
			g_set_error_literal(error, DB_ERROR, (gint)failures[i].error, sqlite3_errmsg(self->connection));
		return;
	}
	g_set_error(error, DB_ERROR, DB_ERROR_BUG, "%s, in: %s", sqlite3_errmsg(self->connection), sql);
}

static void sqlite_close(db *base)
{
	db_sqlite *self = (db_sqlite *)base;
	g_clear_pointer(&self->statements, g_hash_table_unref);
	sqlite3_close(self->connection);
	db_changes_free(base->changes);
	g_free(self->path);
	g_free(self);
}

static gboolean sqlite_script(db *base, const char *sql, GError **error)
{
	db_sqlite *self = (db_sqlite *)base;
	if (sqlite3_exec(self->connection, sql, NULL, NULL, NULL) == SQLITE_OK)
		return TRUE;
	set_error(self, error, sql);
	return FALSE;
}

static void finalize(gpointer statement)
{
	sqlite3_finalize(statement);
}

static void on_row_changed(void *base, int operation, const char *database, const char *table, sqlite3_int64 row)
{
	(void)database;
	(void)row;
	db_changes *changes = ((db *)base)->changes;
	store_change change = operation == SQLITE_INSERT   ? STORE_INSERT
			      : operation == SQLITE_UPDATE ? STORE_UPDATE
							   : STORE_DELETE;
	if (changes != NULL)
		db_changes_note(changes, table, change);
}

static db *sqlite_open(const char *path, db_mode mode, GError **error)
{
	static const int flags[] = {
		[DB_MODE_WRITE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		[DB_MODE_READ] = SQLITE_OPEN_READWRITE,
		[DB_MODE_READ_FILE] = SQLITE_OPEN_READONLY,
	};
	static const char writer_settings[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
					      "PRAGMA secure_delete=ON; PRAGMA journal_size_limit=67108864;";
	const char *settings = mode == DB_MODE_WRITE ? writer_settings : "PRAGMA query_only=ON;";
	db_sqlite *self = g_new0(db_sqlite, 1);
	g_autoptr(db) base = &self->base;
	base->driver = &db_driver_sqlite;
	self->path = g_strdup(path);
	self->statements = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, finalize);
	/* SQLite would make it readable for all; its side files take over the mode. A failure is reported by the open itself. */
	int file = mode == DB_MODE_WRITE ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	if (file >= 0)
		close(file);
	if (sqlite3_open_v2(path, &self->connection, flags[mode] | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) !=
		SQLITE_OK) {
		set_error(self, error, "");
		return NULL;
	}
	if (mode == DB_MODE_WRITE)
		sqlite3_update_hook(self->connection, on_row_changed, base);
	sqlite3_busy_timeout(self->connection, BUSY_TIMEOUT_MS);
	sqlite3_db_config(self->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (!sqlite_script(base, "PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY;", error) ||
		!sqlite_script(base, settings, error))
		return NULL;
	return g_steal_pointer(&base);
}

static sqlite3_stmt *prepared(db_sqlite *self, const char *sql, GError **error)
{
	sqlite3_stmt *statement = g_hash_table_lookup(self->statements, sql);
	if (statement != NULL)
		return statement;
	if (sqlite3_prepare_v3(self->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
		set_error(self, error, sql);
		return NULL;
	}
	if (g_hash_table_size(self->statements) >= STATEMENTS_CACHED_MAX)
		g_hash_table_remove_all(self->statements);
	g_hash_table_insert(self->statements, g_strdup(sql), statement);
	return statement;
}

static gboolean bind(sqlite3_stmt *statement, const char *sql, const db_value *values, size_t count, GError **error)
{
	if ((size_t)sqlite3_bind_parameter_count(statement) != count) {
		g_set_error(error, DB_ERROR, DB_ERROR_BUG, "%d parameters wanted, %zu given, in: %s",
			sqlite3_bind_parameter_count(statement), count, sql);
		return FALSE;
	}
	for (size_t i = 0; i < count; i++) {
		char name[64];
		g_snprintf(name, sizeof(name), "$%s", values[i].name);
		int index = sqlite3_bind_parameter_index(statement, name);
		if (index == 0) {
			g_set_error(error, DB_ERROR, DB_ERROR_BUG, "no parameter %s in: %s", name, sql);
			return FALSE;
		}
		if (values[i].kind == DB_KIND_INT)
			sqlite3_bind_int64(statement, index, values[i].integer);
		else
			sqlite3_bind_text(statement, index, values[i].text, -1, SQLITE_STATIC);
	}
	return TRUE;
}

static void add_row(db_rows *rows, sqlite3_stmt *statement, int columns)
{
	for (int i = 0; i < columns; i++) {
		if (sqlite3_column_type(statement, i) == SQLITE_INTEGER)
			db_rows_add_int(rows, sqlite3_column_int64(statement, i));
		else
			db_rows_add_text(rows, (const char *)sqlite3_column_text(statement, i));
	}
}

static int64_t sqlite_statement(db *base, const char *sql, const db_value *values, size_t count, db_rows *rows, GError **error)
{
	db_sqlite *self = (db_sqlite *)base;
	sqlite3_stmt *statement = prepared(self, sql, error);
	if (statement == NULL || !bind(statement, sql, values, count, error))
		return -1;
	int columns = sqlite3_column_count(statement);
	for (int i = 0; rows != NULL && i < columns; i++)
		db_rows_add_column(rows, sqlite3_column_name(statement, i));
	int result;
	while ((result = sqlite3_step(statement)) == SQLITE_ROW)
		if (rows != NULL)
			add_row(rows, statement, columns);
	int64_t changed = sqlite3_stmt_readonly(statement) ? 0 : sqlite3_changes64(self->connection);
	if (result != SQLITE_DONE) {
		set_error(self, error, sql);
		changed = -1;
	}
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return changed;
}

static gboolean sqlite_in_transaction(db *base)
{
	return !sqlite3_get_autocommit(((db_sqlite *)base)->connection);
}

const db_driver db_driver_sqlite = {
	.scheme = "sqlite",
	.open = sqlite_open,
	.close = sqlite_close,
	.script = sqlite_script,
	.statement = sqlite_statement,
	.in_transaction = sqlite_in_transaction,
};
