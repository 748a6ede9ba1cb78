/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/views.h"

#include "booking/person.h"
#include "booking/waiting.h"
#include "core/json.h"
#include "ident/consent.h"
#include "signaling/app-private.h"
#include "signaling/apart.h"
#include "signaling/limits.h"
#include "signaling/presence.h"
#include "signaling/sql.h"
#include "signaling/view-parts.h"

#include <string.h>

void view_free(view *view)
{
	if (view == NULL)
		return;
	json_decref(view->state);
	g_clear_pointer(&view->topics, g_hash_table_unref);
	g_free(view);
}

/* Officers always may; a person from the device check on, which shall not fail where only a relay helps. */
static gboolean may_have_call(const json_t *state)
{
	static const char *const calling[] = { "confirmed", "checked_in", "in_session", NULL };
	const json_t *appointment = json_object_get(state, "appointment");
	return appointment == NULL || g_strv_contains(calling, json_text(appointment, "state"));
}

/* Type "media". Relays cost the operator traffic: they are for those who may have a call. */
static json_t *show_media(app *app, const json_t *state, const char *peer, int64_t now_ms)
{
	json_t *relays = may_have_call(state) ? turn_servers(app_turn(app), peer, now_ms) : json_array();
	return json_pack(
		"{s:s, s:i, s:i, s:o}", "peer", peer, "slots", MEDIA_SLOTS, "documents", MEDIA_DOCUMENTS, "ice_servers", relays);
}

view *view_load(app *app, db *db, const actor *actor, const char *peer, int64_t now_ms, GError **error)
{
	g_autoptr(view) result = g_new0(view, 1);
	result->name = actor->kind == ACTOR_STAFF ? "desk" : "visit";
	result->state = json_object();
	result->topics = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	gboolean is_filled = actor->kind == ACTOR_STAFF ? view_desk_fill(result, db, actor, now_ms, error)
							: view_visit_fill(result, db, actor, now_ms, error);
	if (!is_filled)
		return NULL;
	json_object_set_new(result->state, "media", show_media(app, result->state, peer, now_ms));
	return g_steal_pointer(&result);
}

void view_follow(view *view, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_hash_table_add(view->topics, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

void view_set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value != NULL ? value : json_null());
}

json_t *view_text(const char *text)
{
	return text != NULL ? json_string(text) : json_null();
}

json_t *view_instant(int64_t ms)
{
	return ms > 0 ? json_integer(ms) : json_null();
}

/* Consent as it counts: without a session nobody was asked. */
static const char *consent_name(db *db, const session *session, const char *person, GError **error)
{
	int state = session == NULL ? IDENT_CONSENT_OPEN : ident_consent_get(db, session->id, person, error);
	return state < 0 ? NULL : ident_consent_state_name((ident_consent_state)state);
}

static json_t *person_card(const person *person, const presence *device, const char *consent, gboolean is_apart)
{
	g_autofree char *name = person_name(person);
	return json_pack("{s:s, s:s, s:s, s:b, s:b, s:o, s:b, s:b, s:s, s:b}", "id", person->id, "role", person->role, "name",
		name, "is_present", device->is_connected, "has_confirmed", person->has_confirmed, "peer",
		view_text(device->is_connected ? device->peer : NULL), "audio", device->audio, "video", device->video, "consent",
		consent, "is_apart", is_apart);
}

gboolean view_devices(db *db, const appointment *appointment, const GPtrArray *persons, presence *devices, GError **error)
{
	const presence *open = NULL;
	for (guint i = 0; i < persons->len; i++) {
		const person *person = persons->pdata[i];
		gboolean is_waiting = waiting_is_present(db, person->id, error);
		if (!presence_load(db, person->id, &devices[i], error))
			return FALSE;
		devices[i].is_connected = devices[i].is_connected && is_waiting;
		if (devices[i].is_connected && open == NULL)
			open = &devices[i];
	}
	/* Two at one device: whoever has no page of their own sits beside the other. */
	for (guint i = 0; appointment->is_together && open != NULL && i < persons->len; i++)
		if (!devices[i].is_connected) {
			presence_clear(&devices[i]);
			devices[i] = *open;
			devices[i].peer = g_strdup(open->peer);
		}
	return TRUE;
}

gboolean view_device_of(db *db, const char *session_id, const char *person_id, presence *device, GError **error)
{
	g_autoptr(session) session = session_load(db, session_id, error);
	g_autoptr(appointment) appointment = session != NULL ? appointment_load(db, session->appointment, error) : NULL;
	g_autoptr(GPtrArray) persons = appointment != NULL ? person_list(db, session->case_id, error) : NULL;
	if (persons == NULL)
		return FALSE;
	g_autofree presence *devices = g_new0(presence, persons->len + 1);
	gboolean is_good = view_devices(db, appointment, persons, devices, error);
	for (guint i = 0; i < persons->len; i++) {
		gboolean is_wanted = strcmp(((person *)persons->pdata[i])->id, person_id) == 0;
		if (is_wanted)
			*device = devices[i];
		else
			presence_clear(&devices[i]);
	}
	return is_good;
}

json_t *view_people(view *view, db *db, const appointment *appointment, const session *session, GError **error)
{
	g_autoptr(GPtrArray) persons = person_list(db, appointment->case_id, error);
	if (persons == NULL)
		return NULL;
	g_autofree presence *devices = g_new0(presence, persons->len + 1);
	g_autoptr(json_t) people = json_array();
	g_autoptr(GHashTable) apart =
		session != NULL ? apart_load(db, session, error) : g_hash_table_new(g_str_hash, g_str_equal);
	gboolean is_good = apart != NULL && view_devices(db, appointment, persons, devices, error);
	for (guint i = 0; i < persons->len; i++) {
		const person *person = persons->pdata[i];
		const char *consent = is_good ? consent_name(db, session, person->id, error) : NULL;
		view_follow(view, "person:%s", person->id);
		is_good = consent != NULL;
		if (is_good)
			json_array_append_new(
				people, person_card(person, &devices[i], consent, g_hash_table_contains(apart, person->id)));
		presence_clear(&devices[i]);
	}
	return is_good ? g_steal_pointer(&people) : NULL;
}

json_t *view_recording(db *db, const char *session, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_RECORDING_OF_SESSION, DB_TEXT("session", session));
	if (rows == NULL)
		return NULL;
	if (!db_next(rows))
		return json_pack("{s:s, s:n, s:i}", "state", "off", "since_ms", "part", 0);
	return json_pack("{s:s, s:o, s:I}", "state", db_text(rows, "state"), "since_ms", view_instant(db_int(rows, "since_ms")),
		"part", (json_int_t)db_int(rows, "part"));
}

json_t *view_chat(db *db, const char *session, int64_t since_ms, int apart, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_CHAT_LIST, DB_TEXT("session", session), DB_INT("since", since_ms),
		DB_INT("apart", apart), DB_INT("limit", CHAT_LINES));
	if (rows == NULL)
		return NULL;
	json_t *lines = json_array();
	while (db_next(rows))
		json_array_insert_new(lines, 0,
			json_pack("{s:I, s:s, s:s, s:s}", "at_ms", (json_int_t)db_int(rows, "at_ms"), "from",
				db_text(rows, "participant"), "name", db_text(rows, "name"), "text", db_text(rows, "text")));
	return lines;
}
