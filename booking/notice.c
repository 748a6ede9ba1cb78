/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/notice.h"
#include "booking/limits.h"
#include "booking/mail.h"
#include "booking/office.h"
#include "booking/sql.h"
#include "booking/template.h"
#include "booking/zone.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/json.h"

static const struct {
	const char *name; /* in the table, and of the text */
	const char *page; /* whose link the secret belongs to; NULL: no link with a secret */
	gboolean has_calendar;
	calendar_method method;
} kinds[] = {
	[NOTICE_CONFIRM_REQUEST] = { "confirm_request", "confirm", FALSE, 0 },
	[NOTICE_CONFIRMED] = { "confirmed", "visit", TRUE, CALENDAR_REQUEST },
	[NOTICE_MOVED] = { "moved", "visit", TRUE, CALENDAR_REQUEST },
	[NOTICE_CANCELLED] = { "cancelled", NULL, TRUE, CALENDAR_CANCEL },
	[NOTICE_REMINDER_DAY] = { "reminder_day", NULL, FALSE, 0 },
	[NOTICE_REMINDER_HOUR] = { "reminder_hour", NULL, FALSE, 0 },
	[NOTICE_TAN] = { "tan", NULL, FALSE, 0 },
	[NOTICE_REPORT_READY] = { "report_ready", NULL, FALSE, 0 },
};

const char *notice_kind_name(notice_kind kind)
{
	return kinds[kind].name;
}

/* (transfer full) The text of the notice; `*subject` and `*office_name` (transfer full). */
static char *write_text(const booking_context *context, notice_kind kind, const appointment *appointment, const person *person,
	const char *secret, char **subject, char **office_name, GError **error)
{
	g_autoptr(json_t) office = office_get(context->db, appointment->office, error);
	g_autoptr(GTimeZone) zone = office == NULL ? NULL : office_zone(context->db, appointment->office, error);
	if (zone == NULL)
		return NULL;
	gboolean is_english = strcmp(person->language, "en") == 0;
	const char *page = kinds[kind].page;
	g_autofree char *name = person_name(person);
	g_autofree char *when = zone_instant_text(zone, appointment->start_ms, person->language);
	g_autofree char *expires = zone_instant_text(zone, appointment->expires_ms, person->language);
	g_autofree char *link = page == NULL ? NULL : g_strdup_printf("%s/%s#%s", context->settings->public_url, page, secret);
	g_autofree char *minutes = g_strdup_printf("%d", (int)((appointment->end_ms - appointment->start_ms) / CLOCK_MINUTE_MS));
	*office_name = g_strdup(json_text(office, "name"));
	const template_value values[] = {
		{ "name", name },
		{ "office", *office_name },
		{ "organisation", json_text(office, "organisation") },
		{ "address", json_text(office, "address") },
		{ "phone", json_text(office, "phone") },
		{ "service", is_english ? appointment->service_name_en : appointment->service_name_de },
		{ "minutes", minutes },
		{ "when", when },
		{ "zone", g_time_zone_get_identifier(zone) },
		{ "expires", expires },
		{ "link", link },
		{ "tan", secret },
		{ NULL, NULL },
	};
	return template_fill(person->language, kinds[kind].name, values, subject);
}

gboolean notice_queue(const booking_context *context, notice_kind kind, const appointment *appointment, const person *person,
	int64_t revision, const char *secret, GError **error)
{
	g_autofree char *id = id_new("notice");
	g_autofree char *subject = NULL;
	g_autofree char *office_name = NULL;
	g_autofree char *text = write_text(context, kind, appointment, person, secret, &subject, &office_name, error);
	if (text == NULL)
		return FALSE;
	g_autofree char *calendar = NULL;
	if (kinds[kind].has_calendar) {
		calendar = calendar_new(context, kinds[kind].method, appointment, person, error);
		if (calendar == NULL)
			return FALSE;
	}
	g_autofree char *message = mail_text(&(mail){ .id = id,
		.from = context->settings->mail_from,
		.from_name = office_name,
		.to = person->email,
		.language = person->language,
		.subject = subject,
		.text = text,
		.calendar = calendar,
		.method = kinds[kind].method,
		.date_ms = context->now_ms });
	store_touch(context->db, "notices");
	return db_run(context->db, error, SQL_NOTICE_INSERT, DB_TEXT("id", id), DB_TEXT("appointment", appointment->id),
		       DB_INT("revision", revision), DB_TEXT("kind", kinds[kind].name), DB_TEXT("person", person->id),
		       DB_TEXT("recipient", person->email), DB_TEXT("mail", message), DB_INT("now_ms", context->now_ms)) >= 0;
}
