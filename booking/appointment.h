/* SPDX-License-Identifier: EUPL-1.2 */
/* An appointment: reserved capacity at a time, for one service, at one office.
 *
 *     held -> awaiting_mail -> confirmed -> checked_in -> in_session -> completed | aborted
 *     aside: expired, cancelled_by_person, cancelled_by_office, no_show
 *
 * Legal moves are one table (appointment.c). A change of state compares and swaps (state, revision), appends to the
 * responsible organisation's audit log and touches "person:ID" of each person and "desk:ORGANISATION", all in the caller's
 * transaction. Moving to another time keeps id, state and iCalendar UID, and raises `sequence`.
 * Thread: inside a job. */
#pragma once
#include "booking/context.h"

typedef enum {
	APPOINTMENT_HELD,
	APPOINTMENT_AWAITING_MAIL,
	APPOINTMENT_CONFIRMED,
	APPOINTMENT_CHECKED_IN,
	APPOINTMENT_IN_SESSION,
	APPOINTMENT_COMPLETED,
	APPOINTMENT_ABORTED,
	APPOINTMENT_EXPIRED,
	APPOINTMENT_CANCELLED_BY_PERSON,
	APPOINTMENT_CANCELLED_BY_OFFICE,
	APPOINTMENT_NO_SHOW,
} appointment_state;
#define APPOINTMENT_STATES (APPOINTMENT_NO_SHOW + 1)

typedef enum {
	APPOINTMENT_BOOK,     /* the form was sent: held -> awaiting_mail */
	APPOINTMENT_RELEASE,  /* the visitor gave the hold back */
	APPOINTMENT_EXPIRE,   /* the clock did */
	APPOINTMENT_CONFIRM,  /* the link in the mail was followed */
	APPOINTMENT_MOVE,     /* another time */
	APPOINTMENT_CHECK_IN, /* everybody needed is in the waiting room */
	APPOINTMENT_START,    /* an officer was drawn: checked_in -> in_session */
	APPOINTMENT_REQUEUE,  /* the session broke or was handed back; the place is kept: in_session -> checked_in */
	APPOINTMENT_COMPLETE,
	APPOINTMENT_ABORT,
	APPOINTMENT_CANCEL_BY_PERSON,
	APPOINTMENT_CANCEL_BY_OFFICE,
	APPOINTMENT_MISS,    /* nobody came */
	APPOINTMENT_EXTEND,  /* the hold gets more time */
	APPOINTMENT_PERFORM, /* another organisation serves it, or the own one again */
} appointment_event;
#define APPOINTMENT_EVENTS (APPOINTMENT_PERFORM + 1)

typedef struct appointment {
	char *id;
	appointment_state state;
	int64_t revision;     /* raised by every change */
	int64_t sequence;     /* iCalendar SEQUENCE: raised by moving and cancelling */
	char *responsible;    /* organisation whose matter it is */
	char *performing;     /* organisation whose officer serves it; the responsible one until an agreement takes it over */
	char *agreement;      /* by which one, or NULL */
	int64_t performed_ms; /* since when, else 0 */
	char *office;
	char *case_id;      /* NULL while held */
	char *visitor;      /* hash of the visitor who holds it */
	char *confirm_hash; /* of the token in the first mail, or NULL */
	char *service_key;  /* facts of the service as they were when booked: */
	char *service_name_de;
	char *service_name_en;
	char *procedure;
	gboolean is_identifying;
	int person_count;
	int fee_cent;
	int64_t start_ms;
	int64_t end_ms;
	gboolean is_together;  /* all partners at one device */
	int64_t expires_ms;    /* of a hold or an unconfirmed booking, else 0 */
	int64_t extensions;    /* of the hold, so far */
	int64_t checked_in_ms; /* first time, else 0: kept through everything, it is the place in the queue */
} appointment;

/* (transfer full), NULL with BOOKING_ERROR_NOT_FOUND. The caller checks whose it is. */
appointment *appointment_load(db *db, const char *id, GError **error);
/* (transfer full) The appointment of a case. */
appointment *appointment_of_case(db *db, const char *case_id, GError **error);
void appointment_free(appointment *appointment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(appointment, appointment_free)

/* (transfer full) Protocol type "service", from the facts kept here: `about` is empty. */
json_t *appointment_service_json(const appointment *appointment, const char *language);
/* "held", "awaiting_mail" …: as stored and as the protocol says it. */
const char *appointment_state_name(appointment_state state);
/* Where `event` leads from `state`; FALSE if nowhere. */
gboolean appointment_next(appointment_state state, appointment_event event, appointment_state *next);
/* Store the appointment with the state that `event` leads to: together with it what the caller changed in the struct.
 * Also: claims (released at an end), audit entry with `details` (transfer none, may be NULL), touch.
 * FALSE with BOOKING_ERROR_STATE when the table forbids it or somebody changed the appointment first. */
gboolean appointment_apply(
	const booking_context *context, appointment *appointment, appointment_event event, json_t *details, GError **error);

/* What a visitor typed for one partner; all strings UTF-8. */
typedef struct {
	const char *given_names;
	const char *family_name;
	const char *birth_name; /* or NULL */
	const char *birth_date; /* "YYYY-MM-DD" */
	const char *email;
	const char *phone; /* or NULL */
	const char *language;
	const char *document_type;
} person_intake;

/* The visitor sends the form: makes the case and its persons and asks the first one by mail to confirm (kind confirm_request).
 * A repeat changes nothing. Errors: EXPIRED, INVALID (with the field), LIMIT (too many wait for that address). `held` is brought up to date. */
gboolean appointment_book(const booking_context *context, appointment *held, gboolean is_together, const person_intake *persons,
	size_t person_count, GError **error);
/* The link of the mail was followed: confirmed, and each person gets an own link (kind confirmed). Following it again answers
 * the same. (transfer full) the appointment, or NULL with WRONG, EXPIRED or STATE. */
appointment *appointment_confirm(const booking_context *context, const char *token, GError **error);
/* A person or the office cancels: seats are free again, everybody is told (kind cancelled, iCalendar CANCEL). */
gboolean appointment_cancel(const booking_context *context, appointment *appointment, gboolean by_office, GError **error);
/* To another offered time of the same service: claims the new one, then releases the old; new links for everybody (kind moved).
 * Errors: TAKEN, CLOSED, STATE. */
gboolean appointment_move(const booking_context *context, appointment *appointment, int64_t start_ms, GError **error);
/* The agreement's performer serves it from now on, which counts towards the quota (see agreement_may_take); with NULL the
 * responsible organisation itself again. For an appointment that is checked in. */
gboolean appointment_perform(const booking_context *context, appointment *appointment, const char *agreement, GError **error);
