/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rate.h"

static void test_burst_and_refill(void)
{
	for (int class = 0; class < RATE_CLASSES; class ++) {
		rate *rate = rate_new();
		int64_t now_ms = 1000000, wait_ms = 0;
		for (guint i = 0; i < rate_limits[class].burst; i++)
			g_assert_true(rate_take(rate, (rate_class) class, "somebody", now_ms, NULL));
		g_assert_false(rate_take(rate, (rate_class) class, "somebody", now_ms, &wait_ms));
		g_assert_true(rate_take(rate, (rate_class) class, "somebody else", now_ms, NULL));
		/* It says how long to wait, and that is true. */
		g_assert_false(rate_take(rate, (rate_class) class, "somebody", now_ms + wait_ms - 2, NULL));
		g_assert_true(rate_take(rate, (rate_class) class, "somebody", now_ms + wait_ms, NULL));
		rate_free(rate);
	}
}

/* Whoever tries all the time gets as much as whoever waits. */
static void test_impatience(void)
{
	rate *rate = rate_new();
	guint taken = 0;
	for (int64_t ms = 0; ms < 60000; ms++)
		taken += rate_take(rate, RATE_SECRET, "somebody", ms, NULL);
	g_assert_cmpuint(taken, >=, rate_limits[RATE_SECRET].burst + rate_limits[RATE_SECRET].per_minute - 1);
	g_assert_cmpuint(taken, <=, rate_limits[RATE_SECRET].burst + rate_limits[RATE_SECRET].per_minute);
	rate_free(rate);
}

static void test_forgetting(void)
{
	rate *rate = rate_new();
	for (int i = 0; i < 50000; i++) {
		g_autofree char *name = g_strdup_printf("visitor %d", i);
		rate_take(rate, RATE_BROWSE, name, i * 100, NULL);
	}
	g_assert_cmpuint(rate_count(rate), <, 10000);
	rate_free(rate);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rate/burst-and-refill", test_burst_and_refill);
	g_test_add_func("/rate/impatience", test_impatience);
	g_test_add_func("/rate/forgetting", test_forgetting);
	return g_test_run();
}
