/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/db/db-private.h"
#include <string.h>

typedef struct {
	enum { CELL_NULL, CELL_TEXT, CELL_INT } kind;
	int64_t value; /* the integer, or where the text begins in `texts` */
} cell;

struct db_rows {
	GPtrArray *columns; /* of char* */
	GArray *cells;      /* row after row */
	GString *texts;     /* each ends with NUL */
	int64_t current;    /* -1: before the first */
};

static const db_driver *const drivers[] = { &db_driver_sqlite };

db *db_open(const char *url, db_mode mode, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(drivers); i++) {
		size_t length = strlen(drivers[i]->scheme);
		if (strncmp(url, drivers[i]->scheme, length) == 0 && url[length] == ':')
			return drivers[i]->open(url + length + 1, mode, error);
	}
	g_set_error_literal(
		error, DB_ERROR, DB_ERROR_UNAVAILABLE, "The database address must begin with \"sqlite:\" and name a file.");
	return NULL;
}

void db_close(db *db)
{
	if (db != NULL)
		db->driver->close(db);
}

db_rows *db_select_values(db *db, GError **error, const char *sql, const db_value *values, size_t count)
{
	g_autoptr(db_rows) rows = g_new0(db_rows, 1);
	rows->columns = g_ptr_array_new_with_free_func(g_free);
	rows->cells = g_array_new(FALSE, FALSE, sizeof(cell));
	rows->texts = g_string_new(NULL);
	rows->current = -1;
	if (db->driver->statement(db, sql, values, count, rows, error) < 0)
		return NULL;
	return g_steal_pointer(&rows);
}

int64_t db_run_values(db *db, GError **error, const char *sql, const db_value *values, size_t count)
{
	return db->driver->statement(db, sql, values, count, NULL, error);
}

void db_rows_add_column(db_rows *rows, const char *name)
{
	g_ptr_array_add(rows->columns, g_strdup(name));
}

void db_rows_add_text(db_rows *rows, const char *text)
{
	cell added = { text != NULL ? CELL_TEXT : CELL_NULL, (int64_t)rows->texts->len };
	if (text != NULL)
		g_string_append_len(rows->texts, text, (gssize)strlen(text) + 1);
	g_array_append_val(rows->cells, added);
}

void db_rows_add_int(db_rows *rows, int64_t integer)
{
	cell added = { CELL_INT, integer };
	g_array_append_val(rows->cells, added);
}

size_t db_row_count(const db_rows *rows)
{
	return rows->columns->len == 0 ? 0 : rows->cells->len / rows->columns->len;
}

gboolean db_next(db_rows *rows)
{
	if (rows->current < (int64_t)db_row_count(rows))
		rows->current++;
	return rows->current < (int64_t)db_row_count(rows);
}

static const cell *cell_at(const db_rows *rows, guint column)
{
	return &g_array_index(rows->cells, cell, (guint64)rows->current * rows->columns->len + column);
}

/* A column that the SELECT does not name, or no current row, is a mistake in our code and cannot be gone on from. */
static const cell *cell_named(const db_rows *rows, const char *column)
{
	if (rows->current < 0 || rows->current >= (int64_t)db_row_count(rows))
		g_error("column \"%s\" asked for without a current row", column);
	for (guint i = 0; i < rows->columns->len; i++)
		if (strcmp(rows->columns->pdata[i], column) == 0)
			return cell_at(rows, i);
	g_error("the query has no column \"%s\"", column);
}

const char *db_text(const db_rows *rows, const char *column)
{
	const cell *found = cell_named(rows, column);
	if (found->kind == CELL_INT)
		g_error("column \"%s\" holds numbers, not text", column);
	return found->kind == CELL_TEXT ? rows->texts->str + found->value : NULL;
}

int64_t db_int(const db_rows *rows, const char *column)
{
	const cell *found = cell_named(rows, column);
	if (found->kind == CELL_TEXT)
		g_error("column \"%s\" holds text, not numbers", column);
	return found->kind == CELL_INT ? found->value : 0;
}

gboolean db_is_null(const db_rows *rows, const char *column)
{
	return cell_named(rows, column)->kind == CELL_NULL;
}

json_t *db_row_json(const db_rows *rows)
{
	json_t *object = json_object();
	for (guint i = 0; i < rows->columns->len; i++) {
		const cell *found = cell_at(rows, i);
		json_t *value = found->kind == CELL_TEXT  ? json_string(rows->texts->str + found->value)
				: found->kind == CELL_INT ? json_integer(found->value)
							  : json_null();
		json_object_set_new(object, rows->columns->pdata[i], value);
	}
	return object;
}

json_t *db_rows_json(db_rows *rows)
{
	json_t *array = json_array();
	rows->current = -1;
	while (db_next(rows))
		json_array_append_new(array, db_row_json(rows));
	return array;
}

void db_rows_free(db_rows *rows)
{
	if (rows == NULL)
		return;
	g_ptr_array_unref(rows->columns);
	g_array_unref(rows->cells);
	g_string_free(rows->texts, TRUE);
	g_free(rows);
}
