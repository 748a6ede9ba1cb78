/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/calendar.h"
#include "booking/office.h"
#include "core/clock.h"
#include "core/json.h"

#define LINE_OCTETS 75 /* RFC 5545 section 3.1 */

static const char vtimezone[] = "BEGIN:VTIMEZONE\r\n"
				"TZID:Europe/Berlin\r\n"
				"BEGIN:DAYLIGHT\r\n"
				"DTSTART:19810329T020000\r\n"
				"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
				"TZOFFSETFROM:+0100\r\n"
				"TZOFFSETTO:+0200\r\n"
				"TZNAME:CEST\r\n"
				"END:DAYLIGHT\r\n"
				"BEGIN:STANDARD\r\n"
				"DTSTART:19961027T030000\r\n"
				"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
				"TZOFFSETFROM:+0200\r\n"
				"TZOFFSETTO:+0100\r\n"
				"TZNAME:CET\r\n"
				"END:STANDARD\r\n"
				"END:VTIMEZONE\r\n";

const char *calendar_method_name(calendar_method method)
{
	return method == CALENDAR_CANCEL ? "CANCEL" : "REQUEST";
}

/* One content line, folded without splitting a character. */
static void append_line(GString *out, const char *name, const char *value)
{
	g_autofree char *line = g_strconcat(name, ":", value, NULL);
	size_t column = 0;
	for (const char *at = line; *at != '\0'; at = g_utf8_next_char(at)) {
		size_t width = (size_t)(g_utf8_next_char(at) - at);
		if (column + width > LINE_OCTETS) {
			g_string_append(out, "\r\n ");
			column = 1;
		}
		g_string_append_len(out, at, (gssize)width);
		column += width;
	}
	g_string_append(out, "\r\n");
}

/* A TEXT value (RFC 5545 section 3.3.11). */
static void append_text(GString *out, const char *name, const char *text)
{
	g_autoptr(GString) value = g_string_new(NULL);
	for (; *text != '\0'; text++) {
		if (strchr("\\;,", *text) != NULL)
			g_string_append_c(value, '\\');
		if (*text == '\n')
			g_string_append(value, "\\n");
		else if ((guint8)*text >= ' ')
			g_string_append_c(value, *text);
	}
	append_line(out, name, value->str);
}

/* A calendar user; a parameter in quotes may hold anything but quotes and control characters. */
static void append_user(GString *out, const char *property, const char *name, const char *parameters, const char *address)
{
	g_autofree char *clean = g_strdelimit(g_strdup(name), "\"\r\n\t", ' ');
	g_autofree char *head = g_strdup_printf("%s;CN=\"%s\"%s", property, clean, parameters);
	g_autofree char *value = g_strconcat("mailto:", address, NULL);
	append_line(out, head, value);
}

/* Local with its VTIMEZONE where everybody is, else in UTC. */
static void append_instant(GString *out, const char *name, GTimeZone *zone, int64_t instant_ms)
{
	gboolean is_local = strcmp(g_time_zone_get_identifier(zone), "Europe/Berlin") == 0;
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(instant_ms / CLOCK_SECOND_MS);
	g_autoptr(GDateTime) shown = is_local ? g_date_time_to_timezone(utc, zone) : g_date_time_ref(utc);
	g_autofree char *value = g_date_time_format(shown, is_local ? "%Y%m%dT%H%M%S" : "%Y%m%dT%H%M%SZ");
	g_autofree char *head = g_strconcat(name, is_local ? ";TZID=Europe/Berlin" : "", NULL);
	append_line(out, head, value);
}

static void append_stamp(GString *out, int64_t now_ms)
{
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now_ms / CLOCK_SECOND_MS);
	g_autofree char *value = g_date_time_format(utc, "%Y%m%dT%H%M%SZ");
	append_line(out, "DTSTAMP", value);
}

char *calendar_new(const booking_context *context, calendar_method method, const appointment *appointment, const person *person,
	GError **error)
{
	g_autoptr(json_t) office = office_get(context->db, appointment->office, error);
	g_autoptr(GTimeZone) zone = office == NULL ? NULL : office_zone(context->db, appointment->office, error);
	if (zone == NULL)
		return NULL;
	gboolean is_english = strcmp(person->language, "en") == 0, is_cancel = method == CALENDAR_CANCEL;
	const char *office_name = json_text(office, "name");
	g_autofree char *summary = g_strdup_printf("%s %s", is_english ? "Appointment" : "Termin", office_name);
	g_autofree char *name = person_name(person);
	g_autofree char *sequence = g_strdup_printf("%" G_GINT64_FORMAT, appointment->sequence);

	GString *out = g_string_new("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Jawort//Jawort " JAWORT_VERSION "//DE\r\n");
	append_line(out, "METHOD", calendar_method_name(method));
	if (strcmp(g_time_zone_get_identifier(zone), "Europe/Berlin") == 0)
		g_string_append(out, vtimezone);
	append_line(out, "BEGIN", "VEVENT");
	append_line(out, "UID", appointment->id);
	append_line(out, "SEQUENCE", sequence);
	append_stamp(out, context->now_ms);
	append_instant(out, "DTSTART", zone, appointment->start_ms);
	append_instant(out, "DTEND", zone, appointment->end_ms);
	append_text(out, "SUMMARY", summary);
	append_text(out, "LOCATION", is_english ? "By video" : "Per Video");
	append_text(out, "DESCRIPTION",
		is_english ? "Your personal link is in the mail about this appointment."
			   : "Ihren persönlichen Link finden Sie in der E-Mail zu diesem Termin.");
	append_line(out, "CLASS", "PRIVATE");
	append_line(out, "STATUS", is_cancel ? "CANCELLED" : "CONFIRMED");
	append_line(out, "TRANSP", is_cancel ? "TRANSPARENT" : "OPAQUE");
	append_user(out, "ORGANIZER", office_name, "", context->settings->mail_from);
	append_user(out, "ATTENDEE", name, ";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE", person->email);
	g_string_append(out, "END:VEVENT\r\nEND:VCALENDAR\r\n");
	return g_string_free(out, FALSE);
}
