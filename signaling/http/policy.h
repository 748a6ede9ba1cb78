/* SPDX-License-Identifier: EUPL-1.2 */
/* What browsers are told on every response, and which pages may talk to us. Thread: any. */
#pragma once
#include <glib.h>

typedef struct {
	const char *name; /* lower case with the colon, as libwebsockets wants it */
	const char *value;
} http_header;

/* On every response, errors too; ends with a row without name. */
extern const http_header policy_headers[];
/* Additionally under TLS. */
extern const http_header policy_tls;

/* May a page of `origin` talk to us, when the request was sent to `host`? Yes for the public URL's origin, and for the same
 * origin when the host is an IP address or localhost: names that only resolve to us (DNS rebinding) are not enough. */
gboolean policy_allows_origin(const char *public_url, const char *origin, const char *host);
