/* SPDX-License-Identifier: EUPL-1.2 */
/* What an engine's driver implements; for core/db only. */
#pragma once
#include "core/db/changes.h"
#include "core/db/db.h"

typedef enum {
	DB_MODE_WRITE,    /* the one writer; makes the database when it is missing */
	DB_MODE_READ,     /* a reader beside it */
	DB_MODE_READ_FILE /* a database that must not be touched at all */
} db_mode;

typedef struct {
	const char *scheme; /* "sqlite" */
	db *(*open)(const char *address, db_mode mode, GError **error);
	void (*close)(db *db);
	/* Several statements without parameters or rows. */
	gboolean (*script)(db *db, const char *sql, GError **error);
	/* One statement. Fills `rows` when not NULL; returns the count of changed rows, -1 on error. */
	int64_t (*statement)(db *db, const char *sql, const db_value *values, size_t count, db_rows *rows, GError **error);
	/* FALSE after an error that made the engine roll back everything by itself. */
	gboolean (*in_transaction)(db *db);
} db_driver;

extern const db_driver db_driver_sqlite;

/* Drivers embed this first. */
struct db {
	const db_driver *driver;
	GPtrArray *touched;  /* of char*, while a write job runs; else NULL */
	db_changes *changes; /* the driver notes each changed row here; NULL: nobody asks */
};

/* `url`: SCHEME:ADDRESS. */
db *db_open(const char *url, db_mode mode, GError **error);
void db_close(db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(db, db_close)

/* How a driver fills rows: all columns first, then cell by cell. */
void db_rows_add_column(db_rows *rows, const char *name);
void db_rows_add_text(db_rows *rows, const char *text); /* NULL: SQL NULL */
void db_rows_add_int(db_rows *rows, int64_t integer);
