/* SPDX-License-Identifier: EUPL-1.2 */
/* A couple in a session at booking's small installation, and an officer who clicks. */
#pragma once
#include "../booking/fixture.h"
#include "booking/person.h"
#include "core/crypto.h"
#include "ident/attempt.h"
#include "ident/consent.h"
#include "ident/error.h"
#include "ident/mrz.h"
#include "ident/script.h"
#include "ident/sql.h"
#include "ident/tan.h"

static inline int run_ident_tests(void)
{
	store_migration all[20] = { 0 };
	guint count = 0;
	for (const store_migration *from = booking_migrations; from->number != 0; from++)
		all[count++] = *from;
	for (const store_migration *from = ident_migrations; from->number != 0; from++)
		all[count++] = *from;
	return run_tests_with(all);
}

#define SESSION "session_00000000000000000000000000"
#define OFFICER "staff:renate"

typedef struct {
	booking_context officer, person; /* who acts; both share db and clock */
	appointment *appointment;
	GPtrArray *persons;
	const char *erika; /* id of the first partner */
	char *mrz[4];      /* of her card */
} meeting;

/* Her card: issued 2021-11-01. */
static inline void make_card(meeting *meeting, const char *number)
{
	ident_mrz mrz = { .format = IDENT_MRZ_TD1,
		.code = "ID",
		.issuer = "D",
		.nationality = "D",
		.birth_date = "830812",
		.sex = '<',
		.expiry_date = "311031",
		.surname = "DVORAK GROSS",
		.given_names = "ERIKA ZOE" };
	g_strlcpy(mrz.number, number, sizeof(mrz.number));
	g_autoptr(GError) error = NULL;
	ident_mrz_write(&mrz, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < 3; i++) {
		g_free(meeting->mrz[i]);
		meeting->mrz[i] = g_strdup(mrz.lines[i]);
	}
}

static inline void meet(meeting *meeting, const booking_context *context)
{
	g_autoptr(GError) error = NULL;
	meeting->officer = meeting->person = *context;
	meeting->officer.actor = OFFICER;
	meeting->appointment = booked_at(context, NINE_MS, TRUE);
	meeting->persons = person_list(context->db, meeting->appointment->case_id, &error);
	g_assert_no_error(error);
	meeting->erika = ((person *)meeting->persons->pdata[0])->id;
	meeting->person.actor = meeting->erika;
	make_card(meeting, "LZ6311T47");
}

static inline void leave(meeting *meeting)
{
	appointment_free(meeting->appointment);
	g_ptr_array_unref(meeting->persons);
	for (guint i = 0; i < 3; i++)
		g_free(meeting->mrz[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(meeting, leave)

static inline void pass_time(meeting *meeting, int64_t by_ms)
{
	meeting->officer.now_ms += by_ms;
	meeting->person.now_ms += by_ms;
}

static inline void consent(meeting *meeting, const char *person)
{
	g_autoptr(GError) error = NULL;
	ident_consent_declare(&meeting->person, fixed.town, SESSION, person, IDENT_CONSENT_GIVEN, "recording-1", "de", &error);
	g_assert_no_error(error);
}

static inline char *try_start(meeting *meeting, const char *person, gboolean is_recording, GError **error)
{
	static const char *const nonces[] = { "00112233445566778899aabbccddeeff", NULL };
	const ident_attempt_facts facts = { SESSION, person, OFFICER, fixed.town, is_recording, nonces };
	return ident_attempt_start(&meeting->officer, &facts, error);
}

/* Consent and start. */
static inline char *started(meeting *meeting)
{
	g_autoptr(GError) error = NULL;
	consent(meeting, meeting->erika);
	char *attempt = try_start(meeting, meeting->erika, TRUE, &error);
	g_assert_no_error(error);
	return attempt;
}

static inline gboolean take_still(meeting *meeting, const char *attempt, const char *step, GError **error)
{
	static guint number;
	gboolean wants_mrz = FALSE;
	if (ident_check_capture_subject(meeting->officer.db, attempt, step, &wants_mrz, error) == NULL)
		return FALSE;
	g_autofree char *id = g_strdup_printf("still_%u", number++);
	g_autofree char *sha256 = crypto_sha256_hex(id, strlen(id));
	const ident_still still = { id, "file.age", sha256, 1280, 720, 120, 300,
		wants_mrz ? (const char *const *)meeting->mrz : NULL };
	return ident_check_capture(&meeting->officer, attempt, step, &still, error);
}

/* (transfer full) The step that is due; NULL when none is. */
static inline char *due_step(const meeting *meeting, const char *id)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ident_attempt) attempt = ident_attempt_load(meeting->officer.db, id, &error);
	g_assert_no_error(error);
	g_autoptr(GPtrArray) checks = ident_checks_load(meeting->officer.db, id, attempt->procedure, &error);
	g_assert_no_error(error);
	const ident_check *due = ident_script_due(checks);
	return due != NULL ? g_strdup(due->step) : NULL;
}

/* (transfer full) The six digits in the newest mail. */
static inline char *mailed_tan(const meeting *meeting)
{
	g_autofree char *mail = queued_mail(&meeting->officer, meeting->appointment->id, "tan", erika.email);
	g_assert_nonnull(mail);
	g_autoptr(GRegex) six = g_regex_new("\\b[0-9]{6}\\b|\\b[0-9]{3} [0-9]{3}\\b", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	const char *body = strstr(mail, "\r\n\r\n");
	g_assert_true(g_regex_match(six, body != NULL ? body : mail, 0, &match));
	g_autofree char *found = g_match_info_fetch(match, 0);
	g_autoptr(GString) digits = g_string_new(found);
	g_string_replace(digits, " ", "", 0);
	return g_strdup(digits->str);
}

static inline void send_and_enter_tan(meeting *meeting, const char *attempt)
{
	g_autoptr(GError) error = NULL;
	gboolean is_right = FALSE;
	guint tries_left;
	ident_tan_send(&meeting->officer, attempt, &error);
	g_assert_no_error(error);
	g_autofree char *tan = mailed_tan(meeting);
	ident_tan_enter(&meeting->person, attempt, tan, &is_right, &tries_left, &error);
	g_assert_no_error(error);
	g_assert_true(is_right);
}

/* Do what the due step asks for, as an honest person and a careful officer would. */
static inline void do_step(meeting *meeting, const char *attempt, const char *step)
{
	g_autoptr(GError) error = NULL;
	const char *answer = NULL;
	gboolean wants_mrz;
	pass_time(meeting, 1000);
	if (strcmp(step, "tan") == 0) {
		send_and_enter_tan(meeting, attempt);
		return;
	}
	if (strcmp(step, "number") == 0)
		answer = "LZ 6311 T47";
	if (strcmp(step, "validity") == 0)
		answer = "2021-11-01";
	if (ident_check_capture_subject(meeting->officer.db, attempt, step, &wants_mrz, NULL) != NULL) {
		take_still(meeting, attempt, step, &error);
		g_assert_no_error(error);
	}
	ident_check_record(&meeting->officer, attempt, step, "pass", answer, &error);
	g_assert_no_error(error);
}

/* Play the script until `step` is due, or, with NULL, to its end. */
static inline void play_until(meeting *meeting, const char *attempt, const char *step)
{
	for (guint i = 0; i < 100; i++) {
		g_autofree char *due = due_step(meeting, attempt);
		if (g_strcmp0(due, step) == 0)
			return;
		g_assert_nonnull(due);
		do_step(meeting, attempt, due);
	}
	g_assert_not_reached();
}

#define assert_rule(error, rule)                                                                                                 \
	do {                                                                                                                     \
		g_assert_error((error), IDENT_ERROR, IDENT_ERROR_RULE);                                                          \
		g_assert_cmpstr(ident_error_rule(error), ==, (rule));                                                            \
		g_clear_error(&(error));                                                                                         \
	} while (0)
