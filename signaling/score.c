/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/score.h"

#include "booking/organisation.h"
#include "booking/person.h"
#include "core/json.h"
#include "ident/consent.h"
#include "ident/view.h"
#include "signaling/apart.h"
#include "signaling/presence.h"
#include "signaling/sql.h"
#include "signaling/view-parts.h"

#include <string.h>

score_record score_decide(gboolean is_live, gboolean is_identifying, guint present, guint consented, guint withdrawn)
{
	if (withdrawn > 0)
		return SCORE_RECORD_DESTROYED;
	if (!is_live)
		return SCORE_RECORD_STOPPED;
	/* Whoever is gone for a moment was consenting when they were there. */
	if (!is_identifying || present == 0)
		return SCORE_RECORD_NOTHING;
	return consented == present ? SCORE_RECORD_ON : SCORE_RECORD_PAUSED;
}

static void member_free(gpointer data)
{
	score_member *member = data;
	g_free(member->peer);
	g_free(member->name);
	g_free(member);
}

void score_free(score *score)
{
	if (score == NULL)
		return;
	session_free(score->session);
	g_clear_pointer(&score->members, g_ptr_array_unref);
	g_clear_pointer(&score->away, g_ptr_array_unref);
	g_free(score->recording);
	g_free(score->recording_state);
	g_free(score->folder);
	json_decref(score->recipients);
	g_free(score->step);
	g_free(score->apart);
	g_free(score);
}

static void add_member(score *score, const presence *device, const char *name)
{
	if (device->peer == NULL || !device->is_connected)
		return;
	for (guint i = 0; i < score->members->len; i++)
		if (strcmp(((score_member *)score->members->pdata[i])->peer, device->peer) == 0)
			return;
	score_member *member = g_new(score_member, 1);
	*member = (score_member){ g_strdup(device->peer), g_strdup(name), device->is_media_up, FALSE };
	g_ptr_array_add(score->members, member);
}

/* The people: members of the room, and what their consents mean for the recording. */
static gboolean read_people(score *score, db *db, const appointment *appointment, GError **error)
{
	guint present = 0, consented = 0, withdrawn = 0;
	gboolean is_live = score->session->state == SESSION_LIVE;
	g_autoptr(GPtrArray) persons = person_list(db, appointment->case_id, error);
	if (persons == NULL)
		return FALSE;
	g_autofree presence *devices = g_new0(presence, persons->len + 1);
	gboolean is_good = view_devices(db, appointment, persons, devices, error);
	for (guint i = 0; i < persons->len; i++) {
		const person *person = persons->pdata[i];
		int consent = is_good ? ident_consent_get(db, score->session->id, person->id, error) : -1;
		is_good = consent >= 0;
		present += devices[i].is_connected;
		consented += devices[i].is_connected && consent == IDENT_CONSENT_GIVEN;
		withdrawn += consent == IDENT_CONSENT_WITHDRAWN;
		if (is_live)
			add_member(score, &devices[i], person->role);
		presence_clear(&devices[i]);
	}
	score->record = score_decide(is_live, appointment->is_identifying, present, consented, withdrawn);
	return is_good;
}

static gboolean read_officer(score *score, db *db, GError **error)
{
	if (score->session->state != SESSION_LIVE)
		return TRUE;
	g_auto(presence) device = { 0 };
	if (!presence_load(db, score->session->officer, &device, error))
		return FALSE;
	add_member(score, &device, "officer");
	return TRUE;
}

static gboolean read_away(score *score, db *db, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_SESSION_AWAY, DB_TEXT("session", score->session->id));
	while (rows != NULL && db_next(rows))
		g_ptr_array_add(score->away, g_strdup(db_text(rows, "peer")));
	return rows != NULL;
}

static gboolean read_recording(score *score, db *db, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_RECORDING_OF_SESSION, DB_TEXT("session", score->session->id));
	if (rows != NULL && db_next(rows)) {
		score->recording = g_strdup(db_text(rows, "id"));
		score->recording_state = g_strdup(db_text(rows, "state"));
		score->folder = g_strdup(db_text(rows, "folder"));
		score->part = db_int(rows, "part");
	}
	return rows != NULL;
}

static json_t *array_of(GStrv texts)
{
	json_t *array = json_array();
	for (char **text = texts; text != NULL && *text != NULL; text++)
		json_array_append_new(array, json_string(*text));
	return array;
}

static gboolean read_keys(score *score, db *db, GError **error)
{
	g_autoptr(organisation) organisation = organisation_load(db, score->session->organisation, error);
	if (organisation == NULL)
		return FALSE;
	score->recipients = array_of(organisation->recipients);
	if (*organisation->second_recipients != NULL)
		score->recipients = json_pack("[o, o]", score->recipients, array_of(organisation->second_recipients));
	return TRUE;
}

static gboolean has_peer(const score *score, const char *participant_peer, score_member **member)
{
	for (guint i = 0; i < score->members->len; i++) {
		*member = score->members->pdata[i];
		if (g_strcmp0((*member)->peer, participant_peer) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean separate(score *score, db *db, const char *participant, const char *name, GString *names, GError **error)
{
	score_member *member;
	g_auto(presence) device = { 0 };
	if (!presence_load(db, participant, &device, error))
		return FALSE;
	if (has_peer(score, device.peer, &member))
		member->is_apart = TRUE;
	g_string_append_printf(names, "%s%s", names->len > 0 ? " " : "", name);
	return TRUE;
}

/* Who is apart, in the order of the case: their devices go to the other room. */
static gboolean read_apart(score *score, db *db, GError **error)
{
	g_autoptr(GHashTable) apart = apart_load(db, score->session, error);
	g_autoptr(GPtrArray) persons = apart != NULL ? person_list(db, score->session->case_id, error) : NULL;
	g_autoptr(GString) names = g_string_new(NULL);
	gboolean is_good = persons != NULL;
	for (guint i = 0; is_good && i < persons->len; i++) {
		const person *person = persons->pdata[i];
		if (g_hash_table_contains(apart, person->id))
			is_good = separate(score, db, person->id, person->role, names, error);
	}
	const char *officer = score->session->officer;
	if (is_good && officer != NULL && g_hash_table_contains(apart, officer))
		is_good = separate(score, db, officer, "officer", names, error);
	score->apart = g_string_free(g_steal_pointer(&names), FALSE);
	return is_good;
}

static gboolean read_step(score *score, db *db, GError **error)
{
	g_autoptr(json_t) now = ident_now_view(db, score->session->id, error);
	score->step = g_strdup(json_text(now, "step"));
	return now != NULL;
}

score *score_load(db *db, const char *session, GError **error)
{
	g_autoptr(score) result = g_new0(score, 1);
	result->members = g_ptr_array_new_with_free_func(member_free);
	result->away = g_ptr_array_new_with_free_func(g_free);
	result->session = session_load(db, session, error);
	g_autoptr(appointment) appointment =
		result->session != NULL ? appointment_load(db, result->session->appointment, error) : NULL;
	gboolean is_good = appointment != NULL && read_people(result, db, appointment, error) &&
			   read_officer(result, db, error) && read_away(result, db, error) && read_recording(result, db, error) &&
			   read_keys(result, db, error) && read_step(result, db, error) && read_apart(result, db, error);
	return is_good ? g_steal_pointer(&result) : NULL;
}
