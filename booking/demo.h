/* SPDX-License-Identifier: EUPL-1.2 */
/* The demo installation: organisations, offices, services, staff and agreements from a JSON file (deploy/demo/demo.json).
 * Loading twice changes nothing; what people booked stays. */
#pragma once
#include "core/db/store.h"

/* Load `path` into the store. Passwords are hashed with scrypt, `age` identities made in `key_folder` (when not there yet) and
 * their recipients set for the municipalities. Returns (transfer full) what to print: [{login, password, name, roles,
 * organisation}], NULL on error. */
json_t *demo_load(store *store, const char *path, const char *key_folder, int64_t now_ms, GError **error);
