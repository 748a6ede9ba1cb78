/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/error.h"
#include "booking/office.h"
#include "booking/organisation.h"
#include "booking/person.h"
#include "booking/staff.h"
#include "booking/waiting.h"
#include "booking/zone.h"
#include "core/json.h"
#include "ident/view.h"
#include "signaling/apart.h"
#include "signaling/desk.h"
#include "signaling/limits.h"
#include "signaling/sql.h"
#include "signaling/view-parts.h"

#include <string.h>

static json_t *show_me(db *db, const staff *me, int64_t trained_ms, GError **error)
{
	g_autoptr(organisation) home = organisation_load(db, me->organisation, error);
	if (home == NULL)
		return NULL;
	json_t *roles = json_array();
	for (char **role = me->roles; *role != NULL; role++)
		json_array_append_new(roles, json_string(*role));
	return json_pack("{s:s, s:s, s:o, s:{s:s, s:s, s:s}, s:I}", "id", me->id, "name", me->name, "roles", roles,
		"organisation", "id", home->id, "name", home->name, "kind", home->kind, "trained_until_ms",
		(json_int_t)trained_ms);
}

/* Those who wait for the own organisation and for those it may take sessions of. */
static json_t *count_waiting(view *view, db *db, const char *organisation, int64_t now_ms, GError **error)
{
	view_follow(view, "desk:%s", organisation);
	g_autoptr(GPtrArray) own = waiting_list(db, organisation, error);
	g_autoptr(db_rows) served = own == NULL ? NULL
						: db_select(db, error, SQL_DESK_ORGANISATIONS_SERVED,
							  DB_TEXT("organisation", organisation), DB_INT("now", now_ms));
	if (served == NULL)
		return NULL;
	guint count = own->len;
	while (db_next(served)) {
		view_follow(view, "desk:%s", db_text(served, "responsible"));
		g_autoptr(GPtrArray) theirs = waiting_list(db, db_text(served, "responsible"), error);
		if (theirs == NULL)
			return NULL;
		count += theirs->len;
	}
	return json_integer(count);
}

static json_t *show_today(db *db, const actor *actor, const staff *me, int64_t now_ms, GError **error)
{
	/* Names are for those who may ask for them (office.day). */
	if ((actor->roles & (ROLE_ADMINISTRATOR | ROLE_REGISTRAR)) == 0)
		return json_array();
	/* Offices of one organisation lie in one zone; whoever works for all of them sees the server's day. */
	g_autoptr(json_t) office = me->office != NULL ? office_get(db, me->office, error) : json_object();
	if (office == NULL)
		return NULL;
	g_autoptr(GTimeZone) zone = me->office != NULL ? zone_new(json_text(office, "time_zone")) : g_time_zone_new_local();
	g_autofree char *date = zone_day_text(zone_day_of(zone, now_ms));
	g_autoptr(GError) own = NULL;
	g_autoptr(json_t) day = office_day(db, me->organisation, me->office, date, &own);
	/* A contractor has no offices, and so no day. */
	if (g_error_matches(own, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND))
		return json_array();
	if (day == NULL) {
		g_propagate_error(error, g_steal_pointer(&own));
		return NULL;
	}
	json_t *today = json_array();
	size_t index;
	json_t *row;
	json_array_foreach(day, index, row) {
		if (index < TODAY_ROWS)
			json_array_append_new(
				today, json_pack("{s:s, s:I, s:I, s:s, s:s, s:o}", "appointment", json_text(row, "id"),
					       "start_ms", (json_int_t)json_int(row, "start_ms"), "end_ms",
					       (json_int_t)json_int(row, "end_ms"), "service", json_text(row, "service"), "state",
					       json_text(row, "state"), "names", view_text(json_text(row, "names"))));
	}
	return today;
}

/* Identity data; how to reach people only for their own office. */
static json_t *show_intake(db *db, const appointment *appointment, gboolean is_overflow, GError **error)
{
	g_autoptr(GPtrArray) persons = person_list(db, appointment->case_id, error);
	if (persons == NULL)
		return NULL;
	json_t *intake = json_array();
	for (guint i = 0; i < persons->len; i++) {
		const person *person = persons->pdata[i];
		json_array_append_new(
			intake, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "person", person->id, "given_names",
					person->given_names, "family_name", person->family_name, "birth_name",
					person->birth_name != NULL ? person->birth_name : "", "birth_date", person->birth_date,
					"language", person->language, "document_type", person->document_type, "email",
					view_text(is_overflow ? NULL : person->email)));
	}
	return intake;
}

static void fill_session(
	view *view, json_t *out, db *db, const session *session, const char *language, int64_t now_ms, GError **error)
{
	g_autoptr(appointment) appointment = appointment_load(db, session->appointment, error);
	if (appointment == NULL)
		return;
	gboolean is_overflow = strcmp(session->performing, session->organisation) != 0;
	g_autoptr(service) service = service_load(db, appointment->office, appointment->service_key, language, error);
	g_autoptr(GHashTable) apart = service != NULL ? apart_load(db, session, error) : NULL;
	if (apart == NULL)
		return;
	gboolean is_apart = session->officer != NULL && g_hash_table_contains(apart, session->officer);
	json_object_set_new(out, "id", json_string(session->id));
	json_object_set_new(out, "state", json_string(session_state_name(session->state)));
	json_object_set_new(out, "started_ms", view_instant(session->live_ms));
	json_object_set_new(out, "appointment", json_string(session->appointment));
	json_object_set_new(out, "service", service_json(service));
	json_object_set_new(out, "is_overflow", json_boolean(is_overflow));
	json_object_set_new(out, "is_apart", json_boolean(is_apart));
	json_object_set_new(out, "draw", json_loads(session->draw, 0, NULL));
	GError *own = NULL;
	view_set(out, "office", office_get(db, appointment->office, &own));
	view_set(out, "people", own == NULL ? view_people(view, db, appointment, session, &own) : NULL);
	view_set(out, "intake", own == NULL ? show_intake(db, appointment, is_overflow, &own) : NULL);
	view_set(out, "recording", own == NULL ? view_recording(db, session->id, &own) : NULL);
	view_set(out, "attempts", own == NULL ? ident_attempts_view(db, session->id, now_ms, &own) : NULL);
	/* What the office's own staff was told before is not for another organisation. */
	int64_t since_ms = is_overflow ? session->assigned_ms : 0;
	view_set(out, "chat", own == NULL ? view_chat(db, session->id, since_ms, -1, &own) : NULL);
	if (own != NULL)
		g_propagate_error(error, own);
}

/* null without a session in hand. */
static json_t *show_session(view *view, db *db, const staff *me, int64_t now_ms, GError **error)
{
	GError *own = NULL;
	g_autoptr(session) session = session_in_hand(db, me->id, &own);
	json_t *out = session == NULL ? json_null() : json_object();
	if (session != NULL) {
		view_follow(view, "session:%s", session->id);
		fill_session(view, out, db, session, me->language, now_ms, &own);
	}
	if (own == NULL)
		return out;
	json_decref(out);
	g_propagate_error(error, own);
	return NULL;
}

gboolean view_desk_fill(view *view, db *db, const actor *actor, int64_t now_ms, GError **error)
{
	GError *own = NULL;
	int64_t attested_ms = 0;
	json_t *state = view->state;
	view_follow(view, "staff:%s", actor->id);
	g_autoptr(staff) me = staff_load(db, actor->id, &own);
	int desk = own == NULL ? desk_get(db, actor->id, &attested_ms, &own) : -1;
	int64_t trained_ms = own == NULL ? staff_trained_until_ms(db, actor->id, &own) : -1;
	if (own == NULL) {
		view_set(state, "me", show_me(db, me, trained_ms, &own));
		json_object_set_new(state, "state", json_string(desk_state_name((desk_state)desk)));
		json_object_set_new(state, "blocked", view_text(desk_blocked(attested_ms, trained_ms, now_ms)));
		view_set(state, "waiting_count", own == NULL ? count_waiting(view, db, me->organisation, now_ms, &own) : NULL);
		view_set(state, "today", own == NULL ? show_today(db, actor, me, now_ms, &own) : NULL);
		view_set(state, "session", own == NULL ? show_session(view, db, me, now_ms, &own) : NULL);
	}
	if (own != NULL)
		g_propagate_error(error, own);
	return own == NULL;
}
