/* SPDX-License-Identifier: EUPL-1.2 */
/* One HTTP request and its answer: a file of the site, an operation under /api/v1, health or metrics.
 * Thread: the loop's; the functions are what libwebsockets' callbacks become. */
#pragma once
#include "signaling/gateway.h"

#include <libwebsockets.h>

typedef struct http_stream http_stream;

/* The headers have come. NULL: nothing to be said, close. */
http_stream *http_stream_new(gateway *gateway, struct lws *wsi, const char *path);
/* More of the body, and its end. Negative: close the connection. */
int http_stream_body(http_stream *stream, const void *data, size_t length);
int http_stream_body_end(http_stream *stream);
/* The socket takes more. Negative: close; HTTP_STREAM_DONE: all is sent, the connection waits for its next request. */
#define HTTP_STREAM_DONE 1
int http_stream_writable(http_stream *stream);
void http_stream_free(http_stream *stream);

/* (transfer full) A header of the request, NULL when it is missing. */
char *http_header_text(struct lws *wsi, enum lws_token_indexes token);
/* (transfer full) The value of one cookie of the request; NULL also when it cannot be one of ours. */
char *http_cookie(struct lws *wsi, const char *name);
