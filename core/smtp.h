/* SPDX-License-Identifier: EUPL-1.2 */
/* Sending one mail by SMTP (libcurl; RFC 5321, 8314). Blocks, so on a worker thread only. */
#pragma once
#include "core/error.h"

typedef enum {
	SMTP_TLS_REQUIRED, /* STARTTLS or smtps:, certificate checked; else nothing is sent */
	SMTP_TLS_NONE,     /* plain text; only for a server on this machine, refused for any other */
} smtp_tls;

typedef struct {
	const char *url;  /* "smtp://host:587" or "smtps://host:465" */
	const char *user; /* NULL: no sign-in */
	const char *password;
	smtp_tls tls;
	const char *ca_file;   /* PEM of the only trusted roots; NULL: the system's */
	guint timeout_ms;      /* of the whole; 0: 20000 */
	const gint *is_ending; /* atomic: when it becomes TRUE a try ends within about a second; may be NULL */
} smtp_server;

/* Hand over a complete MIME message (lines end with CR LF). `from` and `to` are bare addresses of the envelope.
 * FALSE with CORE_ERROR_REFUSED: the server said no for good (5xx); CORE_ERROR_NETWORK: try again later. */
gboolean smtp_send(
	const smtp_server *server, const char *from, const char *to, const char *message, size_t length, GError **error);
