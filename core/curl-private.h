/* SPDX-License-Identifier: EUPL-1.2 */
/* What http.c and smtp.c share of libcurl. */
#pragma once
#include <curl/curl.h>
#include <glib.h>

/* (transfer full) A handle that speaks only `protocols`, follows no redirect, sends no signals and checks certificates. */
CURL *curl_private_new(const char *url, const char *protocols, guint timeout_ms, const char *ca_file);
/* FALSE with CORE_ERROR_NETWORK, _LIMIT or _FORMAT. The message names the host, never user or password. */
gboolean curl_private_perform(CURL *curl, GError **error);
