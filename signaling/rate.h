/* SPDX-License-Identifier: EUPL-1.2 */
/* Token buckets: each caller may do so many things of a class at once, and so many a minute.
 *
 * A bucket is found by its key (address, cookie, connection); full ones are forgotten. Thread: one. */
#pragma once
#include "signaling/protocol/operations.h"

typedef struct rate rate;

rate *rate_new(void);
void rate_free(rate *rate);
/* Take one token of `key` in `class`. FALSE when there is none; `*wait_ms` (may be NULL) says when there will be. */
gboolean rate_take(rate *rate, rate_class class, const char *key, int64_t now_ms, int64_t *wait_ms);
/* How many buckets are kept. */
guint rate_count(const rate *rate);
