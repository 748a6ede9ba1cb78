/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/error.h"
#include "signaling/http/proxy.h"

static proxies *trust(const char *networks)
{
	g_auto(GStrv) list = g_strsplit(networks, " ", -1);
	g_autoptr(GError) error = NULL;
	proxies *proxies = proxies_new(list, &error);
	g_assert_no_error(error);
	return proxies;
}

static void test_client(void)
{
	static const struct {
		const char *peer, *forwarded, *client;
	} cases[] = {
		{ "192.0.2.7", NULL, "192.0.2.7" },
		{ "192.0.2.7", "198.51.100.1", "192.0.2.7" }, /* anybody can write that */
		{ "127.0.0.1", NULL, "127.0.0.1" },
		{ "127.0.0.1", "198.51.100.1", "198.51.100.1" },
		{ "127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1" }, /* the client wrote the first itself */
		{ "127.0.0.1", "198.51.100.1,10.1.2.3", "198.51.100.1" },     /* two proxies of ours */
		{ "127.0.0.1", "10.1.2.3", "10.1.2.3" },
		{ "::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1" },
		{ "::1", "2001:db8::7", "2001:db8::7" },
		{ "127.0.0.1", "unknown", "127.0.0.1" },
		{ "127.0.0.1", "", "127.0.0.1" },
		{ "127.0.0.1", "198.51.100.1, ,", "127.0.0.1" },
		{ "", "198.51.100.1", "" },
	};
	g_autoptr(proxies) proxies = trust("127.0.0.1 ::1 10.0.0.0/8");
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *client = proxies_client(proxies, cases[i].peer, cases[i].forwarded);
		g_assert_cmpstr(client, ==, cases[i].client);
	}
}

static void test_nobody_is_trusted(void)
{
	g_autoptr(proxies) proxies = proxies_new((char *[]){ NULL }, NULL);
	g_autofree char *client = proxies_client(proxies, "127.0.0.1", "198.51.100.1");
	g_assert_cmpstr(client, ==, "127.0.0.1");
}

static void test_no_network(void)
{
	g_autoptr(GError) error = NULL;
	g_assert_null(proxies_new((char *[]){ "127.0.0.1", "proxy.example", NULL }, &error));
	g_assert_error(error, CORE_ERROR, CORE_ERROR_OPTION);
	g_assert_nonnull(g_strrstr(error->message, "proxy.example"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/signaling/proxy/client", test_client);
	g_test_add_func("/signaling/proxy/nobody-is-trusted", test_nobody_is_trusted);
	g_test_add_func("/signaling/proxy/no-network", test_no_network);
	return g_test_run();
}
