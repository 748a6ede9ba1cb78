/* SPDX-License-Identifier: EUPL-1.2 */
/* The server, for the streams and connections that live in it. Thread: the loop's. */
#pragma once
#include "signaling/http/proxy.h"
#include "signaling/http/site.h"
#include "signaling/hub.h"
#include "signaling/gateway.h"

#include <libwebsockets.h>

struct gateway {
	app *app;
	struct lws_context *context;
	struct lws_vhost *vhost;
	struct lws_vhost *monitor; /* only for those who watch the program; NULL: no listener of their own */
	site *site;
	rate *rate;
	hub *hub;
	GHashTable *streams; /* id to http_stream: answers look here whether their stream still lives */
	guint64 last_stream;
	proxies *proxies;
	gboolean is_secure; /* browsers come by TLS, that of a proxy or our own */
	gboolean is_local; /* only this machine reaches `vhost` */
	gboolean is_draining;
};

/* Name of the cookie of signed-in browsers, and of visitors. The prefix ties them to this host under TLS. */
const char *gateway_cookie_name(const gateway *gateway);
const char *gateway_visitor_name(const gateway *gateway);
/* (transfer full) The client's address; behind a trusted proxy the one it names. */
char *gateway_client_address(const gateway *gateway, struct lws *wsi);
