/* SPDX-License-Identifier: EUPL-1.2 */
/* The demo installation: organisations, offices, services, staff and agreements from a JSON file (deploy/demo/demo.json).
 *
 * Ids follow from the file's keys, so that loading twice changes nothing; what people booked stays. `key_folder` keeps what must
 * be invented once: the `age` identity of each municipality (KEY.txt) and the passwords (sign-ins.json, login: password). */
#pragma once
#include "core/db/store.h"

/* Returns (transfer full) what to print, [{login, password, name, roles, organisation}], or NULL with an error of core, of
 * the database, or BOOKING_ERROR_INVALID for the file's shape. Hashes passwords: takes a moment. */
json_t *demo_load(store *store, const char *path, const char *key_folder, int64_t now_ms, GError **error);
/* (transfer full) The id that the file's key of an organisation, office … stands for. */
char *demo_id(const char *kind, const char *key);
