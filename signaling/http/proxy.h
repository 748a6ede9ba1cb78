/* SPDX-License-Identifier: EUPL-1.2 */
/* Who a request comes from when proxies stand in front.
 *
 * What X-Forwarded-For says is believed only as far as trusted proxies wrote it: anybody can send the header. Thread: any. */
#pragma once
#include <glib.h>

typedef struct proxies proxies;

/* `networks`: addresses ("127.0.0.1", "::1") and networks ("10.0.0.0/8"), NULL-ended. CORE_ERROR_OPTION when one is neither. */
proxies *proxies_new(char **networks, GError **error);
void proxies_free(proxies *proxies);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(proxies, proxies_free)

/* (transfer full) The client's address: that of `peer`, from whom the request came, or while this is a trusted proxy's the one
 * before it in `forwarded` (may be NULL). */
char *proxies_client(const proxies *proxies, const char *peer, const char *forwarded);
