/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/log.h"
#include "core/json.h"
#include "ident/evidence.h"
#include "ident/sql.h"

gboolean ident_evidence_add(const booking_context *context, const ident_evidence *evidence, GError **error)
{
	g_autofree char *details = json_compact(evidence->details);
	if (db_run(context->db, error, SQL_EVIDENCE_ADD, DB_TEXT("id", evidence->id),
		    DB_TEXT("organisation", evidence->organisation), DB_TEXT("session", evidence->session),
		    DB_TEXT("attempt", evidence->attempt), DB_TEXT("person", evidence->person), DB_TEXT("kind", evidence->kind),
		    DB_TEXT("step", evidence->step), DB_TEXT("origin", evidence->origin), DB_TEXT("file", evidence->file),
		    DB_TEXT("sha256", evidence->sha256), DB_TEXT("details", details), DB_INT("now", context->now_ms)) < 0)
		return FALSE;
	g_autoptr(json_t) entry = json_pack("{s:s, s:s, s:s, s:O}", "kind", evidence->kind, "origin", evidence->origin, "sha256",
		evidence->sha256, "details", evidence->details);
	return audit_append(context->db,
		       &(audit_entry){ .organisation = evidence->organisation,
			       .actor = context->actor,
			       .action = "evidence.added",
			       .subjects = { evidence->id, evidence->session, evidence->attempt },
			       .details = entry,
			       .time_ms = context->now_ms },
		       error) >= 0;
}

json_t *ident_evidence_list(db *db, const char *session, const char *attempt, GError **error)
{
	g_autoptr(db_rows) rows =
		db_select(db, error, SQL_EVIDENCE_OF_SESSION, DB_TEXT("session", session), DB_TEXT("attempt", attempt));
	if (rows == NULL)
		return NULL;
	json_t *list = json_array();
	while (db_next(rows)) {
		json_t *row = db_row_json(rows);
		json_object_set_new(row, "details", json_loads(db_text(rows, "details"), 0, NULL));
		json_array_append_new(list, row);
	}
	return list;
}

gboolean ident_evidence_destroyed(
	const booking_context *context, const char *organisation, const char *session, const char *reason, GError **error)
{
	int64_t count =
		db_run(context->db, error, SQL_EVIDENCE_DESTROYED, DB_TEXT("session", session), DB_INT("now", context->now_ms));
	if (count < 0)
		return FALSE;
	store_touch(context->db, "session:%s", session);
	g_autoptr(json_t) details = json_pack("{s:s, s:I}", "reason", reason, "count", (json_int_t)count);
	return audit_append(context->db,
		       &(audit_entry){ .organisation = organisation,
			       .actor = context->actor,
			       .action = "evidence.destroyed",
			       .subjects = { session },
			       .details = details,
			       .time_ms = context->now_ms },
		       error) >= 0;
}
