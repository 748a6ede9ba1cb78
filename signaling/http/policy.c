/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/http/policy.h"

#include <gio/gio.h>
#include <string.h>

const http_header policy_headers[] = {
	{ "content-security-policy:",
		"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; "
		"media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
		"frame-ancestors 'none'" },
	{ "cross-origin-opener-policy:", "same-origin" },
	{ "cross-origin-resource-policy:", "same-origin" },
	{ "cross-origin-embedder-policy:", "require-corp" },
	{ "permissions-policy:", "camera=(self), microphone=(self), display-capture=(), geolocation=(), usb=(), payment=()" },
	{ "referrer-policy:", "no-referrer" },
	{ "x-content-type-options:", "nosniff" },
	{ NULL, NULL },
};

const http_header policy_tls = { "strict-transport-security:", "max-age=31536000" };

/* The part of "https://host:port/path" before the path. */
static gboolean is_origin_of(const char *url, const char *origin)
{
	size_t length = strlen(origin);
	return g_str_has_prefix(url, origin) && (url[length] == '\0' || url[length] == '/');
}

gboolean policy_allows_origin(const char *public_url, const char *origin, const char *host)
{
	if (origin == NULL)
		return FALSE;
	if (is_origin_of(public_url, origin))
		return TRUE;
	const char *rest = g_str_has_prefix(origin, "http://")    ? origin + 7
			   : g_str_has_prefix(origin, "https://") ? origin + 8
								  : NULL;
	if (rest == NULL || host == NULL || g_ascii_strcasecmp(rest, host) != 0)
		return FALSE;
	g_autoptr(GNetworkAddress) address = G_NETWORK_ADDRESS(g_network_address_parse(host, 80, NULL));
	if (address == NULL)
		return FALSE;
	const char *name = g_network_address_get_hostname(address);
	return g_hostname_is_ip_address(name) || g_ascii_strcasecmp(name, "localhost") == 0;
}
