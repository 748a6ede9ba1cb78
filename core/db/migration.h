/* SPDX-License-Identifier: EUPL-1.2 */
/* Brings a schema up to date; for core/db only. */
#pragma once
#include "core/db/db-private.h"
#include "core/db/store.h"

/* Apply each of `migrations` that the database does not have yet, in order of number, each in its own transaction.
 * Refuses a database with migrations that are not in the list, or whose text was another when they were applied. */
gboolean migration_apply(db *db, const store_migration *migrations, GError **error);
