/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/sign-in.h"
#include "booking/limits.h"
#include "booking/sql.h"
#include "core/crypto.h"

/* What is typed into the field may be a mail address, or a password. */
static char *hash_of(const char *login)
{
	return crypto_sha256_hex(login, strlen(login));
}

gboolean sign_in_try(const booking_context *context, const char *login, gboolean *is_locked, GError **error)
{
	g_autofree char *hash = hash_of(login);
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_SIGN_IN_GET, DB_TEXT("login", hash));
	if (rows == NULL)
		return FALSE;
	gboolean is_known = db_next(rows);
	*is_locked = is_known && db_int(rows, "locked_until_ms") > context->now_ms;
	int64_t tries = (is_known ? db_int(rows, "tries") : 0) + !*is_locked, beyond = tries - SIGN_IN_TRIES;
	int64_t lock_ms = beyond < 0 ? 0 : MIN(SIGN_IN_LOCK_FIRST_MS << MIN(beyond, 10), SIGN_IN_LOCK_MAX_MS);
	int64_t until_ms = *is_locked ? db_int(rows, "locked_until_ms") : context->now_ms + lock_ms;
	return db_run(context->db, error, SQL_SIGN_IN_SET, DB_TEXT("login", hash), DB_INT("tries", tries),
		       DB_INT("locked_until_ms", until_ms), DB_INT("now_ms", context->now_ms)) >= 0;
}

gboolean sign_in_succeeded(const booking_context *context, const char *login, GError **error)
{
	g_autofree char *hash = hash_of(login);
	return db_run(context->db, error, SQL_SIGN_IN_FORGET, DB_TEXT("login", hash)) >= 0;
}

gboolean sign_in_sweep(const booking_context *context, GError **error)
{
	return db_run(context->db, error, SQL_SIGN_IN_SWEEP, DB_INT("before_ms", context->now_ms - SIGN_IN_FORGET_MS)) >= 0;
}
