/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/limits.h"
#include "media/routes.h"
#include <string.h>

enum { FULL = MEDIA_PEERS_MAX * (ICE_ADDRESSES_MAX + ICE_GENERATIONS) };

static route_key number_key(guint number)
{
	address address = { .v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)number) } };
	address.v4.sin_addr.s_addr = htonl(0xc0000200 + number);
	return route_key_address(&address);
}

static void test_full(void)
{
	routes *routes = routes_new();
	for (guint i = 0; i < FULL; i++) {
		route_key key = number_key(i);
		g_assert_true(routes_add(routes, &key, GUINT_TO_POINTER(i + 1)));
		g_assert_false(routes_add(routes, &key, routes)); /* who has it keeps it */
	}
	route_key more = number_key(FULL);
	g_assert_false(routes_add(routes, &more, routes));
	g_assert_null(routes_find(routes, &more));
	for (guint i = 0; i < FULL; i += 2) {
		route_key key = number_key(i);
		routes_remove(routes, &key);
		routes_remove(routes, &key);
	}
	for (guint i = 0; i < FULL; i++) {
		route_key key = number_key(i);
		g_assert_cmpuint(GPOINTER_TO_UINT(routes_find(routes, &key)), ==, i % 2 == 0 ? 0 : i + 1);
	}
	g_assert_true(routes_add(routes, &more, routes));
	g_assert_true(routes_find(routes, &more) == routes);
	routes_free(routes);
}

/* Family, address, port and user names do not mix. */
static void test_kinds(void)
{
	static const struct {
		const char *text;
		uint16_t port;
	} table[] = { { "192.0.2.1", 1 }, { "192.0.2.1", 2 }, { "192.0.2.2", 1 }, { "2001:db8::1", 1 }, { "2001:db8::1", 2 } };
	routes *routes = routes_new();
	for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
		address address;
		g_assert_true(address_parse(&address, table[i].text, table[i].port));
		route_key key = route_key_address(&address);
		g_assert_true(routes_add(routes, &key, routes));
	}
	route_key name = route_key_ufrag("abcd", 4), other = route_key_ufrag("abce", 4), shorter = route_key_ufrag("abc", 3);
	g_assert_true(routes_add(routes, &name, &name));
	g_assert_true(routes_find(routes, &name) == &name);
	g_assert_null(routes_find(routes, &other));
	g_assert_null(routes_find(routes, &shorter));
	routes_free(routes);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/media/routes/full", test_full);
	g_test_add_func("/media/routes/kinds", test_kinds);
	return g_test_run();
}
