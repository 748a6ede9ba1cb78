/* SPDX-License-Identifier: EUPL-1.2 */
/* Ids of rows: "appointment_" and 26 characters of Crockford's base 32 in lower case, 130 random bits.
 *
 * An id tells its kind to a reader and nothing else: no order, no time, no count.
 * It is a name, not a secret; links and cookies use crypto_secret_new(). */
#pragma once
#include <glib.h>

enum { ID_RANDOM_CHARACTERS = 26 };

/* (transfer full) `kind`: one to 30 lower-case letters. */
char *id_new(const char *kind);
/* TRUE when `text` is an id of this kind, as id_new() writes it. NULL is not. */
gboolean id_is(const char *kind, const char *text);
