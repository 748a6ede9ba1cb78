/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/office.h"
#include "booking/organisation.h"
#include "booking/person.h"
#include "booking/staff.h"
#include "booking/waiting.h"
#include "ident/view.h"
#include "signaling/apart.h"
#include "signaling/desk.h"
#include "signaling/error.h"
#include "signaling/lobby.h"
#include "signaling/sql.h"
#include "signaling/view-parts.h"

#include <string.h>

static json_t *show_me(const person *me)
{
	g_autofree char *name = person_name(me);
	return json_pack("{s:s, s:s, s:s, s:s}", "id", me->id, "role", me->role, "name", name, "language", me->language);
}

/* The persons at this device, first the one who opened the link. */
static json_t *show_covers(const appointment *appointment, const person *me, const GPtrArray *persons)
{
	json_t *covers = json_pack("[s]", me->id);
	for (guint i = 0; appointment->is_together && i < persons->len; i++) {
		const person *other = persons->pdata[i];
		if (strcmp(other->id, me->id) != 0)
			json_array_append_new(covers, json_string(other->id));
	}
	return covers;
}

static json_t *show_appointment(db *db, const appointment *appointment, const char *language, GError **error)
{
	g_autoptr(json_t) office = office_get(db, appointment->office, error);
	g_autoptr(service) service =
		office != NULL ? service_load(db, appointment->office, appointment->service_key, language, error) : NULL;
	if (service == NULL)
		return NULL;
	return json_pack("{s:s, s:s, s:I, s:I, s:b, s:O, s:o}", "id", appointment->id, "state",
		appointment_state_name(appointment->state), "start_ms", (json_int_t)appointment->start_ms, "end_ms",
		(json_int_t)appointment->end_ms, "together", appointment->is_together, "office", office, "service",
		service_json(service));
}

/* null for those who do not wait. */
static json_t *show_waiting(view *view, db *db, const appointment *appointment, int64_t now_ms, GError **error)
{
	int64_t work_ms = 0, min_ms = 0, max_ms = 0;
	int place = waiting_place(db, appointment->id, &work_ms, error);
	if (place < 0)
		return NULL;
	if (place == 0)
		return json_null();
	view_follow(view, "desk:%s", appointment->responsible);
	g_autoptr(db_rows) rows = db_select(db, error, SQL_DESK_ON_DUTY, DB_TEXT("organisation", appointment->responsible));
	if (rows == NULL || !db_next(rows))
		return NULL;
	lobby_facts facts = { .place = place,
		.work_ms = work_ms,
		.until_start_ms = appointment->start_ms - now_ms,
		.officers = db_int(rows, "count") };
	lobby_estimate(&facts, &min_ms, &max_ms);
	return json_pack("{s:i, s:I, s:I, s:I}", "place", place, "estimate_min_ms", (json_int_t)min_ms, "estimate_max_ms",
		(json_int_t)max_ms, "since_ms", (json_int_t)appointment->checked_in_ms);
}

static json_t *show_officer(view *view, db *db, const session *session, gboolean is_apart, GError **error)
{
	g_autoptr(staff) officer = staff_load(db, session->officer, error);
	g_autoptr(organisation) performing = officer != NULL ? organisation_load(db, session->performing, error) : NULL;
	g_auto(presence) device = { 0 };
	if (performing == NULL || !presence_load(db, session->officer, &device, error))
		return NULL;
	view_follow(view, "staff:%s", session->officer);
	return json_pack("{s:s, s:s, s:o, s:b, s:b, s:b}", "name", officer->name, "organisation", performing->name, "peer",
		view_text(device.is_connected ? device.peer : NULL), "audio", device.audio, "video", device.video, "is_apart",
		is_apart);
}

/* null while the session waits for an officer, or there is none. */
static json_t *show_session(view *view, db *db, const session *session, const person *me, GError **error)
{
	if (session == NULL || session->officer == NULL)
		return json_null();
	view_follow(view, "session:%s", session->id);
	g_autoptr(GHashTable) apart = apart_load(db, session, error);
	if (apart == NULL)
		return NULL;
	g_autoptr(json_t) officer = show_officer(view, db, session, g_hash_table_contains(apart, session->officer), error);
	g_autoptr(json_t) recording = officer != NULL ? view_recording(db, session->id, error) : NULL;
	g_autoptr(json_t) now = recording != NULL ? ident_now_view(db, session->id, error) : NULL;
	g_autoptr(json_t) tan = now != NULL ? ident_session_tan_view(db, session->id, error) : NULL;
	g_autoptr(json_t) chat = tan != NULL ? view_chat(db, session->id, 0, g_hash_table_contains(apart, me->id), error) : NULL;
	if (chat == NULL)
		return NULL;
	return json_pack("{s:s, s:s, s:O, s:O, s:O, s:O, s:O, s:o}", "id", session->id, "state",
		session_state_name(session->state), "officer", officer, "recording", recording, "now", now, "tan", tan, "chat",
		chat, "end_reason", view_text(session->end_reason));
}

/* The session of the case; NULL without error: there is none yet. */
static session *find_session(db *db, const actor *actor, GError **error)
{
	g_autoptr(GError) own = NULL;
	session *found = session_of_person(db, actor, &own);
	if (own != NULL && !g_error_matches(own, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND))
		g_propagate_error(error, g_steal_pointer(&own));
	return found;
}

gboolean view_visit_fill(view *view, db *db, const actor *actor, int64_t now_ms, GError **error)
{
	GError *own = NULL;
	g_autoptr(person) me = person_load(db, actor->id, &own);
	g_autoptr(appointment) appointment = own == NULL ? appointment_of_case(db, actor->case_id, &own) : NULL;
	g_autoptr(GPtrArray) persons = own == NULL ? person_list(db, actor->case_id, &own) : NULL;
	g_autoptr(session) session = own == NULL ? find_session(db, actor, &own) : NULL;
	json_t *state = view->state;
	if (own == NULL) {
		json_object_set_new(state, "me", show_me(me));
		json_object_set_new(state, "covers", show_covers(appointment, me, persons));
		view_set(state, "appointment", show_appointment(db, appointment, me->language, &own));
		view_set(state, "people", own == NULL ? view_people(view, db, appointment, session, &own) : NULL);
		view_set(state, "waiting", own == NULL ? show_waiting(view, db, appointment, now_ms, &own) : NULL);
		view_set(state, "session", own == NULL ? show_session(view, db, session, me, &own) : NULL);
	}
	/* Who shares a device shares what it shows. */
	const char *whose = own == NULL && appointment->is_together ? NULL : actor->id;
	if (own == NULL)
		view_set(state, "reports", session == NULL ? json_array() : ident_reports_view(db, session->id, whose, &own));
	if (own != NULL)
		g_propagate_error(error, own);
	return own == NULL;
}
