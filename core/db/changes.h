/* SPDX-License-Identifier: EUPL-1.2 */
/* Which tables a write job changed, for core/db only: the driver notes, the store asks. */
#pragma once
#include "core/db/store.h"

typedef struct db_changes db_changes;

db_changes *db_changes_new(void);
/* (transfer full) */
db_changes *db_changes_copy(const db_changes *changes);
void db_changes_free(db_changes *changes);
/* A new job begins. */
void db_changes_clear(db_changes *changes);
void db_changes_note(db_changes *changes, const char *table, store_change change);
/* A table that was changed although nothing was inserted into `log_table` and `unlogged` does not allow it; NULL: none. */
const char *db_changes_unlogged(const db_changes *changes, const char *log_table, const store_unlogged *unlogged);
