/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/mail.h"
#include "core/clock.h"
#include "core/crypto.h"

#define WORD_BYTES 42 /* of text in one encoded word: 75 characters with its frame (RFC 2047 section 2) */

static gboolean is_plain(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((guint8)*text >= 0x7f || (guint8)*text < ' ' || strchr("\"\\<>()[]:;@,=?", *text) != NULL)
			return FALSE;
	}
	return TRUE;
}

/* A header's text: as it is, or in encoded words that never split a character. */
static void append_words(GString *out, const char *text)
{
	if (is_plain(text) && strlen(text) <= 60) {
		g_string_append(out, text);
		return;
	}
	for (const char *at = text; *at != '\0';) {
		const char *end = at;
		while (*end != '\0' && g_utf8_next_char(end) - at <= WORD_BYTES)
			end = g_utf8_next_char(end);
		g_autofree char *word = crypto_base64(at, (size_t)(end - at));
		g_string_append_printf(out, "%s=?utf-8?B?%s?=", at == text ? "" : "\r\n ", word);
		at = end;
	}
}

/* Quoted-printable (RFC 2045 section 6.7); LF and CR LF both become CR LF. */
static void append_quoted(GString *out, const char *text)
{
	size_t column = 0;
	for (const guint8 *at = (const guint8 *)text; *at != '\0'; at++) {
		if (*at == '\n' || (*at == '\r' && at[1] == '\n')) {
			at += *at == '\r';
			g_string_append(out, "\r\n");
			column = 0;
			continue;
		}
		gboolean is_last = at[1] == '\n' || at[1] == '\r' || at[1] == '\0';
		gboolean is_literal = (*at > ' ' && *at < 0x7f && *at != '=') || (*at == ' ' && !is_last);
		size_t width = is_literal ? 1 : 3;
		if (column + width > 75) {
			g_string_append(out, "=\r\n");
			column = 0;
		}
		g_string_append_printf(out, is_literal ? "%c" : "=%02X", *at);
		column += width;
	}
	g_string_append(out, "\r\n");
}

static void append_date(GString *out, int64_t date_ms)
{
	static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
		"Dec" };
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(date_ms / CLOCK_SECOND_MS);
	g_string_append_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", weekdays[g_date_time_get_day_of_week(utc) - 1],
		g_date_time_get_day_of_month(utc), months[g_date_time_get_month(utc) - 1], g_date_time_get_year(utc),
		g_date_time_get_hour(utc), g_date_time_get_minute(utc), g_date_time_get_second(utc));
}

static void append_part(GString *out, const char *type, const char *text)
{
	g_string_append_printf(
		out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", type);
	append_quoted(out, text);
}

char *mail_text(const mail *mail)
{
	const char *domain = strchr(mail->from, '@');
	GString *out = g_string_new("From: ");
	append_words(out, mail->from_name);
	g_string_append_printf(out, " <%s>\r\nTo: <%s>\r\nSubject: ", mail->from, mail->to);
	append_words(out, mail->subject);
	g_string_append(out, "\r\n");
	append_date(out, mail->date_ms);
	g_string_append_printf(out,
		"Message-ID: <%s%s>\r\nAuto-Submitted: auto-generated\r\nContent-Language: %s\r\nMIME-Version: 1.0\r\n", mail->id,
		domain != NULL ? domain : "@localhost", mail->language);
	if (mail->calendar == NULL) {
		append_part(out, "text/plain", mail->text);
		return g_string_free(out, FALSE);
	}
	/* "=_" cannot occur in quoted-printable text. */
	g_autofree char *boundary = g_strdup_printf("=_%s", mail->id);
	g_autofree char *type = g_strdup_printf("text/calendar; method=%s", calendar_method_name(mail->method));
	g_string_append_printf(
		out, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n--%s\r\n", boundary, boundary);
	append_part(out, "text/plain", mail->text);
	g_string_append_printf(out, "--%s\r\n", boundary);
	append_part(out, type, mail->calendar);
	g_string_append_printf(out, "--%s--\r\n", boundary);
	return g_string_free(out, FALSE);
}
