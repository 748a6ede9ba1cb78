/* SPDX-License-Identifier: EUPL-1.2 */
/* Threads for work that may block.
 *
 * Unlike GLib's pool its threads are joined: at the end of the process none is still on its way out while OpenSSL takes down
 * what it would need for that. Thread: any. */
#pragma once
#include <glib.h>

typedef struct pool pool;
typedef void (*pool_function)(gpointer data);

/* `threads` of this name (at most 15 characters are seen), at once. */
pool *pool_new(const char *name, guint threads);
/* Jobs begin in the order of their arrival. */
void pool_push(pool *pool, pool_function run, gpointer data);
/* Waits for all that was pushed, then for the threads. NULL is fine. */
void pool_free(pool *pool);
