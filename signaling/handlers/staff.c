/* SPDX-License-Identifier: EUPL-1.2 */
/* Signing in and out, and who am I. */
#include "booking/audit/log.h"
#include "booking/error.h"
#include "booking/person.h"
#include "booking/sign-in.h"
#include "booking/staff.h"
#include "core/clock.h"
#include "core/crypto.h"
#include "core/json.h"
#include "core/log.h"
#include "signaling/cookie.h"
#include "signaling/desk.h"
#include "signaling/error.h"
#include "signaling/protocol/handlers.h"
#include "signaling/view-parts.h"

/* One try to sign in. */
typedef struct {
	const request *request;
	const char *login;
	gboolean is_locked;
	staff *staff; /* NULL: nobody has this login */
	char *cookie;
} sign_in;

/* The same for every login: counted, looked up. */
static gboolean begin_sign_in(db *db, gpointer data, GError **error)
{
	sign_in *sign_in = data;
	g_autoptr(GError) own = NULL;
	booking_context context = request_context(sign_in->request);
	context.db = db;
	if (!sign_in_try(&context, sign_in->login, &sign_in->is_locked, error))
		return FALSE;
	sign_in->staff = staff_by_login(db, sign_in->login, &own);
	if (sign_in->staff != NULL || g_error_matches(own, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&own));
	return FALSE;
}

static gboolean log_sign_in(
	db *db, const char *staff, const char *organisation, const char *action, int64_t now_ms, GError **error)
{
	g_autofree char *name = g_strdup_printf("staff:%s", staff);
	audit_entry entry = {
		.organisation = organisation, .actor = name, .action = action, .subjects = { staff }, .time_ms = now_ms
	};
	return audit_append(db, &entry, error) >= 0;
}

static gboolean enter(db *db, gpointer data, GError **error)
{
	sign_in *sign_in = data;
	const staff *staff = sign_in->staff;
	booking_context context = request_context(sign_in->request);
	context.db = db;
	if (!sign_in_succeeded(&context, sign_in->login, error) ||
		!log_sign_in(db, staff->id, staff->organisation, "staff.signed_in", context.now_ms, error))
		return FALSE;
	sign_in->cookie = cookie_session_start(db, ACTOR_STAFF, staff->id, staff->organisation, context.now_ms, error);
	return sign_in->cookie != NULL;
}

typedef struct {
	char *staff;
	char *organisation;
} failure;

static gboolean log_failure(db *db, gpointer data, GError **error)
{
	const failure *failure = data;
	return log_sign_in(db, failure->staff, failure->organisation, "staff.sign_in_failed", clock_now_ms(), error);
}

static void failure_done(gpointer data, const GError *error)
{
	failure *failure = data;
	if (error != NULL)
		log_error("failed sign-in not logged", LOG_CAUSE(error));
	g_free(failure->staff);
	g_free(failure->organisation);
	g_free(failure);
}

/* Nobody waits for the entry, or the wait would tell that there is such a login. */
static void note_failure(const sign_in *sign_in)
{
	failure *noted = g_new(failure, 1);
	*noted = (failure){ g_strdup(sign_in->staff->id), g_strdup(sign_in->staff->organisation) };
	store_write(app_store(sign_in->request->app), log_failure, failure_done, noted);
}

static json_t *roles_json(const staff *staff)
{
	json_t *roles = json_array();
	for (char **role = staff->roles; *role != NULL; role++)
		json_array_append_new(roles, json_string(*role));
	return roles;
}

/* Unknown login, wrong password and locked login cost the same time and give the same answer. */
json_t *handle_staff_sign_in(request *request, const staff_sign_in_in *in, GError **error)
{
	sign_in sign_in = { .request = request, .login = in->login };
	store *store = app_store(request->app);
	if (!store_write_wait(store, begin_sign_in, &sign_in, error))
		return NULL;
	g_autoptr(staff) staff = sign_in.staff;
	gboolean is_right = crypto_password_verify(in->password, staff != NULL ? staff->password_hash : NULL);
	if (staff == NULL || sign_in.is_locked || !is_right) {
		if (staff != NULL && !sign_in.is_locked)
			note_failure(&sign_in);
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_CREDENTIALS,
			"Login or password is wrong. After several wrong passwords the login is locked for some minutes.");
		return NULL;
	}
	if (!store_write_wait(store, enter, &sign_in, error))
		return NULL;
	request->cookie = sign_in.cookie;
	g_autofree char *csrf = cookie_csrf(sign_in.cookie);
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
