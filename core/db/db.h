/* SPDX-License-Identifier: EUPL-1.2 */
/* One connection to the database: a handful of calls, the same for every engine.
 *
 * SQL is written once, in named queries (NAME.sql beside the code that uses it):
 *     -- name: HOLD_BY_ID
 *     SELECT ... WHERE id = $id;
 * becomes the constant SQL_HOLD_BY_ID in the generated header "FOLDER/sql.h".
 * Parameters are `$name`, bound by name. Columns are TEXT or BIGINT; instants are UTC
 * milliseconds, truth values 0 and 1, hashes lower-case hex.
 *
 *     g_autoptr(db_rows) rows = db_select(db, error, SQL_HOLD_BY_ID, DB_TEXT("id", id));
 *     if (rows == NULL) return NULL;
 *     while (db_next(rows)) use(db_text(rows, "state"), db_int(rows, "expires_ms"));
 *
 * A write job in which a statement failed must return FALSE (PostgreSQL refuses all further statements); where a duplicate
 * is expected, say ON CONFLICT DO NOTHING and look at the count.
 * Thread: a connection belongs to the thread that runs the job it was handed to (core/db/store.h). */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdint.h>

typedef struct db db;
typedef struct db_rows db_rows;

#define DB_ERROR (db_error_quark())
GQuark db_error_quark(void);
typedef enum {
	DB_ERROR_UNAVAILABLE, /* the engine cannot be reached, is full or read-only; the message says which */
	DB_ERROR_DUPLICATE,   /* a primary key or UNIQUE refused the row: somebody was faster */
	DB_ERROR_CONSTRAINT,  /* any other constraint refused the row */
	DB_ERROR_BUG,         /* the statement itself is wrong */
} db_error;

typedef struct {
	const char *name;
	enum { DB_KIND_TEXT = 1, DB_KIND_INT } kind;
	const char *text; /* NULL binds SQL NULL */
	int64_t integer;
} db_value;

#define DB_TEXT(parameter, value) ((db_value){ .name = (parameter), .kind = DB_KIND_TEXT, .text = (value) })
#define DB_INT(parameter, value) ((db_value){ .name = (parameter), .kind = DB_KIND_INT, .integer = (value) })

#define DB_VALUES(...) ((const db_value[]){ { 0 }, ##__VA_ARGS__ }) + 1
#define DB_COUNT(...) (sizeof((const db_value[]){ { 0 }, ##__VA_ARGS__ }) / sizeof(db_value) - 1)

/* Run one query and fetch all its rows. Returns (transfer full), NULL on error. */
#define db_select(db, error, sql, ...) db_select_values((db), (error), (sql), DB_VALUES(__VA_ARGS__), DB_COUNT(__VA_ARGS__))
/* Run one statement. Returns the count of rows it changed, -1 on error. */
#define db_run(db, error, sql, ...) db_run_values((db), (error), (sql), DB_VALUES(__VA_ARGS__), DB_COUNT(__VA_ARGS__))

db_rows *db_select_values(db *db, GError **error, const char *sql, const db_value *values, size_t count);
int64_t db_run_values(db *db, GError **error, const char *sql, const db_value *values, size_t count);

/* Step to the next row; FALSE after the last. Rows start before the first. */
gboolean db_next(db_rows *rows);
size_t db_row_count(const db_rows *rows);
/* A column of the current row, by its name in the SELECT. Text is NULL for SQL NULL and lives as long as `rows`. */
const char *db_text(const db_rows *rows, const char *column);
int64_t db_int(const db_rows *rows, const char *column);
gboolean db_is_null(const db_rows *rows, const char *column);
/* (transfer full) The current row as an object, or all rows as an array of objects; NULL columns become null. */
json_t *db_row_json(const db_rows *rows);
json_t *db_rows_json(db_rows *rows);
void db_rows_free(db_rows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(db_rows, db_rows_free)
