/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/mailbox.h"

enum { MAIL_DEADLINE_MS = 15000, POLL_MS = 5000 };

char *mailbox_wait(client *mailbox, const char *address, const char *pattern, guint *last, GError **error)
{
	g_autoptr(GRegex) expression = g_regex_new(pattern, 0, 0, NULL);
	const gint64 deadline_us = g_get_monotonic_time() + MAIL_DEADLINE_MS * G_GINT64_CONSTANT(1000);
	g_autofree char *escaped = g_uri_escape_string(address, NULL, FALSE);
	while (g_get_monotonic_time() < deadline_us) {
		g_autofree char *path = g_strdup_printf("/api/mails?to=%s&after=%u&wait_ms=%d", escaped, *last, POLL_MS);
		g_autoptr(json_t) answer = client_http(mailbox, "GET", path, NULL, error);
		if (answer == NULL)
			return NULL;
		size_t i;
		json_t *mail;
		json_array_foreach(json_object_get(answer, "mails"), i, mail) {
			g_autoptr(GMatchInfo) match = NULL;
			*last = (guint)json_int(mail, "number");
			if (g_regex_match(expression, json_text(mail, "text"), 0, &match))
				return g_match_info_fetch(match, 1);
		}
	}
	g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_DEADLINE, "no mail with the expected text came to %s within %d s",
		address, MAIL_DEADLINE_MS / 1000);
	return NULL;
}
