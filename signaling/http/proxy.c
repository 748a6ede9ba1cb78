/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/http/proxy.h"

#include "core/error.h"

#include <gio/gio.h>
#include <string.h>

struct proxies {
	GPtrArray *networks; /* of GInetAddressMask */
};

proxies *proxies_new(char **networks, GError **error)
{
	g_autoptr(proxies) proxies = g_new0(struct proxies, 1);
	proxies->networks = g_ptr_array_new_with_free_func(g_object_unref);
	for (char **text = networks; *text != NULL; text++) {
		GInetAddressMask *network = g_inet_address_mask_new_from_string(*text, NULL);
		if (network == NULL) {
			g_set_error(error, CORE_ERROR, CORE_ERROR_OPTION,
				"--trusted-proxy=%s is no address and no network: use for example 127.0.0.1 or 10.0.0.0/8.",
				*text);
			return NULL;
		}
		g_ptr_array_add(proxies->networks, network);
	}
	return g_steal_pointer(&proxies);
}

void proxies_free(proxies *proxies)
{
	if (proxies == NULL)
		return;
	g_ptr_array_unref(proxies->networks);
	g_free(proxies);
}

static gboolean is_trusted(const proxies *proxies, GInetAddress *address)
{
	for (guint i = 0; i < proxies->networks->len; i++)
		if (g_inet_address_mask_matches(proxies->networks->pdata[i], address))
			return TRUE;
	return FALSE;
}

/* A socket for both families names IPv4 addresses in IPv6. */
static const char *unmapped(const char *address)
{
	return g_str_has_prefix(address, "::ffff:") ? address + strlen("::ffff:") : address;
}

char *proxies_client(const proxies *proxies, const char *peer, const char *forwarded)
{
	g_auto(GStrv) hops = g_strsplit(forwarded != NULL ? forwarded : "", ",", -1);
	g_autofree char *client = g_strdup(unmapped(peer));
	for (guint left = g_strv_length(hops); left > 0; left--) {
		g_autoptr(GInetAddress) address = g_inet_address_new_from_string(client);
		const char *before = unmapped(g_strstrip(hops[left - 1]));
		if (address == NULL || !is_trusted(proxies, address) || !g_hostname_is_ip_address(before))
			break;
		g_free(client);
		client = g_strdup(before);
	}
	return g_steal_pointer(&client);
}
