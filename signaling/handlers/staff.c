/* SPDX-License-Identifier: EUPL-1.2 */
/* Signing in and out, and who am I. */
#include "booking/staff.h"

#include "booking/audit/log.h"
#include "booking/error.h"
#include "booking/person.h"
#include "core/crypto.h"
#include "core/json.h"
#include "signaling/cookie.h"
#include "signaling/desk.h"
#include "signaling/error.h"
#include "signaling/protocol/handlers.h"
#include "signaling/view-parts.h"

/* One try to sign in: read, hash, write. */
typedef struct {
	const request *request;
	const char *login;
	staff *staff; /* NULL: nobody has this login */
	gboolean is_right;
	char *cookie;
} attempt_to_sign_in;

static gboolean find_staff(db *db, gpointer data, GError **error)
{
	attempt_to_sign_in *attempt = data;
	g_autoptr(GError) own = NULL;
	attempt->staff = staff_by_login(db, attempt->login, &own);
	if (attempt->staff != NULL || g_error_matches(own, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&own));
	return FALSE;
}

static gboolean note_result(db *db, gpointer data, GError **error)
{
	attempt_to_sign_in *attempt = data;
	const staff *staff = attempt->staff;
	int64_t now_ms = attempt->request->now_ms;
	g_autofree char *name = g_strdup_printf("staff:%s", staff->id);
	booking_context context = { .db = db, .now_ms = now_ms, .actor = name, .settings = app_settings(attempt->request->app) };
	audit_entry entry = { .organisation = staff->organisation,
		.actor = name,
		.action = attempt->is_right ? "staff.signed_in" : "staff.sign_in_failed",
		.subjects = { staff->id },
		.time_ms = now_ms };
	if (!staff_note_sign_in(&context, staff->id, attempt->is_right, error) || audit_append(db, &entry, error) < 0)
		return FALSE;
	if (attempt->is_right)
		attempt->cookie = cookie_session_start(db, ACTOR_STAFF, staff->id, staff->organisation, now_ms, error);
	return !attempt->is_right || attempt->cookie != NULL;
}

static json_t *roles_json(const staff *staff)
{
	json_t *roles = json_array();
	for (char **role = staff->roles; *role != NULL; role++)
		json_array_append_new(roles, json_string(*role));
	return roles;
}

/* Unknown login, wrong password and locked account cost the same time and give the same answer. */
json_t *handle_staff_sign_in(request *request, const staff_sign_in_in *in, GError **error)
{
	attempt_to_sign_in attempt = { .request = request, .login = in->login };
	store *store = app_store(request->app);
	if (!store_read(store, find_staff, &attempt, error))
		return NULL;
	g_autoptr(staff) staff = attempt.staff;
	attempt.is_right = crypto_password_verify(in->password, staff != NULL ? staff->password_hash : NULL);
	gboolean is_locked = staff != NULL && staff->locked_until_ms > request->now_ms;
	if (staff != NULL && !is_locked && !store_write_wait(store, note_result, &attempt, error))
		return NULL;
	if (staff == NULL || is_locked || !attempt.is_right) {
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_CREDENTIALS,
			"Login or password is wrong. After several wrong passwords the login is locked for some minutes.");
		return NULL;
	}
	request->cookie = attempt.cookie;
	g_autofree char *csrf = cookie_csrf(attempt.cookie);
	return json_pack("{s:s, s:o}", "csrf", csrf, "roles", roles_json(staff));
}

json_t *handle_staff_sign_out(request *request, const staff_sign_out_in *in, GError **error)
{
	(void)in;
	int state = desk_get(request->db, request->actor->id, NULL, error);
	booking_context context = request_context(request);
	if (state < 0 || !cookie_session_end(request->db, request->browser, error) ||
		!desk_log(&context, request->actor->id, request->actor->organisation, "staff.signed_out", error))
		return NULL;
	gboolean is_free = state == DESK_READY || state == DESK_PAUSED;
	if (is_free && !desk_set(request->db, request->actor->id, request->actor->organisation, DESK_OFF, request->now_ms, error))
		return NULL;
	store_touch(request->db, "staff:%s", request->actor->id);
	request->cookie = g_strdup("");
	return json_object();
}

json_t *handle_me_get(request *request, const me_get_in *in, GError **error)
{
	(void)in;
	const actor *actor = request->actor;
	g_autofree char *name = g_strdup("");
	g_autoptr(json_t) roles = json_array();
	if (actor->kind == ACTOR_STAFF) {
		g_autoptr(staff) staff = staff_load(request->db, actor->id, error);
		if (staff == NULL)
			return NULL;
		g_free(name);
		name = g_strdup(staff->name);
		g_autoptr(json_t) held = roles_json(staff);
		json_array_extend(roles, held);
	} else if (actor->kind == ACTOR_PERSON) {
		g_autoptr(person) person = person_load(request->db, actor->id, error);
		if (person == NULL)
			return NULL;
		g_free(name);
		name = person_name(person);
	}
	static const char *const kinds[] = { [ACTOR_VISITOR] = "visitor", [ACTOR_PERSON] = "person", [ACTOR_STAFF] = "staff" };
	return json_pack("{s:s, s:s, s:s, s:O, s:s, s:o}", "kind", kinds[actor->kind], "csrf",
		actor->kind == ACTOR_VISITOR ? "" : request->csrf, "name", name, "roles", roles, "language",
		actor->language != NULL ? actor->language : "de", "organisation",
		view_text(actor->kind == ACTOR_STAFF ? actor->organisation : NULL));
}
