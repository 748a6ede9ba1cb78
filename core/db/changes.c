/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/db/changes.h"
#include <string.h>

typedef struct {
	const char *table; /* interned: there are as many as the schema has */
	guint changes;
} changed_table;

struct db_changes {
	GArray *tables; /* of changed_table: a handful in each job */
};

db_changes *db_changes_new(void)
{
	db_changes *self = g_new(db_changes, 1);
	self->tables = g_array_new(FALSE, FALSE, sizeof(changed_table));
	return self;
}

db_changes *db_changes_copy(const db_changes *self)
{
	db_changes *copy = g_new(db_changes, 1);
	copy->tables = g_array_copy(self->tables);
	return copy;
}

void db_changes_free(db_changes *self)
{
	if (self == NULL)
		return;
	g_array_unref(self->tables);
	g_free(self);
}

void db_changes_clear(db_changes *self)
{
	g_array_set_size(self->tables, 0);
}

void db_changes_note(db_changes *self, const char *table, store_change change)
{
	for (guint i = 0; i < self->tables->len; i++) {
		changed_table *known = &g_array_index(self->tables, changed_table, i);
		if (strcmp(known->table, table) == 0) {
			known->changes |= change;
			return;
		}
	}
	changed_table added = { g_intern_string(table), change };
	g_array_append_val(self->tables, added);
}

static guint allowed(const store_unlogged *unlogged, const char *table)
{
	guint changes = 0;
	for (; unlogged->table != NULL; unlogged++)
		if (strcmp(unlogged->table, table) == 0)
			changes |= unlogged->changes;
	return changes;
}

const char *db_changes_unlogged(const db_changes *self, const char *log_table, const store_unlogged *unlogged)
{
	const char *found = NULL;
	for (guint i = 0; i < self->tables->len; i++) {
		const changed_table *each = &g_array_index(self->tables, changed_table, i);
		if (strcmp(each->table, log_table) == 0 && (each->changes & STORE_INSERT) != 0)
			return NULL;
		if (found == NULL && (each->changes & ~allowed(unlogged, each->table)) != 0)
			found = each->table;
	}
	return found;
}
