/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/curl-private.h"
#include "core/error.h"

CURL *curl_private_new(const char *url, const char *protocols, guint timeout_ms, const char *ca_file)
{
	static gsize is_ready;
	if (g_once_init_enter(&is_ready)) {
		curl_global_init(CURL_GLOBAL_DEFAULT);
		g_once_init_leave(&is_ready, 1);
	}
	CURL *curl = curl_easy_init();
	if (curl == NULL)
		g_error("libcurl has no memory");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "jawort/" JAWORT_VERSION);
	if (ca_file != NULL) {
		curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
	return curl;
}

gboolean curl_private_perform(CURL *curl, GError **error)
{
	char *url = NULL, *host = NULL;
	CURLcode result = curl_easy_perform(curl);
	if (result == CURLE_OK)
		return TRUE;
	core_error code = result == CURLE_WRITE_ERROR                                             ? CORE_ERROR_LIMIT
			  : result == CURLE_URL_MALFORMAT || result == CURLE_UNSUPPORTED_PROTOCOL ? CORE_ERROR_FORMAT
												  : CORE_ERROR_NETWORK;
	CURLU *parts = curl_url();
	curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &url);
	if (url != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK)
		curl_url_get(parts, CURLUPART_HOST, &host, 0);
	g_set_error(error, CORE_ERROR, (gint)code, "%s: %s.", host != NULL ? host : "The address",
		code == CORE_ERROR_LIMIT ? "the answer is too large" : curl_easy_strerror(result));
	curl_free(host);
	curl_url_cleanup(parts);
	return FALSE;
}
