/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/cookie.h"

#include "booking/appointment.h"
#include "booking/audit/log.h"
#include "booking/error.h"
#include "booking/person.h"
#include "booking/staff.h"
#include "core/crypto.h"
#include "core/id.h"
#include "signaling/limits.h"
#include "signaling/sql.h"

#include <string.h>

#define SWEEP_ROWS 200 /* in one transaction */

static const struct {
	const char *name;
	int64_t idle_ms;
	int64_t absolute_ms;
} kinds[] = {
	[ACTOR_PERSON] = { "person", PERSON_IDLE_MS, PERSON_ABSOLUTE_MS },
	[ACTOR_STAFF] = { "staff", STAFF_IDLE_MS, STAFF_ABSOLUTE_MS },
};

static const struct {
	const char *name;
	actor_role role;
} roles[] = {
	{ "administrator", ROLE_ADMINISTRATOR },
	{ "registrar", ROLE_REGISTRAR },
	{ "examiner", ROLE_EXAMINER },
	{ "reviewer", ROLE_REVIEWER },
	{ "privacy_officer", ROLE_PRIVACY_OFFICER },
};

char *cookie_session_start(db *db, actor_kind kind, const char *subject, const char *organisation, int64_t now_ms, GError **error)
{
	g_autofree char *secret = crypto_secret_new();
	g_autofree char *hash = crypto_secret_hash(secret);
	g_autofree char *peer = id_new("peer");
	if (db_run(db, error, SQL_COOKIE_SESSION_ADD, DB_TEXT("hash", hash), DB_TEXT("kind", kinds[kind].name),
		    DB_TEXT("subject", subject), DB_TEXT("organisation", organisation), DB_TEXT("peer", peer),
		    DB_INT("now", now_ms), DB_INT("expires", now_ms + kinds[kind].absolute_ms)) < 0)
		return NULL;
	return g_steal_pointer(&secret);
}

gboolean cookie_session_end(db *db, const char *secret, GError **error)
{
	g_autofree char *hash = crypto_secret_hash(secret);
	return db_run(db, error, SQL_COOKIE_SESSION_END, DB_TEXT("hash", hash)) >= 0;
}

gboolean cookie_session_end_all(db *db, const char *subject, GError **error)
{
	return db_run(db, error, SQL_COOKIE_SESSION_END_ALL, DB_TEXT("subject", subject)) >= 0;
}

gboolean cookie_session_seen(db *db, const char *secret, int64_t now_ms, GError **error)
{
	g_autofree char *hash = crypto_secret_hash(secret);
	return db_run(db, error, SQL_COOKIE_SESSION_SEEN, DB_TEXT("hash", hash), DB_INT("now", now_ms)) >= 0;
}

gboolean cookie_sessions_sweep(db *db, int64_t now_ms, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_COOKIE_SESSION_ENDED, DB_INT("now", now_ms),
		DB_INT("idle", now_ms - MAX(STAFF_IDLE_MS, PERSON_IDLE_MS)), DB_INT("limit", SWEEP_ROWS));
	while (rows != NULL && db_next(rows)) {
		gboolean is_staff = strcmp(db_text(rows, "kind"), kinds[ACTOR_STAFF].name) == 0;
		audit_entry entry = { .organisation = db_text(rows, "organisation"),
			.actor = "system",
			.action = is_staff ? "staff.signed_out" : "link.closed",
			.subjects = { db_text(rows, "subject") },
			.time_ms = now_ms };
		if (db_run(db, error, SQL_COOKIE_SESSION_END, DB_TEXT("hash", db_text(rows, "hash"))) < 0 ||
			audit_append(db, &entry, error) < 0)
			return FALSE;
	}
	return rows != NULL;
}

char *cookie_csrf(const char *secret)
{
	static const char label[] = "jawort csrf";
	guint8 mac[CRYPTO_HASH_BYTES];
	crypto_hmac_sha256(secret, strlen(secret), label, strlen(label), mac);
	return crypto_base64url(mac, sizeof(mac));
}

void caller_free(caller *caller)
{
	if (caller == NULL)
		return;
	g_free((char *)caller->actor.id);
	g_free((char *)caller->actor.name);
	g_free((char *)caller->actor.organisation);
	g_free((char *)caller->actor.office);
	g_free((char *)caller->actor.case_id);
	g_free((char *)caller->actor.language);
	g_free(caller->peer);
	g_free(caller);
}

static void fill_visitor(caller *caller, const char *visitor)
{
	caller->actor.kind = ACTOR_VISITOR;
	caller->actor.id = visitor != NULL ? crypto_secret_hash(visitor) : g_strdup("");
	caller->actor.name = g_strdup_printf("visitor:%.16s", caller->actor.id);
	caller->is_seen = TRUE;
}

static gboolean fill_staff(caller *caller, db *db, const char *id, GError **error)
{
	g_autoptr(staff) staff = staff_load(db, id, error);
	if (staff == NULL)
		return FALSE;
	caller->actor.kind = ACTOR_STAFF;
	caller->actor.id = g_strdup(id);
	caller->actor.name = g_strdup_printf("staff:%s", id);
	caller->actor.office = g_strdup(staff->office);
	caller->actor.language = g_strdup(staff->language);
	for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
		if (g_strv_contains((const char *const *)staff->roles, roles[i].name))
			caller->actor.roles |= roles[i].role;
	return TRUE;
}

static gboolean fill_person(caller *caller, db *db, const char *id, GError **error)
{
	g_autoptr(person) person = person_load(db, id, error);
	if (person == NULL)
		return FALSE;
	caller->actor.kind = ACTOR_PERSON;
	caller->actor.id = g_strdup(id);
	caller->actor.name = g_strdup_printf("person:%s", id);
	caller->actor.case_id = g_strdup(person->case_id);
	caller->actor.language = g_strdup(person->language);
	return TRUE;
}

caller *caller_load(db *db, const char *cookie, const char *visitor, int64_t now_ms, GError **error)
{
	g_autoptr(caller) result = g_new0(caller, 1);
	g_autoptr(db_rows) rows = NULL;
	if (cookie != NULL) {
		g_autofree char *hash = crypto_secret_hash(cookie);
		rows = db_select(db, error, SQL_COOKIE_SESSION_GET, DB_TEXT("hash", hash), DB_INT("now", now_ms),
			DB_INT("idle", now_ms - MAX(STAFF_IDLE_MS, PERSON_IDLE_MS)));
		if (rows == NULL)
			return NULL;
	}
	if (rows == NULL || !db_next(rows)) {
		fill_visitor(result, visitor);
		return g_steal_pointer(&result);
	}
	result->actor.organisation = g_strdup(db_text(rows, "organisation"));
	result->peer = g_strdup(db_text(rows, "peer"));
	result->is_seen = now_ms - db_int(rows, "seen_ms") < COOKIE_SEEN_MS;
	gboolean is_staff = strcmp(db_text(rows, "kind"), kinds[ACTOR_STAFF].name) == 0;
	g_autoptr(GError) own = NULL;
	if ((is_staff ? fill_staff : fill_person)(result, db, db_text(rows, "subject"), &own))
		return g_steal_pointer(&result);
	if (!g_error_matches(own, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&own));
		return NULL;
	}
	/* Dismissed staff or an erased person: the cookie is worth nothing. */
	caller_free(g_steal_pointer(&result));
	return caller_load(db, NULL, visitor, now_ms, error);
}
