/* SPDX-License-Identifier: EUPL-1.2 */
/* A client for HTTP(S): one request, one answer (libcurl). Blocks, so on a worker thread only.
 *
 * Redirects are not followed and only http: and https: are spoken. Certificates are always checked. */
#pragma once
#include "core/error.h"

typedef struct {
	const char *method; /* NULL: GET, or POST when there is a body */
	const char *url;
	const char *const *headers; /* "Name: value", NULL ends; may be NULL */
	const void *body;           /* may be NULL */
	size_t body_length;
	guint timeout_ms;    /* of the whole; 0: 10000 */
	size_t max_bytes;    /* of the answer's body; 0: 1 MiB; more is CORE_ERROR_LIMIT */
	const char *ca_file; /* PEM of the only trusted roots; NULL: the system's */
} http_request;

typedef struct http_response http_response;

/* Returns (transfer full) the answer, whatever its status; or NULL with CORE_ERROR_NETWORK, _LIMIT or _FORMAT (bad URL). */
http_response *http_send(const http_request *request, GError **error);
guint http_response_status(const http_response *response);
/* Ends with a NUL that is not counted; lives as long as the response. */
const char *http_response_body(const http_response *response, size_t *length);
/* The last header of this name, case ignored, or NULL. */
const char *http_response_header(const http_response *response, const char *name);
void http_response_free(http_response *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(http_response, http_response_free)
