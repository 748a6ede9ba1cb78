/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rate.h"

/* After so many new buckets the full ones are thrown away. */
#define SWEEP_EVERY 4096
/* Tokens are counted in thousandths, so that slow refills are exact. */
#define TOKEN 1000

typedef struct {
	int64_t tokens;
	int64_t filled_ms;
	rate_class class;
} bucket;

struct rate {
	GHashTable *buckets; /* "class:key" to bucket */
	guint made;
};

rate *rate_new(void)
{
	rate *rate = g_new0(struct rate, 1);
	rate->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return rate;
}

void rate_free(rate *rate)
{
	if (rate == NULL)
		return;
	g_hash_table_unref(rate->buckets);
	g_free(rate);
}

static void refill(bucket *bucket, int64_t now_ms)
{
	const rate_limit *limit = &rate_limits[bucket->class];
	/* per_minute tokens in 60,000 ms are per_minute / 60 thousandths in each */
	int64_t gained = MAX(now_ms - bucket->filled_ms, 0) * limit->per_minute * TOKEN / 60000;
	bucket->tokens = MIN(bucket->tokens + gained, (int64_t)limit->burst * TOKEN);
	/* Only the time that was paid out counts as used, or frequent callers would never get anything. */
	bucket->filled_ms += gained * 60000 / (limit->per_minute * TOKEN);
}

static gboolean is_full(gpointer key, gpointer value, gpointer data)
{
	(void)key;
	bucket *bucket = value;
	refill(bucket, *(const int64_t *)data);
	return bucket->tokens == (int64_t)rate_limits[bucket->class].burst * TOKEN;
}

gboolean rate_take(rate *rate, rate_class class, const char *key, int64_t now_ms, int64_t *wait_ms)
{
	g_autofree char *name = g_strdup_printf("%d:%s", class, key);
	bucket *found = g_hash_table_lookup(rate->buckets, name);
	if (found == NULL) {
		if (++rate->made % SWEEP_EVERY == 0)
			g_hash_table_foreach_remove(rate->buckets, is_full, &now_ms);
		found = g_new(bucket, 1);
		*found = (bucket){ (int64_t)rate_limits[class].burst * TOKEN, now_ms, class };
		g_hash_table_insert(rate->buckets, g_steal_pointer(&name), found);
	}
	refill(found, now_ms);
	if (found->tokens < TOKEN) {
		if (wait_ms != NULL)
			*wait_ms = (TOKEN - found->tokens) * 60 / rate_limits[class].per_minute + 1;
		return FALSE;
	}
	found->tokens -= TOKEN;
	return TRUE;
}

guint rate_count(const rate *rate)
{
	return g_hash_table_size(rate->buckets);
}
