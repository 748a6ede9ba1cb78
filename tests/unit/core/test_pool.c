/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/crypto.h"
#include "core/pool.h"

static gint done;

static void hash(gpointer data)
{
	guint8 hash[CRYPTO_HASH_BYTES];
	crypto_sha256(&data, sizeof(data), hash); /* leaves OpenSSL's state of this thread behind */
	g_atomic_int_inc(&done);
}

static void test_all_is_done(void)
{
	pool *pool = pool_new("test", 4);
	for (guint i = 0; i < 1000; i++)
		pool_push(pool, hash, GUINT_TO_POINTER(i));
	pool_free(pool);
	g_assert_cmpint(g_atomic_int_get(&done), ==, 1000);
	pool_free(NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pool/all-is-done", test_all_is_done);
	return g_test_run();
}
