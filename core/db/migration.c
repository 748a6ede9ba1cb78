/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/db/migration.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/log.h"

static gint by_number(gconstpointer a, gconstpointer b)
{
	const store_migration *left = *(const store_migration *const *)a, *right = *(const store_migration *const *)b;
	return left->number < right->number ? -1 : left->number > right->number;
}

static gboolean apply_one(db *db, const store_migration *migration, const char *checksum, GError **error)
{
	if (!db->driver->script(db, "BEGIN IMMEDIATE", error))
		return FALSE;
	gboolean is_applied =
		db->driver->script(db, migration->sql, error) &&
		db_run(db, error,
			"INSERT INTO migration (number, name, checksum, applied_ms) VALUES ($number, $name, $checksum, $now)",
			DB_INT("number", migration->number), DB_TEXT("name", migration->name), DB_TEXT("checksum", checksum),
			DB_INT("now", clock_now_ms())) == 1 &&
		db->driver->script(db, "COMMIT", error);
	if (is_applied) {
		log_info("migration applied", LOG_INT("number", migration->number), LOG_TEXT("name", migration->name));
		return TRUE;
	}
	if (db->driver->in_transaction(db))
		db->driver->script(db, "ROLLBACK", NULL);
	g_prefix_error(error, "Migration %04u-%s failed and was undone: ", migration->number, migration->name);
	return FALSE;
}

/* number -> checksum of what the database has */
static GHashTable *applied(db *db, GError **error)
{
	if (!db->driver->script(db,
		    "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,"
		    " applied_ms BIGINT NOT NULL)",
		    error))
		return NULL;
	g_autoptr(db_rows) rows = db_select(db, error, "SELECT number, checksum FROM migration");
	if (rows == NULL)
		return NULL;
	GHashTable *checksums = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	while (db_next(rows))
		g_hash_table_insert(checksums, GUINT_TO_POINTER(db_int(rows, "number")), g_strdup(db_text(rows, "checksum")));
	return checksums;
}

gboolean migration_apply(db *db, const store_migration *migrations, GError **error)
{
	g_autoptr(GHashTable) had = applied(db, error);
	if (had == NULL)
		return FALSE;
	g_autoptr(GPtrArray) ordered = g_ptr_array_new();
	for (const store_migration *migration = migrations; migration->number != 0; migration++)
		g_ptr_array_add(ordered, (gpointer)migration);
	g_ptr_array_sort(ordered, by_number);
	guint known = 0;
	for (guint i = 0; i < ordered->len; i++)
		known += g_hash_table_contains(had, GUINT_TO_POINTER(((const store_migration *)ordered->pdata[i])->number));
	if (known < g_hash_table_size(had)) {
		g_set_error_literal(error, DB_ERROR, DB_ERROR_UNAVAILABLE,
			"The database was made by a newer version of Jawort. Install that version, or restore an older backup.");
		return FALSE;
	}
	for (guint i = 0; i < ordered->len; i++) {
		const store_migration *migration = ordered->pdata[i];
		g_autofree char *checksum = crypto_sha256_hex(migration->sql, strlen(migration->sql));
		const char *had_checksum = g_hash_table_lookup(had, GUINT_TO_POINTER(migration->number));
		if (had_checksum == NULL) {
			if (!apply_one(db, migration, checksum, error))
				return FALSE;
		} else if (g_strcmp0(had_checksum, checksum) != 0) {
			g_set_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE,
				"Migration %04u-%s was applied to the database with another text than this version has. "
				"Install the version that belongs to the database.",
				migration->number, migration->name);
			return FALSE;
		}
	}
	return TRUE;
}
