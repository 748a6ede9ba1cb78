/* SPDX-License-Identifier: EUPL-1.2 */
/* The small installation that booking's tests work on (installation.json), in a database of its own.
 *
 * A test runs as one write job whose changes are undone after it: each begins with the same installation. */
#pragma once
#include "booking/agreement.h"
#include "booking/claim.h"
#include "booking/demo.h"
#include "booking/error.h"
#include "booking/hold.h"
#include "booking/limits.h"
#include "booking/link.h"
#include "booking/notice.h"
#include "booking/slot.h"
#include "booking/sql.h"
#include "booking/staff.h"
#include "booking/waiting.h"
#include "core/clock.h"
#include "core/json.h"
#include <glib/gstdio.h>
#include <string.h>

/* Monday 1 March 2027, 7:00 in Berlin. */
#define MONDAY_MS INT64_C(1803880800000)
#define MINUTE_MS CLOCK_MINUTE_MS
#define HOUR_MS ((int64_t)CLOCK_HOUR_MS)
#define DAY_MS ((int64_t)CLOCK_DAY_MS)

static const booking_settings test_settings = { "https://termin.example.de", "termin@example.de" };

typedef struct {
	store *store;
	char *folder;
	/* ids of installation.json */
	char *town, *help, *hall, *large;
} fixture;
static fixture fixed;

typedef void (*test_in_job)(booking_context *context);

static gboolean run_test(db *db, gpointer data, GError **error)
{
	booking_context context = { db, MONDAY_MS, "system", &test_settings };
	((test_in_job)data)(&context);
	g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_STATE, "undo what the test did");
	return FALSE;
}

static inline void in_job(gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_assert_false(store_write_wait(fixed.store, run_test, (gpointer)data, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_STATE);
}
#define ADD_TEST(path, test) g_test_add_data_func(path, (gconstpointer)(test), in_job)

static inline void remove_folder(const char *path)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	for (const char *name; (name = g_dir_read_name(folder)) != NULL;) {
		g_autofree char *child = g_build_filename(path, name, NULL);
		g_assert_cmpint(g_unlink(child), ==, 0);
	}
	g_rmdir(path);
}

static inline int run_tests_with(const store_migration *migrations)
{
	g_autoptr(GError) error = NULL;
	fixed.folder = g_dir_make_tmp("booking-XXXXXX", &error);
	g_assert_no_error(error);
	fixed.store = store_open("sqlite::memory:", migrations, &error);
	g_assert_no_error(error);
	json_t *sign_ins =
		demo_load(fixed.store, TESTS_FOLDER "/unit/booking/installation.json", fixed.folder, MONDAY_MS, &error);
	g_assert_no_error(error);
	json_decref(sign_ins);
	fixed.town = demo_id("organisation", "town");
	fixed.help = demo_id("organisation", "help");
	fixed.hall = demo_id("office", "hall");
	fixed.large = demo_id("office", "large");
	int status = g_test_run();
	store_close(fixed.store);
	remove_folder(fixed.folder);
	g_free(fixed.folder);
	g_free(fixed.town);
	g_free(fixed.help);
	g_free(fixed.hall);
	g_free(fixed.large);
	return status;
}

static inline int run_tests_on_installation(void)
{
	return run_tests_with(booking_migrations);
}

/* --- what many tests begin with --- */

static const person_intake erika = { "Erika Zoë", "Dvořák-Groß", "Mustermann", "1983-08-12", "erika@example.org", NULL, "de",
	"id_card" };
static const person_intake john = { "John", "O’Neill", NULL, "1981-02-27", "john@example.org", "+49 151 1234567", "en",
	"passport" };

/* A start that the hall offers for a marriage: Monday 9:00. */
#define NINE_MS (MONDAY_MS + 2 * HOUR_MS)

static inline appointment *held_at(const booking_context *context, const char *visitor, int64_t start_ms)
{
	g_autoptr(GError) error = NULL;
	appointment *hold = hold_new(context, visitor, NULL, fixed.hall, "marriage", start_ms, visitor, &error);
	g_assert_no_error(error);
	return hold;
}

/* The same, when only the seat matters. */
static inline void take_seat(const booking_context *context, const char *visitor, int64_t start_ms)
{
	appointment_free(held_at(context, visitor, start_ms));
}

static inline appointment *booked_at(const booking_context *context, int64_t start_ms, gboolean is_together)
{
	g_autofree char *visitor = g_strdup_printf("visitor-%" G_GINT64_FORMAT, start_ms);
	appointment *appointment = held_at(context, visitor, start_ms);
	const person_intake couple[] = { erika, john };
	g_autoptr(GError) error = NULL;
	appointment_book(context, appointment, is_together, couple, 2, &error);
	g_assert_no_error(error);
	return appointment;
}

/* (transfer full) The text of a queued mail, its soft line ends joined; NULL when there is none. */
static inline char *queued_mail(const booking_context *context, const char *appointment, const char *kind, const char *address)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(db_rows) rows = db_select(context->db, &error,
		"SELECT mail FROM notice WHERE appointment = $appointment AND kind = $kind AND recipient = $address ORDER BY "
		"revision DESC",
		DB_TEXT("appointment", appointment), DB_TEXT("kind", kind), DB_TEXT("address", address));
	g_assert_no_error(error);
	if (!db_next(rows))
		return NULL;
	g_auto(GStrv) lines = g_strsplit(db_text(rows, "mail"), "=\r\n", -1);
	return g_strjoinv("", lines);
}

/* (transfer full) The token after "PAGE#" in a queued mail. */
static inline char *token_in_mail(
	const booking_context *context, const char *appointment, const char *kind, const char *address, const char *page)
{
	g_autofree char *mail = queued_mail(context, appointment, kind, address);
	g_assert_nonnull(mail);
	g_autofree char *before = g_strconcat("/", page, "#", NULL);
	const char *token = strstr(mail, before);
	g_assert_nonnull(token);
	token += strlen(before);
	return g_strndup(token, strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"));
}

static inline appointment *confirmed_at(const booking_context *context, int64_t start_ms, gboolean is_together)
{
	g_autoptr(appointment) booked = booked_at(context, start_ms, is_together);
	g_autofree char *token = token_in_mail(context, booked->id, "confirm_request", erika.email, "confirm");
	g_autoptr(GError) error = NULL;
	appointment *confirmed = appointment_confirm(context, token, &error);
	g_assert_no_error(error);
	return confirmed;
}

static inline int64_t count_rows(const booking_context *context, const char *sql)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(db_rows) rows = db_select(context->db, &error, sql);
	g_assert_no_error(error);
	g_assert_true(db_next(rows));
	return db_int(rows, "count");
}
