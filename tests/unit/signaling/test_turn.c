/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "signaling/limits.h"
#include "signaling/serve-options.h"
#include "signaling/turn.h"

#include <glib/gstdio.h>
#include <string.h>

static turn *make(const char *arguments, const char *secret, GError **error)
{
	g_autofree char *path = NULL;
	g_assert_true(g_close(g_file_open_tmp("jawort-turn-XXXXXX", &path, NULL), NULL));
	g_assert_true(g_file_set_contents(path, secret, -1, NULL));
	g_autofree char *line = g_strdup_printf("serve --turn-secret-file=%s%s", path, arguments);
	g_auto(GStrv) argv = g_strsplit(line, " ", -1);
	g_autoptr(options) options = options_load(serve_options, (int)g_strv_length(argv), argv, NULL);
	turn *made = turn_new(options, error);
	g_unlink(path);
	return made;
}

/* Known answer: printf 7200:peer_1 | openssl dgst -sha1 -hmac north -binary | base64 */
static void test_credentials(void)
{
	turn *turn = make(" --turn-url=turn:a.example:3478 --turn-url=turns:a.example:443", "north\n", NULL);
	g_autoptr(json_t) servers = turn_servers(turn, "peer_1", 1);
	g_assert_cmpuint(json_array_size(servers), ==, 2);
	const json_t *second = json_array_get(servers, 1);
	g_assert_cmpstr(json_text(second, "urls"), ==, "turns:a.example:443");
	g_assert_cmpstr(json_text(second, "username"), ==, "7200:peer_1");
	g_assert_cmpstr(json_text(second, "credential"), ==, "0No1dyeCaanxhWumo3HjRb4SpFQ=");
	/* Always one step to go, and no change within one. */
	g_autoptr(json_t) last = turn_servers(turn, "peer_1", TURN_STEP_MS - 1);
	g_assert_true(json_equal(servers, last));
	g_autoptr(json_t) next = turn_servers(turn, "peer_1", TURN_STEP_MS);
	g_assert_cmpstr(json_text(json_array_get(next, 0), "username"), ==, "10800:peer_1");
	turn_free(turn);
}

static void test_without(void)
{
	g_autoptr(GError) error = NULL;
	turn *turn = make("", "north", &error);
	g_assert_no_error(error);
	g_autoptr(json_t) servers = turn_servers(turn, "peer_1", 1);
	g_assert_cmpuint(json_array_size(servers), ==, 0);
	turn_free(turn);
	g_assert_null(make(" --turn-url=turn:a.example:3478", " \n", &error));
	g_assert_nonnull(strstr(error->message, "put the relay's secret there"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/turn/credentials", test_credentials);
	g_test_add_func("/turn/without", test_without);
	return g_test_run();
}
