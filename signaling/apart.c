/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/apart.h"

#include "booking/appointment.h"
#include "booking/person.h"
#include "signaling/error.h"
#include "signaling/sql.h"
#include "signaling/view-parts.h"

#include <string.h>

static gboolean is_of(const GPtrArray *persons, const char *id)
{
	for (guint i = 0; i < persons->len; i++)
		if (strcmp(((person *)persons->pdata[i])->id, id) == 0)
			return TRUE;
	return FALSE;
}

static gboolean check_people(db *db, const session *session, const char *const *ids, size_t count, GError **error)
{
	g_autoptr(GPtrArray) persons = person_list(db, session->case_id, error);
	if (persons == NULL)
		return FALSE;
	for (size_t i = 0; i < count; i++)
		if (!is_of(persons, ids[i])) {
			g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND, "There is no such person.");
			return FALSE;
		}
	return TRUE;
}

static gboolean add(const booking_context *context, const session *session, const char *participant, GError **error)
{
	return db_run(context->db, error, SQL_APART_ADD, DB_TEXT("session", session->id), DB_TEXT("participant", participant),
		       DB_INT("now", context->now_ms)) >= 0;
}

static gboolean log_change(const booking_context *context, const session *session, const char *const *persons, size_t count,
	gboolean with_officer, GError **error)
{
	g_autoptr(json_t) details = json_pack("{s:[], s:b}", "persons", "with_officer", with_officer);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(json_object_get(details, "persons"), json_string(persons[i]));
	gboolean is_anybody = count > 0 || with_officer;
	return session_log(context, session, is_anybody ? "session.separated" : "session.reunited", details, error);
}

gboolean apart_set(const booking_context *context, const session *session, const char *const *persons, size_t count,
	gboolean with_officer, GError **error)
{
	if (session->state != SESSION_LIVE) {
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_STATE,
			"People can be questioned apart while the meeting goes on.");
		return FALSE;
	}
	if (!check_people(context->db, session, persons, count, error) || !apart_clear(context->db, session->id, error))
		return FALSE;
	for (size_t i = 0; i < count; i++)
		if (!add(context, session, persons[i], error))
			return FALSE;
	if (with_officer && !add(context, session, session->officer, error))
		return FALSE;
	session_touch(context->db, session);
	return log_change(context, session, persons, count, with_officer, error);
}

gboolean apart_clear(db *db, const char *session, GError **error)
{
	return db_run(db, error, SQL_APART_CLEAR, DB_TEXT("session", session)) >= 0;
}

/* Whoever sits at the device of somebody apart is apart, too. */
static gboolean add_beside(db *db, const session *session, GHashTable *apart, GError **error)
{
	g_autoptr(appointment) appointment = appointment_load(db, session->appointment, error);
	g_autoptr(GPtrArray) persons = appointment != NULL ? person_list(db, session->case_id, error) : NULL;
	if (persons == NULL)
		return FALSE;
	g_autofree presence *devices = g_new0(presence, persons->len + 1);
	gboolean is_good = view_devices(db, appointment, persons, devices, error);
	for (guint i = 0; i < persons->len; i++)
		for (guint j = 0; j < persons->len; j++)
			if (devices[i].peer != NULL && g_strcmp0(devices[i].peer, devices[j].peer) == 0 &&
				g_hash_table_contains(apart, ((person *)persons->pdata[j])->id))
				g_hash_table_add(apart, g_strdup(((person *)persons->pdata[i])->id));
	for (guint i = 0; i < persons->len; i++)
		presence_clear(&devices[i]);
	return is_good;
}

GHashTable *apart_load(db *db, const session *session, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_APART_LIST, DB_TEXT("session", session->id));
	if (rows == NULL)
		return NULL;
	g_autoptr(GHashTable) apart = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	while (db_next(rows))
		g_hash_table_add(apart, g_strdup(db_text(rows, "participant")));
	if (g_hash_table_size(apart) > 0 && !add_beside(db, session, apart, error))
		return NULL;
	return g_steal_pointer(&apart);
}
