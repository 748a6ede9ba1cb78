/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/link.h"
#include "booking/audit/log.h"
#include "booking/limits.h"
#include "booking/sql.h"
#include "core/crypto.h"

char *link_rotate(const booking_context *context, const char *person, GError **error)
{
	g_autofree char *token = crypto_secret_new();
	g_autofree char *hash = crypto_secret_hash(token);
	if (db_run(context->db, error, SQL_LINK_SET, DB_TEXT("id", person), DB_TEXT("link_hash", hash)) < 0)
		return NULL;
	return g_steal_pointer(&token);
}

static gboolean note(const booking_context *context, const db_rows *row, const char *action, GError **error)
{
	audit_entry entry = { .organisation = db_text(row, "responsible"),
		.actor = context->actor,
		.action = action,
		.subjects = { db_text(row, "id"), db_text(row, "appointment") },
		.time_ms = context->now_ms };
	return audit_append(context->db, &entry, error) >= 0;
}

static gboolean count_wrong_try(const booking_context *context, const db_rows *row, GError **error)
{
	int64_t tries = db_int(row, "link_tries") + 1;
	gboolean is_locked = tries >= LINK_TRIES;
	return db_run(context->db, error, SQL_LINK_COUNT, DB_TEXT("id", db_text(row, "id")),
		       DB_INT("link_tries", is_locked ? 0 : tries),
		       DB_INT("link_tries_total", db_int(row, "link_tries_total") + 1),
		       DB_INT("locked_until_ms", is_locked ? context->now_ms + LINK_LOCK_MS : 0)) >= 0 &&
	       note(context, row, "link.refused", error);
}

gboolean link_open(const booking_context *context, const char *token, const char *birth_date, link_result *result, char **person,
	GError **error)
{
	g_autofree char *hash = crypto_secret_hash(token);
	g_autoptr(db_rows) row = db_select(context->db, error, SQL_LINK_FIND, DB_TEXT("link_hash", hash));
	if (row == NULL)
		return FALSE;
	*result = LINK_WRONG;
	if (!db_next(row))
		return TRUE;
	if (db_int(row, "link_tries_total") >= LINK_TRIES_TOTAL || db_int(row, "link_locked_until_ms") > context->now_ms) {
		*result = LINK_LOCKED;
		return TRUE;
	}
	if (!crypto_equal_text(db_text(row, "birth_date"), birth_date))
		return count_wrong_try(context, row, error);

	const char *id = db_text(row, "id");
	if (db_run(context->db, error, SQL_LINK_COUNT, DB_TEXT("id", id), DB_INT("link_tries", 0),
		    DB_INT("link_tries_total", db_int(row, "link_tries_total")), DB_INT("locked_until_ms", 0)) < 0 ||
		db_run(context->db, error, SQL_PERSON_CONFIRMED, DB_TEXT("id", id)) < 0 ||
		!note(context, row, "link.opened", error))
		return FALSE;
	*result = LINK_OPENED;
	*person = g_strdup(id);
	store_touch(context->db, "person:%s", id);
	return TRUE;
}
