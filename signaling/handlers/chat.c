/* SPDX-License-Identifier: EUPL-1.2 */
/* Text when the sound is bad. */
#include "booking/person.h"
#include "booking/staff.h"
#include "core/crypto.h"
#include "signaling/apart.h"
#include "signaling/error.h"
#include "signaling/limits.h"
#include "signaling/protocol/handlers.h"
#include "signaling/session.h"
#include "signaling/sql.h"

#include <string.h>

static char *name_of(const request *request, GError **error)
{
	if (request->actor->kind == ACTOR_STAFF) {
		g_autoptr(staff) staff = staff_load(request->db, request->actor->id, error);
		return staff != NULL ? g_strdup(staff->name) : NULL;
	}
	g_autoptr(person) person = person_load(request->db, request->actor->id, error);
	return person != NULL ? person_name(person) : NULL;
}

static session *current(const request *request, GError **error)
{
	g_autoptr(session) found = request->actor->kind == ACTOR_STAFF ? session_in_hand(request->db, request->actor->id, error)
								       : session_of_person(request->db, request->actor, error);
	if (found != NULL && found->state == SESSION_LIVE)
		return g_steal_pointer(&found);
	if (error == NULL || *error == NULL)
		g_set_error_literal(
			error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_MEETING, "You can write when the meeting has begun.");
	return NULL;
}

/* Who wrote when, and what a line can be held against; not what it says. */
static gboolean log_line(
	const request *request, const session *session, int64_t number, const char *salt, const char *text, GError **error)
{
	booking_context context = request_context(request);
	g_autofree char *salted = g_strconcat(salt, text, NULL);
	g_autofree char *digest = crypto_sha256_hex(salted, strlen(salted));
	g_autoptr(json_t) details = json_pack("{s:I, s:s}", "line", (json_int_t)number, "sha256", digest);
	return session_log(&context, session, "chat.sent", details, error);
}

json_t *handle_chat_send(request *request, const chat_send_in *in, GError **error)
{
	g_autoptr(session) session = current(request, error);
	g_autofree char *name = session != NULL ? name_of(request, error) : NULL;
	if (name == NULL)
		return NULL;
	g_autoptr(GHashTable) apart = apart_load(request->db, session, error);
	if (apart == NULL)
		return NULL;
	g_autofree char *salt = crypto_secret_new();
	g_autoptr(db_rows) added = db_select(request->db, error, SQL_CHAT_ADD, DB_TEXT("session", session->id),
		DB_INT("now", request->now_ms), DB_TEXT("participant", request->actor->id), DB_TEXT("name", name),
		DB_TEXT("text", in->text), DB_TEXT("salt", salt),
		DB_INT("apart", g_hash_table_contains(apart, request->actor->id)), DB_INT("most", CHAT_LINES_MAX));
	if (added != NULL && !db_next(added))
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_LIMIT,
			"So much was written in this meeting that no more can be.");
	if (added == NULL || db_row_count(added) == 0 ||
		!log_line(request, session, db_int(added, "number"), salt, in->text, error))
		return NULL;
	store_touch(request->db, "session:%s", session->id);
	return json_object();
}
