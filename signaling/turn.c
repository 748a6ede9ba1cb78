/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/turn.h"

#include "core/crypto.h"
#include "core/file.h"
#include "signaling/limits.h"

#include <string.h>

#define SECRET_MAX_BYTES 1024
#define SHA1_BYTES 20

struct turn {
	GStrv urls;
	char *secret;
};

turn *turn_new(const options *options, GError **error)
{
	turn *turn = g_new0(struct turn, 1);
	turn->urls = options_list(options, "turn-url");
	const char *path = options_text(options, "turn-secret-file");
	if (*turn->urls == NULL)
		return turn;
	turn->secret = path != NULL ? file_read(path, SECRET_MAX_BYTES, NULL, error) : g_strdup("");
	if (turn->secret != NULL && *g_strchomp(turn->secret) != '\0')
		return turn;
	if (turn->secret != NULL)
		g_set_error(error, CORE_ERROR, CORE_ERROR_OPTION,
			"--turn-secret-file=%s: put the relay's secret there (coturn: static-auth-secret), on one line.",
			path != NULL ? path : "FILE");
	turn_free(turn);
	return NULL;
}

void turn_free(turn *turn)
{
	if (turn == NULL)
		return;
	g_strfreev(turn->urls);
	crypto_free_secret(turn->secret);
	g_free(turn);
}

char *turn_password(const char *secret, const char *username)
{
	guint8 mac[SHA1_BYTES];
	gsize length = sizeof(mac);
	GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA1, (const guchar *)secret, strlen(secret));
	g_hmac_update(hmac, (const guchar *)username, -1);
	g_hmac_get_digest(hmac, mac, &length);
	g_hmac_unref(hmac);
	return crypto_base64(mac, sizeof(mac));
}

json_t *turn_servers(const turn *turn, const char *peer, int64_t now_ms)
{
	json_t *servers = json_array();
	if (turn->secret == NULL)
		return servers;
	int64_t expiry_ms = (now_ms / TURN_STEP_MS + 2) * TURN_STEP_MS;
	g_autofree char *username = g_strdup_printf("%" G_GINT64_FORMAT ":%s", expiry_ms / 1000, peer);
	g_autofree char *password = turn_password(turn->secret, username);
	for (char **url = turn->urls; *url != NULL; url++)
		json_array_append_new(
			servers, json_pack("{s:s, s:s, s:s}", "urls", *url, "username", username, "credential", password));
	return servers;
}
