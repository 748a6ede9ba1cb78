/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/exchange.h"
#include "media/limits.h"
#include <poll.h>

enum { WORKERS = 3 };

static route_key name(const char *ufrag)
{
	return route_key_ufrag(ufrag, 4);
}

static gboolean is_woken(const exchange *exchange, guint worker)
{
	struct pollfd fd = { .fd = exchange_fd(exchange, worker), .events = POLLIN };
	return poll(&fd, 1, 0) == 1;
}

/* A batch of mixed owners: each gets its own, in order, and wakes once; nobody's are counted. */
static void test_owners(void)
{
	exchange *exchange = exchange_new(WORKERS);
	counters counters = { 0 };
	route_key one = name("one1"), two = name("two2"), nobody = name("none");
	uint8_t bytes[] = { 0, 1, 2, 3, 4 };
	datagram datagrams[G_N_ELEMENTS(bytes)];
	for (guint i = 0; i < G_N_ELEMENTS(bytes); i++)
		datagrams[i] = (datagram){ .data = &bytes[i], .length = 1, .binding = (uint16_t)i };
	g_assert_true(exchange_claim(exchange, &one, 1));
	g_assert_false(exchange_claim(exchange, &one, 2));
	g_assert_true(exchange_claim(exchange, &two, 2));
	const stray strays[] = { { &datagrams[0], one }, { &datagrams[1], two }, { &datagrams[2], one },
		{ &datagrams[3], nobody }, { &datagrams[4], one } };
	exchange_hand_over(exchange, 0, strays, G_N_ELEMENTS(strays), &counters);
	g_assert_cmpuint(counters_read(&counters, COUNTER_HANDED_OVER), ==, 4);
	g_assert_cmpuint(counters_read(&counters, COUNTER_STRANGE), ==, 1);
	g_assert_false(is_woken(exchange, 0));
	g_assert_true(is_woken(exchange, 1));
	guint count = 0;
	const datagram *taken = exchange_take(exchange, 1, &count);
	g_assert_cmpuint(count, ==, 3);
	for (guint i = 0; i < count; i++) {
		g_assert_cmpuint(taken[i].data[0], ==, 2 * i);
		g_assert_cmpuint(taken[i].binding, ==, 2 * i);
	}
	g_assert_false(is_woken(exchange, 1));
	taken = exchange_take(exchange, 2, &count);
	g_assert_cmpuint(count, ==, 1);
	g_assert_cmpuint(taken[0].data[0], ==, 1);
	exchange_release(exchange, &one);
	exchange_hand_over(exchange, 0, strays, 1, &counters);
	g_assert_cmpuint(counters_read(&counters, COUNTER_STRANGE), ==, 2);
	exchange_free(exchange);
}

/* A worker that does not come loses what is too much, and only that. */
static void test_full(void)
{
	exchange *exchange = exchange_new(2);
	counters counters = { 0 };
	route_key key = name("slow");
	uint8_t byte = 7;
	const datagram datagram = { .data = &byte, .length = 1 };
	const stray stray = { &datagram, key };
	g_assert_true(exchange_claim(exchange, &key, 1));
	for (guint i = 0; i < INBOX_DATAGRAMS_MAX + 5; i++)
		exchange_hand_over(exchange, 0, &stray, 1, &counters);
	g_assert_cmpuint(counters_read(&counters, COUNTER_HANDED_OVER), ==, INBOX_DATAGRAMS_MAX);
	g_assert_cmpuint(counters_read(&counters, COUNTER_OVERFLOWED), ==, 5);
	guint count = 0;
	exchange_take(exchange, 1, &count);
	g_assert_cmpuint(count, ==, INBOX_DATAGRAMS_MAX);
	exchange_hand_over(exchange, 0, &stray, 1, &counters);
	g_assert_true(is_woken(exchange, 1));
	exchange_take(exchange, 1, &count);
	g_assert_cmpuint(count, ==, 1);
	exchange_free(exchange);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/media/exchange/owners", test_owners);
	g_test_add_func("/media/exchange/full", test_full);
	return g_test_run();
}
