/* SPDX-License-Identifier: EUPL-1.2 */
/* A session: the live meeting of one appointment, in one room (whose id is the session's).
 *
 * It is made when an officer is drawn for a checked-in appointment. Should the officer vanish, it goes back to waiting: id,
 * consents and attempts stay. Legal moves are one table (session.c); a change compares and swaps the state, appends to the
 * responsible organisation's audit log, moves the appointment along and touches "session:ID" and "desk:ORGANISATION".
 *
 *     (new) ─assign─▶ assigned ─join─▶ live ─end─▶ wrap_up ─close─▶ ended
 *     waiting ─assign─▶      │            │
 *        ◀─requeue───────────┴────────────┘
 * Thread: inside a job. */
#pragma once
#include "signaling/operation.h"

typedef enum { SESSION_WAITING, SESSION_ASSIGNED, SESSION_LIVE, SESSION_WRAP_UP, SESSION_ENDED } session_state;
#define SESSION_STATES (SESSION_ENDED + 1)
typedef enum {
	SESSION_ASSIGN,  /* an officer was drawn */
	SESSION_JOIN,    /* the officer joins: media flows from here on */
	SESSION_REQUEUE, /* the officer is gone; the people keep their place */
	SESSION_END,     /* the officer, who is there, ends it with a reason */
	SESSION_CLOSE,   /* the officer has finished the paperwork */
} session_event;
#define SESSION_EVENTS (SESSION_CLOSE + 1)

typedef struct {
	char *id;
	char *appointment;
	char *case_id;
	char *organisation; /* responsible: whose log, whose keys */
	char *performing;   /* the officer's */
	char *agreement;    /* under which it is performed for another, or NULL */
	session_state state;
	char *officer;                                    /* staff id; NULL while waiting */
	char *draw;                                       /* proof of the assignment, JSON */
	int64_t place_ms, assigned_ms, live_ms, ended_ms; /* 0: not yet */
	char *end_reason;
	char *note;
	gboolean is_recording; /* the recorder says so */
} session;

/* (transfer full), NULL with SIGNALING_ERROR_NOT_FOUND. The caller checks whose it is. */
session *session_load(db *db, const char *id, GError **error);
/* The same, only if `actor` is its officer and it is not closed. What operations of the desk begin with. */
session *session_of_officer(db *db, const actor *actor, const char *id, GError **error);
/* The session of the actor's case. */
session *session_of_person(db *db, const actor *actor, GError **error);
/* The session the officer has in hand (assigned, live or wrap_up). NULL without error: none. */
session *session_in_hand(db *db, const char *officer, GError **error);
void session_free(session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(session, session_free)

const char *session_state_name(session_state state);
/* Where `event` leads from `state`; FALSE if nowhere. */
gboolean session_next(session_state state, session_event event, session_state *next);
/* Apply an event in a write job. `details` (transfer none, may be NULL) go into the audit entry. `session` is brought up to
 * date. SIGNALING_ERROR_STATE when the table forbids it or somebody was faster. */
gboolean session_apply(const booking_context *context, session *session, session_event event, json_t *details, GError **error);

/* (transfer full) The shares of the draw of the persons in this session, NULL ends. */
GStrv session_nonces(db *db, const session *session, GError **error);
/* In a write job: an entry about the session in its organisation's audit log. `details` (transfer none) may be NULL. */
gboolean session_log(const booking_context *context, const session *session, const char *action, json_t *details, GError **error);
/* In a write job: what shows the session has to be shown again. */
void session_touch(db *db, const session *session);
