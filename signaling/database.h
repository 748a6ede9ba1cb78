/* SPDX-License-Identifier: EUPL-1.2 */
/* The database of the program: the schema of all folders, and the rule that no change is without an entry in the audit log. */
#pragma once
#include "core/db/store.h"

/* (transfer full) */
store *database_open(const char *url, GError **error);
