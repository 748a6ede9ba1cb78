/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/unit/booking/fixture.h"
#include <gio/gio.h>

/* (transfer full) What Python's mail and calendar packages find in a queued mail (tests/integration/booking/read_mail.py). */
static json_t *read_mail(const booking_context *context, const appointment *appointment, const char *kind, const char *address)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(db_rows) rows = db_select(context->db, &error,
		"SELECT mail FROM notice WHERE appointment = $appointment AND kind = $kind AND recipient = $address",
		DB_TEXT("appointment", appointment->id), DB_TEXT("kind", kind), DB_TEXT("address", address));
	g_assert_no_error(error);
	g_assert_true(db_next(rows));
	for (const char *at = db_text(rows, "mail"); *at != '\0'; at++)
		g_assert_true((*at >= ' ' && *at < 0x7f) || *at == '\n' || *at == '\r');

	g_autoptr(GSubprocess) reader = g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
		"/usr/bin/python3", TESTS_FOLDER "/integration/booking/read_mail.py", NULL);
	g_assert_no_error(error);
	g_autofree char *out = NULL;
	g_subprocess_communicate_utf8(reader, db_text(rows, "mail"), NULL, &out, NULL, &error);
	g_assert_no_error(error);
	g_assert_true(g_subprocess_get_successful(reader));
	json_t *found = json_read(out, strlen(out), 65536, 5, &error);
	g_assert_no_error(error);
	g_assert_cmpint(json_array_size(json_object_get(found, "defects")), ==, 0);
	return found;
}

static void assert_text(const json_t *found, const char *key, const char *expected)
{
	g_assert_cmpstr(json_text(found, key), ==, expected);
}

static void test_confirm_request(booking_context *context)
{
	g_autoptr(appointment) booked = booked_at(context, NINE_MS, TRUE);
	g_autoptr(json_t) mail = read_mail(context, booked, "confirm_request", erika.email);
	assert_text(mail, "from", "termin@example.de");
	assert_text(mail, "from_name", "Standesamt Prüfstadt");
	assert_text(mail, "to", "erika@example.org");
	assert_text(mail, "subject", "Bitte bestätigen Sie Ihren Termin");
	assert_text(mail, "date", "2027-03-01T06:00:00+00:00");
	g_assert_null(json_object_get(mail, "calendar"));
	const char *text = json_text(mail, "text");
	g_assert_nonnull(strstr(text, "Guten Tag Erika Zoë Dvořák-Groß,"));
	g_assert_nonnull(strstr(text, "Montag, 1. März 2027, 09:00 Uhr (Europe/Berlin), 30 Minuten"));
	g_assert_nonnull(strstr(text, "bis Montag, 1. März 2027, 08:00 Uhr"));
	g_assert_nonnull(strstr(text, "https://termin.example.de/confirm#"));
}

static void test_confirmed_with_calendar(booking_context *context)
{
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, TRUE);
	g_autoptr(json_t) mail = read_mail(context, confirmed, "confirmed", john.email);
	assert_text(mail, "subject", "Your appointment on Monday, 1 March 2027, 09:00");
	g_assert_nonnull(strstr(json_text(mail, "text"), "https://termin.example.de/visit#"));
	const json_t *calendar = json_object_get(mail, "calendar");
	assert_text(calendar, "mime_method", "REQUEST");
	assert_text(calendar, "method", "REQUEST");
	assert_text(calendar, "uid", confirmed->id);
	g_assert_cmpint(json_int(calendar, "sequence"), ==, 0);
	assert_text(calendar, "status", "CONFIRMED");
	assert_text(calendar, "class", "PRIVATE");
	assert_text(calendar, "summary", "Appointment Standesamt Prüfstadt");
	assert_text(calendar, "start", "2027-03-01T09:00:00+01:00");
	assert_text(calendar, "end", "2027-03-01T09:30:00+01:00");
	assert_text(calendar, "organizer", "mailto:termin@example.de");
	assert_text(calendar, "attendee", "mailto:john@example.org");
	assert_text(calendar, "attendee_name", "John O’Neill");
	g_assert_cmpint(json_int(calendar, "longest_line"), <=, 75);
	g_assert_cmpint(json_array_size(json_object_get(calendar, "errors")), ==, 0);
}

static void test_summer_time_in_calendar(booking_context *context)
{
	int64_t start_ms = MONDAY_MS + 28 * DAY_MS + 25 * HOUR_MS; /* Tuesday after Easter, in summer time */
	g_autoptr(appointment) confirmed = confirmed_at(context, start_ms, TRUE);
	g_autoptr(json_t) mail = read_mail(context, confirmed, "confirmed", erika.email);
	assert_text(json_object_get(mail, "calendar"), "start", "2027-03-30T09:00:00+02:00");
}

static void test_cancelled(booking_context *context)
{
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, TRUE);
	g_assert_true(appointment_cancel(context, confirmed, TRUE, NULL));
	g_autoptr(json_t) mail = read_mail(context, confirmed, "cancelled", erika.email);
	const json_t *calendar = json_object_get(mail, "calendar");
	assert_text(calendar, "mime_method", "CANCEL");
	assert_text(calendar, "method", "CANCEL");
	assert_text(calendar, "status", "CANCELLED");
	assert_text(calendar, "uid", confirmed->id);
	g_assert_cmpint(json_int(calendar, "sequence"), ==, 1);
	g_assert_null(strstr(json_text(mail, "text"), "visit#"));
}

static void test_exactly_once(booking_context *context)
{
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, TRUE);
	g_autoptr(GPtrArray) persons = person_list(context->db, confirmed->case_id, NULL);
	int64_t before = count_rows(context, "SELECT COUNT(*) AS count FROM notice");
	for (int i = 0; i < 3; i++)
		g_assert_true(notice_queue(context, NOTICE_TAN, confirmed, persons->pdata[1], 1, "123456", NULL));
	g_assert_true(notice_queue(context, NOTICE_TAN, confirmed, persons->pdata[1], 2, "654321", NULL));
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM notice"), ==, before + 2);
}

/* Every kind has its text in every language, and no place is left open in it. */
static void test_all_texts(booking_context *context)
{
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, TRUE);
	g_autoptr(GPtrArray) persons = person_list(context->db, confirmed->case_id, NULL);
	for (int kind = 0; kind <= NOTICE_REPORT_READY; kind++) {
		for (guint i = 0; i < persons->len; i++) {
			const person *person = persons->pdata[i];
			g_assert_true(notice_queue(context, (notice_kind)kind, confirmed, person, 77, "123456", NULL));
			g_autofree char *mail =
				queued_mail(context, confirmed->id, notice_kind_name((notice_kind)kind), person->email);
			g_assert_nonnull(strstr(mail, "Standesamt Pr"));
			g_assert_null(strchr(mail, '{'));
			g_assert_true((strstr(mail, "\r\n    123456\r\n") != NULL) == (kind == NOTICE_TAN));
		}
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/notice/confirm-request", test_confirm_request);
	ADD_TEST("/notice/confirmed-with-calendar", test_confirmed_with_calendar);
	ADD_TEST("/notice/summer-time-in-calendar", test_summer_time_in_calendar);
	ADD_TEST("/notice/cancelled", test_cancelled);
	ADD_TEST("/notice/exactly-once", test_exactly_once);
	ADD_TEST("/notice/all-texts", test_all_texts);
	return run_tests_on_installation();
}
