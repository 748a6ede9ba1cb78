/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/forget.h"

#include "booking/audit/log.h"
#include "ident/sql.h"

static gboolean forget_one(
	const booking_context *context, const char *organisation, const char *attempt, const char *reason, GError **error)
{
	static const char *const statements[] = { SQL_ATTEMPT_FORGET, SQL_CHECKS_FORGET, SQL_TAN_FORGET };
	for (size_t i = 0; i < G_N_ELEMENTS(statements); i++)
		if (db_run(context->db, error, statements[i], DB_TEXT("attempt", attempt)) < 0)
			return FALSE;
	return audit_erase(context->db, organisation, attempt, context->actor, reason, context->now_ms, error) >= 0;
}

gboolean ident_forget_unfinished(
	const booking_context *context, const char *organisation, const char *session, const char *reason, GError **error)
{
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_ATTEMPTS_UNFINISHED, DB_TEXT("session", session));
	while (rows != NULL && db_next(rows))
		if (!forget_one(context, organisation, db_text(rows, "id"), reason, error))
			return FALSE;
	return rows != NULL;
}
