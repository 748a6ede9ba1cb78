/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/appointment-private.h"
#include "booking/audit/log.h"
#include "booking/claim.h"
#include "booking/error.h"
#include "booking/limits.h"
#include "booking/link.h"
#include "booking/notice.h"
#include "booking/slot.h"
#include "booking/sql.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/id.h"
#include "core/json.h"

static const char *const state_names[APPOINTMENT_STATES] = {
	[APPOINTMENT_HELD] = "held",
	[APPOINTMENT_AWAITING_MAIL] = "awaiting_mail",
	[APPOINTMENT_CONFIRMED] = "confirmed",
	[APPOINTMENT_CHECKED_IN] = "checked_in",
	[APPOINTMENT_IN_SESSION] = "in_session",
	[APPOINTMENT_COMPLETED] = "completed",
	[APPOINTMENT_ABORTED] = "aborted",
	[APPOINTMENT_EXPIRED] = "expired",
	[APPOINTMENT_CANCELLED_BY_PERSON] = "cancelled_by_person",
	[APPOINTMENT_CANCELLED_BY_OFFICE] = "cancelled_by_office",
	[APPOINTMENT_NO_SHOW] = "no_show",
};

static const char *const event_actions[APPOINTMENT_EVENTS] = {
	[APPOINTMENT_BOOK] = "appointment.booked",
	[APPOINTMENT_EXTEND] = "appointment.extended",
	[APPOINTMENT_RELEASE] = "appointment.released",
	[APPOINTMENT_EXPIRE] = "appointment.expired",
	[APPOINTMENT_CONFIRM] = "appointment.confirmed",
	[APPOINTMENT_MOVE] = "appointment.moved",
	[APPOINTMENT_CHECK_IN] = "appointment.checked_in",
	[APPOINTMENT_PERFORM] = "appointment.assigned",
	[APPOINTMENT_START] = "appointment.started",
	[APPOINTMENT_REQUEUE] = "appointment.requeued",
	[APPOINTMENT_COMPLETE] = "appointment.completed",
	[APPOINTMENT_ABORT] = "appointment.aborted",
	[APPOINTMENT_CANCEL_BY_PERSON] = "appointment.cancelled_by_person",
	[APPOINTMENT_CANCEL_BY_OFFICE] = "appointment.cancelled_by_office",
	[APPOINTMENT_MISS] = "appointment.missed",
};

static const struct {
	appointment_state from;
	appointment_event event;
	appointment_state to;
} moves[] = {
	{ APPOINTMENT_HELD, APPOINTMENT_EXTEND, APPOINTMENT_HELD },
	{ APPOINTMENT_HELD, APPOINTMENT_BOOK, APPOINTMENT_AWAITING_MAIL },
	{ APPOINTMENT_HELD, APPOINTMENT_RELEASE, APPOINTMENT_EXPIRED },
	{ APPOINTMENT_HELD, APPOINTMENT_EXPIRE, APPOINTMENT_EXPIRED },
	{ APPOINTMENT_AWAITING_MAIL, APPOINTMENT_CONFIRM, APPOINTMENT_CONFIRMED },
	{ APPOINTMENT_AWAITING_MAIL, APPOINTMENT_EXPIRE, APPOINTMENT_EXPIRED },
	{ APPOINTMENT_AWAITING_MAIL, APPOINTMENT_CANCEL_BY_OFFICE, APPOINTMENT_CANCELLED_BY_OFFICE },
	{ APPOINTMENT_CONFIRMED, APPOINTMENT_MOVE, APPOINTMENT_CONFIRMED },
	{ APPOINTMENT_CONFIRMED, APPOINTMENT_CHECK_IN, APPOINTMENT_CHECKED_IN },
	{ APPOINTMENT_CONFIRMED, APPOINTMENT_CANCEL_BY_PERSON, APPOINTMENT_CANCELLED_BY_PERSON },
	{ APPOINTMENT_CONFIRMED, APPOINTMENT_CANCEL_BY_OFFICE, APPOINTMENT_CANCELLED_BY_OFFICE },
	{ APPOINTMENT_CONFIRMED, APPOINTMENT_MISS, APPOINTMENT_NO_SHOW },
	{ APPOINTMENT_CHECKED_IN, APPOINTMENT_PERFORM, APPOINTMENT_CHECKED_IN },
	{ APPOINTMENT_CHECKED_IN, APPOINTMENT_START, APPOINTMENT_IN_SESSION },
	{ APPOINTMENT_CHECKED_IN, APPOINTMENT_ABORT, APPOINTMENT_ABORTED },
	{ APPOINTMENT_CHECKED_IN, APPOINTMENT_CANCEL_BY_PERSON, APPOINTMENT_CANCELLED_BY_PERSON },
	{ APPOINTMENT_CHECKED_IN, APPOINTMENT_CANCEL_BY_OFFICE, APPOINTMENT_CANCELLED_BY_OFFICE },
	{ APPOINTMENT_IN_SESSION, APPOINTMENT_REQUEUE, APPOINTMENT_CHECKED_IN },
	{ APPOINTMENT_IN_SESSION, APPOINTMENT_COMPLETE, APPOINTMENT_COMPLETED },
	{ APPOINTMENT_IN_SESSION, APPOINTMENT_ABORT, APPOINTMENT_ABORTED },
};

const char *appointment_state_name(appointment_state state)
{
	return state_names[state];
}

gboolean appointment_next(appointment_state state, appointment_event event, appointment_state *next)
{
	for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
		if (moves[i].from == state && moves[i].event == event) {
			*next = moves[i].to;
			return TRUE;
		}
	}
	return FALSE;
}

static gboolean is_over(appointment_state state)
{
	return state >= APPOINTMENT_COMPLETED;
}

static appointment_state state_parse(const char *name)
{
	for (int state = 0; state < APPOINTMENT_STATES; state++) {
		if (strcmp(state_names[state], name) == 0)
			return (appointment_state)state;
	}
	g_error("the database holds an appointment in an unknown state");
}

/* --- load and store --- */

appointment *appointment_from_row(const db_rows *row)
{
	appointment *appointment = g_new0(struct appointment, 1);
	appointment->id = g_strdup(db_text(row, "id"));
	appointment->state = state_parse(db_text(row, "state"));
	appointment->revision = db_int(row, "revision");
	appointment->sequence = db_int(row, "sequence");
	appointment->responsible = g_strdup(db_text(row, "responsible"));
	appointment->performing = g_strdup(db_text(row, "performing"));
	appointment->agreement = g_strdup(db_text(row, "agreement"));
	appointment->performed_ms = db_int(row, "performed_ms");
	appointment->office = g_strdup(db_text(row, "office"));
	appointment->case_id = g_strdup(db_text(row, "case_id"));
	appointment->visitor = g_strdup(db_text(row, "visitor"));
	appointment->confirm_hash = g_strdup(db_text(row, "confirm_hash"));
	appointment->service_key = g_strdup(db_text(row, "service_key"));
	appointment->service_name_de = g_strdup(db_text(row, "service_name_de"));
	appointment->service_name_en = g_strdup(db_text(row, "service_name_en"));
	appointment->procedure = g_strdup(db_text(row, "procedure"));
	appointment->is_identifying = db_int(row, "is_identifying") != 0;
	appointment->person_count = (int)db_int(row, "person_count");
	appointment->fee_cent = (int)db_int(row, "fee_cent");
	appointment->start_ms = db_int(row, "start_ms");
	appointment->end_ms = db_int(row, "end_ms");
	appointment->is_together = db_int(row, "is_together") != 0;
	appointment->expires_ms = db_int(row, "expires_ms");
	appointment->extensions = db_int(row, "extensions");
	appointment->checked_in_ms = db_int(row, "checked_in_ms");
	return appointment;
}

void appointment_free(appointment *appointment)
{
	if (appointment == NULL)
		return;
	g_free(appointment->id);
	g_free(appointment->responsible);
	g_free(appointment->performing);
	g_free(appointment->agreement);
	g_free(appointment->office);
	g_free(appointment->case_id);
	g_free(appointment->visitor);
	g_free(appointment->confirm_hash);
	g_free(appointment->service_key);
	g_free(appointment->service_name_de);
	g_free(appointment->service_name_en);
	g_free(appointment->procedure);
	g_free(appointment);
}

/* Takes the rows. */
static appointment *only_one(db_rows *result, GError **error)
{
	g_autoptr(db_rows) rows = result;
	if (rows == NULL)
		return NULL;
	if (!db_next(rows)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND, "no such appointment");
		return NULL;
	}
	return appointment_from_row(rows);
}

appointment *appointment_load(db *db, const char *id, GError **error)
{
	return only_one(db_select(db, error, SQL_APPOINTMENT_GET, DB_TEXT("id", id)), error);
}

appointment *appointment_of_case(db *db, const char *case_id, GError **error)
{
	return only_one(db_select(db, error, SQL_APPOINTMENT_OF_CASE, DB_TEXT("case_id", case_id)), error);
}

static db_value int_or_null(const char *name, int64_t value)
{
	return value != 0 ? DB_INT(name, value) : DB_TEXT(name, NULL);
}

static gboolean swap(const booking_context *context, const appointment *appointment, appointment_state next, GError **error)
{
	int64_t changed = db_run(context->db, error, SQL_APPOINTMENT_SWAP, DB_TEXT("id", appointment->id),
		DB_TEXT("state", state_names[appointment->state]), DB_INT("revision", appointment->revision),
		DB_TEXT("next_state", state_names[next]), DB_INT("sequence", appointment->sequence),
		DB_TEXT("performing", appointment->performing), DB_TEXT("agreement", appointment->agreement),
		int_or_null("performed_ms", appointment->performed_ms), DB_TEXT("case_id", appointment->case_id),
		DB_TEXT("confirm_hash", appointment->confirm_hash), DB_INT("start_ms", appointment->start_ms),
		DB_INT("end_ms", appointment->end_ms), DB_INT("is_together", appointment->is_together),
		DB_INT("expires_ms", appointment->expires_ms), DB_INT("extensions", appointment->extensions),
		int_or_null("checked_in_ms", appointment->checked_in_ms));
	if (changed == 0)
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_STATE, "the appointment was changed meanwhile");
	return changed == 1;
}

static gboolean touch(const booking_context *context, const appointment *appointment, GError **error)
{
	store_touch(context->db, "desk:%s", appointment->responsible);
	if (strcmp(appointment->performing, appointment->responsible) != 0)
		store_touch(context->db, "desk:%s", appointment->performing);
	if (appointment->case_id == NULL)
		return TRUE;
	g_autoptr(GPtrArray) persons = person_list(context->db, appointment->case_id, error);
	for (guint i = 0; persons != NULL && i < persons->len; i++)
		store_touch(context->db, "person:%s", ((person *)g_ptr_array_index(persons, i))->id);
	return persons != NULL;
}

gboolean appointment_audit(
	const booking_context *context, const appointment *appointment, const char *action, json_t *details, GError **error)
{
	audit_entry entry = { .organisation = appointment->responsible,
		.actor = context->actor,
		.action = action,
		.subjects = { appointment->id, appointment->case_id },
		.details = details,
		.time_ms = context->now_ms };
	return audit_append(context->db, &entry, error) >= 0;
}

gboolean appointment_apply(
	const booking_context *context, appointment *appointment, appointment_event event, json_t *details, GError **error)
{
	appointment_state next;
	if (!appointment_next(appointment->state, event, &next)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_STATE, "not possible while %s", state_names[appointment->state]);
		return FALSE;
	}
	if (!swap(context, appointment, next, error))
		return FALSE;
	appointment->state = next;
	appointment->revision++;
	if (is_over(next)) {
		store_touch(context->db, "slots:%s", appointment->office);
		if (!claim_release(context, appointment->id, error))
			return FALSE;
	}
	return appointment_audit(context, appointment, event_actions[event], details, error) &&
	       touch(context, appointment, error);
}

json_t *appointment_service_json(const appointment *appointment, const char *language)
{
	gboolean is_english = g_strcmp0(language, "en") == 0;
	return json_pack("{s:s, s:s, s:s, s:i, s:b, s:i, s:i}", "key", appointment->service_key, "name",
		is_english ? appointment->service_name_en : appointment->service_name_de, "about", "", "duration_min",
		(int)((appointment->end_ms - appointment->start_ms) / CLOCK_MINUTE_MS), "is_identifying",
		appointment->is_identifying, "person_count", appointment->person_count, "fee_cent", appointment->fee_cent);
}

/* --- what people do --- */

static gboolean is_expired(const booking_context *context, const appointment *appointment)
{
	return appointment->expires_ms != 0 && appointment->expires_ms <= context->now_ms;
}

static char *today_at(const booking_context *context, const char *office, GError **error)
{
	g_autoptr(GTimeZone) zone = office_zone(context->db, office, error);
	return zone == NULL ? NULL : zone_day_text(zone_day_of(zone, context->now_ms));
}

static gboolean check_intake(
	const booking_context *context, const appointment *held, const person_intake *persons, size_t count, GError **error)
{
	g_autofree char *today = today_at(context, held->office, error);
	if (today == NULL)
		return FALSE;
	if (count != (size_t)held->person_count) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_INVALID, "persons: this service is for %d", held->person_count);
		return FALSE;
	}
	for (size_t i = 0; i < count; i++) {
		if (!person_intake_check(&persons[i], i, today, error))
			return FALSE;
	}
	if (count == 2 && strcmp(persons[0].given_names, persons[1].given_names) == 0 &&
		strcmp(persons[0].family_name, persons[1].family_name) == 0 &&
		strcmp(persons[0].birth_date, persons[1].birth_date) == 0) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_INVALID, "persons[1].given_names: this is the same person twice");
		return FALSE;
	}
	return TRUE;
}

/* One form of each letter, so that names compare and print alike: "é" is one character. */
static char *composed(const char *name)
{
	return name == NULL ? NULL : g_utf8_normalize(name, -1, G_NORMALIZE_DEFAULT_COMPOSE);
}

static gboolean insert_person(
	const booking_context *context, const char *case_id, const person_intake *intake, size_t index, GError **error)
{
	static const char *const roles[PERSONS_MAX] = { "partner_1", "partner_2" };
	g_autofree char *id = id_new("person");
	g_autofree char *given_names = composed(intake->given_names);
	g_autofree char *family_name = composed(intake->family_name);
	g_autofree char *birth_name = composed(intake->birth_name);
	return db_run(context->db, error, SQL_PERSON_INSERT, DB_TEXT("id", id), DB_TEXT("case_id", case_id),
		       DB_TEXT("role", roles[index]), DB_TEXT("given_names", given_names), DB_TEXT("family_name", family_name),
		       DB_TEXT("birth_name", birth_name), DB_TEXT("birth_date", intake->birth_date),
		       DB_TEXT("email", intake->email), DB_TEXT("phone", intake->phone), DB_TEXT("language", intake->language),
		       DB_TEXT("document_type", intake->document_type)) >= 0;
}

/* The mail that asks for confirmation goes to whatever address a visitor typed. */
static gboolean check_unconfirmed(const booking_context *context, const char *email, GError **error)
{
	g_autoptr(db_rows) rows = db_select(
		context->db, error, SQL_APPOINTMENT_UNCONFIRMED, DB_TEXT("email", email), DB_INT("now_ms", context->now_ms));
	if (rows == NULL || !db_next(rows))
		return FALSE;
	if (db_int(rows, "count") < UNCONFIRMED_MAX)
		return TRUE;
	g_set_error(
		error, BOOKING_ERROR, BOOKING_ERROR_LIMIT, "please confirm your other bookings first, by the links in the mails");
	return FALSE;
}

gboolean appointment_book(const booking_context *context, appointment *held, gboolean is_together, const person_intake *persons,
	size_t person_count, GError **error)
{
	if (held->state == APPOINTMENT_AWAITING_MAIL)
		return TRUE;
	if (held->state != APPOINTMENT_HELD || is_expired(context, held)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_EXPIRED, "the time is not held any more");
		return FALSE;
	}
	if (!check_intake(context, held, persons, person_count, error) || !check_unconfirmed(context, persons[0].email, error))
		return FALSE;
	g_autofree char *token = crypto_secret_new();
	held->case_id = id_new("case");
	held->confirm_hash = crypto_secret_hash(token);
	held->is_together = is_together || person_count == 1;
	held->expires_ms = MIN(context->now_ms + CONFIRM_MS, held->end_ms);
	if (db_run(context->db, error, SQL_CASE_INSERT, DB_TEXT("id", held->case_id), DB_TEXT("organisation", held->responsible),
		    DB_TEXT("office", held->office), DB_INT("now_ms", context->now_ms)) < 0)
		return FALSE;
	for (size_t i = 0; i < person_count; i++) {
		if (!insert_person(context, held->case_id, &persons[i], i, error))
			return FALSE;
	}
	if (!appointment_apply(context, held, APPOINTMENT_BOOK, NULL, error))
		return FALSE;
	g_autoptr(GPtrArray) inserted = person_list(context->db, held->case_id, error);
	return inserted != NULL &&
	       notice_queue(context, NOTICE_CONFIRM_REQUEST, held, g_ptr_array_index(inserted, 0), held->sequence, token, error);
}

/* Tell every person; with `has_link` each gets a new own link in it. */
static gboolean tell_everybody(
	const booking_context *context, const appointment *appointment, notice_kind kind, gboolean has_link, GError **error)
{
	g_autoptr(GPtrArray) persons = person_list(context->db, appointment->case_id, error);
	for (guint i = 0; persons != NULL && i < persons->len; i++) {
		const person *person = g_ptr_array_index(persons, i);
		g_autofree char *token = has_link ? link_rotate(context, person->id, error) : NULL;
		if ((has_link && token == NULL) ||
			!notice_queue(context, kind, appointment, person, appointment->sequence, token, error))
			return FALSE;
	}
	return persons != NULL;
}

appointment *appointment_confirm(const booking_context *context, const char *token, GError **error)
{
	g_autofree char *hash = crypto_secret_hash(token);
	g_autoptr(GError) missing = NULL;
	g_autoptr(appointment) appointment =
		only_one(db_select(context->db, error, SQL_APPOINTMENT_BY_CONFIRM_HASH, DB_TEXT("confirm_hash", hash)), &missing);
	if (appointment == NULL) {
		if (missing != NULL)
			g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_WRONG, "this link is not valid");
		return NULL;
	}
	if (appointment->state >= APPOINTMENT_CONFIRMED && appointment->state <= APPOINTMENT_COMPLETED)
		return g_steal_pointer(&appointment);
	if (appointment->state == APPOINTMENT_EXPIRED || is_expired(context, appointment)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_EXPIRED, "not confirmed in time");
		return NULL;
	}
	appointment->expires_ms = 0;
	if (!appointment_apply(context, appointment, APPOINTMENT_CONFIRM, NULL, error))
		return NULL;
	g_autoptr(GPtrArray) persons = person_list(context->db, appointment->case_id, error);
	if (persons == NULL)
		return NULL;
	const person *first = g_ptr_array_index(persons, 0);
	if (db_run(context->db, error, SQL_PERSON_CONFIRMED, DB_TEXT("id", first->id)) < 0 ||
		!tell_everybody(context, appointment, NOTICE_CONFIRMED, TRUE, error))
		return NULL;
	return g_steal_pointer(&appointment);
}

gboolean appointment_cancel(const booking_context *context, appointment *appointment, gboolean by_office, GError **error)
{
	appointment_event event = by_office ? APPOINTMENT_CANCEL_BY_OFFICE : APPOINTMENT_CANCEL_BY_PERSON;
	appointment->sequence++;
	return appointment_apply(context, appointment, event, NULL, error) &&
	       tell_everybody(context, appointment, NOTICE_CANCELLED, FALSE, error);
}

gboolean appointment_move(const booking_context *context, appointment *appointment, int64_t start_ms, GError **error)
{
	if (appointment->sequence >= MOVES_MAX) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_LIMIT, "moved too often");
		return FALSE;
	}
	g_autoptr(service) service = service_load(context->db, appointment->office, appointment->service_key, NULL, error);
	if (service == NULL)
		return FALSE;
	/* As it was booked, whatever the rules say today. */
	service->duration_min = (int)((appointment->end_ms - appointment->start_ms) / CLOCK_MINUTE_MS);
	if (!slot_check_offered(context->db, appointment->office, service, start_ms, context->now_ms, error) ||
		!claim_seat(context, appointment->id, appointment->office, service, start_ms, error))
		return FALSE;
	g_autoptr(json_t) details =
		json_pack("{s:I, s:I}", "from_ms", (json_int_t)appointment->start_ms, "to_ms", (json_int_t)start_ms);
	appointment->end_ms += start_ms - appointment->start_ms;
	appointment->start_ms = start_ms;
	appointment->sequence++;
	return appointment_apply(context, appointment, APPOINTMENT_MOVE, details, error) &&
	       tell_everybody(context, appointment, NOTICE_MOVED, TRUE, error);
}

gboolean appointment_perform(const booking_context *context, appointment *appointment, const char *agreement, GError **error)
{
	g_autofree char *performer = g_strdup(appointment->responsible);
	if (agreement != NULL) {
		g_autoptr(db_rows) rows = db_select(context->db, error, SQL_AGREEMENT_PERFORMER, DB_TEXT("agreement", agreement),
			DB_TEXT("responsible", appointment->responsible));
		if (rows == NULL)
			return FALSE;
		if (!db_next(rows)) {
			g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND, "no such agreement");
			return FALSE;
		}
		g_free(performer);
		performer = g_strdup(db_text(rows, "performer"));
	}
	g_free(appointment->performing);
	g_free(appointment->agreement);
	appointment->performing = g_steal_pointer(&performer);
	appointment->agreement = g_strdup(agreement);
	appointment->performed_ms = agreement != NULL ? context->now_ms : 0;
	g_autoptr(json_t) details = json_pack("{s:s, s:s?}", "performing", appointment->performing, "agreement", agreement);
	return appointment_apply(context, appointment, APPOINTMENT_PERFORM, details, error);
}
