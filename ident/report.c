/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/checkpoint.h"
#include "booking/audit/log.h"
#include "booking/audit/proof.h"
#include "booking/notice.h"
#include "booking/office.h"
#include "booking/organisation.h"
#include "booking/person.h"
#include "core/json.h"
#include "ident/attempt-private.h"
#include "ident/consent.h"
#include "ident/draw.h"
#include "ident/error.h"
#include "ident/evidence.h"
#include "ident/pdf-attachment.h"
#include "ident/report.h"
#include "ident/sql.h"

void ident_report_free(ident_report *report)
{
	if (report == NULL)
		return;
	g_free(report->id);
	g_free(report->organisation);
	g_free(report->session);
	g_free(report->person);
	g_free(report->body);
	g_free(report->sealed);
	g_free(report);
}

ident_report *ident_report_load(db *db, const char *id, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_REPORT_BY_ID, DB_TEXT("id", id));
	if (rows == NULL)
		return NULL;
	if (!db_next(rows)) {
		ident_fail(error, IDENT_ERROR_NOT_FOUND, "There is no such report.");
		return NULL;
	}
	ident_report *report = g_new0(ident_report, 1);
	report->id = g_strdup(db_text(rows, "id"));
	report->organisation = g_strdup(db_text(rows, "organisation"));
	report->session = g_strdup(db_text(rows, "session"));
	report->person = g_strdup(db_text(rows, "person"));
	report->sequence = db_int(rows, "sequence");
	report->body = g_strdup(db_text(rows, "body"));
	report->sealed = g_strdup(db_text(rows, "sealed"));
	return report;
}

/* --- the body, part by part --- */

static json_t *organisation_part(db *db, const char *id, GError **error)
{
	g_autoptr(organisation) organisation = organisation_load(db, id, error);
	return organisation != NULL ? json_pack("{s:s, s:s}", "id", organisation->id, "name", organisation->name) : NULL;
}

static json_t *person_part(const person *person)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s}", "id", person->id, "role", person->role, "given_names",
		person->given_names, "family_name", person->family_name, "birth_name", person->birth_name, "birth_date",
		person->birth_date);
}

static json_t *service_part(db *db, const appointment *appointment, GError **error)
{
	g_autoptr(json_t) office = office_get(db, appointment->office, error);
	if (office == NULL)
		return NULL;
	return json_pack("{s:s, s:s, s:{s:s, s:s}, s:s, s:s}", "appointment", appointment->id, "key", appointment->service_key,
		"name", "de", appointment->service_name_de, "en", appointment->service_name_en, "office",
		json_text(office, "name"), "time_zone", json_text(office, "time_zone"));
}

static json_t *procedure_part(const ident_procedure *procedure)
{
	return json_pack("{s:s, s:i, s:s, s:O}", "key", procedure->key, "version", procedure->version, "sha256",
		procedure->sha256, "title", procedure->title);
}

static json_t *document_part(const ident_attempt *attempt)
{
	ident_mrz mrz;
	json_t *part = json_pack("{s:s, s:i}", "type", attempt->document->type, "catalogue_version", attempt->document->version);
	if (!attempt_mrz(attempt, &mrz))
		return part;
	g_autofree char *expiry = ident_mrz_expiry_date(&mrz, attempt->ended_ms);
	json_t *read = json_pack("{s:s, s:s, s:s, s:s, s:s?}", "code", mrz.code, "issuer", mrz.issuer, "nationality",
		mrz.nationality, "number", mrz.number, "expiry_date", expiry);
	json_object_update(part, read);
	json_decref(read);
	return part;
}

static json_t *consent_part(db *db, const ident_attempt *attempt, GError **error)
{
	g_autoptr(db_rows) rows = db_select(
		db, error, SQL_CONSENT_LATEST, DB_TEXT("session", attempt->session), DB_TEXT("person", attempt->person));
	if (rows == NULL)
		return NULL;
	if (!db_next(rows))
		return json_null();
	return json_pack("{s:s, s:s, s:I}", "state", db_text(rows, "state"), "text_version", db_text(rows, "text_version"),
		"declared_ms", (json_int_t)db_int(rows, "declared_ms"));
}

static json_t *checks_part(db *db, const ident_attempt *attempt, GError **error)
{
	g_autoptr(GPtrArray) checks = ident_checks_load(db, attempt->id, attempt->procedure, error);
	if (checks == NULL)
		return NULL;
	json_t *list = json_array();
	for (guint i = 0; i < checks->len; i++) {
		const ident_check *check = checks->pdata[i];
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:s, s:s?, s:s, s:s?, s:s?, s:s?, s:i, s:s?, s:I}", "step", check->step,
				      "kind", ident_kind_name(check->rule->kind), "rule", check->rule->rule, "choice",
				      check->choice, "state", ident_check_state_name(check->state), "result", check->result,
				      "answer", check->answer, "still", check->still, "tries", check->tries, "decided_by",
				      check->decided_by, "decided_ms", (json_int_t)check->decided_ms));
	}
	return list;
}

static json_t *draws_part(db *db, const ident_attempt *attempt, GError **error)
{
	g_autofree char *prefix = attempt_draw_label(attempt->person, attempt->number, "");
	return draw_list(db, attempt->organisation, prefix, error);
}

/* Set a member, unless making it failed. */
static gboolean set(json_t *body, const char *key, json_t *part)
{
	return part != NULL && json_object_set_new(body, key, part) == 0;
}

json_t *ident_report_body(db *db, const ident_attempt *attempt, const char *report, json_t *recording, GError **error)
{
	g_autoptr(person) person = person_load(db, attempt->person, error);
	g_autoptr(appointment) appointment = person != NULL ? appointment_of_case(db, person->case_id, error) : NULL;
	if (appointment == NULL)
		return NULL;
	g_autoptr(json_t) body = json_pack("{s:s, s:s, s:i, s:s, s:I, s:I, s:s, s:s?, s:O}", "report", report, "attempt",
		attempt->id, "number", attempt->number, "session", attempt->session, "started_ms",
		(json_int_t)attempt->started_ms, "ended_ms", (json_int_t)attempt->ended_ms, "officer", attempt->officer,
		"verdict", attempt->verdict, "reasons", attempt->reasons);
	gboolean is_whole =
		set(body, "organisation", organisation_part(db, attempt->organisation, error)) &&
		set(body, "officer_organisation", organisation_part(db, attempt->officer_organisation, error)) &&
		set(body, "person", person_part(person)) && set(body, "service", service_part(db, appointment, error)) &&
		set(body, "procedure", procedure_part(attempt->procedure)) && set(body, "document", document_part(attempt)) &&
		set(body, "consent", consent_part(db, attempt, error)) && set(body, "checks", checks_part(db, attempt, error)) &&
		set(body, "comparisons", attempt_comparisons(db, attempt, attempt->ended_ms, error)) &&
		set(body, "draws", draws_part(db, attempt, error)) &&
		set(body, "evidence", ident_evidence_list(db, attempt->session, attempt->id, error)) &&
		set(body, "recording", recording != NULL ? json_incref(recording) : json_null());
	return is_whole ? g_steal_pointer(&body) : NULL;
}

char *ident_report_extract(const char *file, gsize length)
{
	if (!g_str_has_prefix(file, "%PDF-"))
		return g_strndup(file, length);
	gsize attached;
	return pdf_attachment(file, length, &attached);
}

/* --- sealing --- */

/* Leaf, opening, and the proof of inclusion in the oldest checkpoint that covers the verdict. */
static json_t *audit_part(db *db, const ident_report *report, GError **error)
{
	int64_t size;
	g_autofree char *note = audit_checkpoint_covering(db, report->organisation, report->sequence + 1, &size, error);
	if (note == NULL) {
		if (error != NULL && *error == NULL)
			ident_refuse(error, IDENT_REFUSAL_REPORT_UNSEALED, NULL, NULL);
		return NULL;
	}
	g_autofree char *leaf_text = audit_leaf(db, report->organisation, report->sequence, error);
	g_autoptr(json_t) leaf = leaf_text != NULL ? json_loads(leaf_text, 0, NULL) : NULL;
	g_autoptr(json_t) opening = leaf != NULL ? audit_opening(db, report->organisation, report->sequence, error) : NULL;
	g_autoptr(json_t) inclusion =
		opening != NULL ? audit_inclusion(db, report->organisation, report->sequence, size, error) : NULL;
	if (inclusion == NULL)
		return NULL;
	return json_pack("{s:O, s:O, s:I, s:O, s:s}", "leaf", leaf, "opening", opening, "size", (json_int_t)size, "inclusion",
		inclusion, "checkpoint", note);
}

/* The person's mail that the report can be fetched. */
static gboolean tell(const booking_context *context, const ident_report *report, GError **error)
{
	g_autoptr(person) person = person_load(context->db, report->person, error);
	g_autoptr(appointment) appointment = person != NULL ? appointment_of_case(context->db, person->case_id, error) : NULL;
	return appointment != NULL &&
	       notice_queue(context, NOTICE_REPORT_READY, appointment, person, report->sequence, NULL, error);
}

static gboolean log_report(const booking_context *context, const ident_report *report, const char *action, GError **error)
{
	return audit_append(context->db,
		       &(audit_entry){ .organisation = report->organisation,
			       .actor = context->actor,
			       .action = action,
			       .subjects = { report->id, report->session, report->person },
			       .time_ms = context->now_ms },
		       error) >= 0;
}

gboolean ident_report_note_reading(const booking_context *context, const ident_report *report, GError **error)
{
	return log_report(context, report, "report.read", error);
}

gboolean ident_report_seal(
	const booking_context *context, const char *id, const char *signature, const char *verifier_key, GError **error)
{
	g_autoptr(ident_report) report = ident_report_load(context->db, id, error);
	if (report == NULL)
		return FALSE;
	if (report->sealed != NULL)
		return TRUE;
	json_t *audit = audit_part(context->db, report, error);
	if (audit == NULL)
		return FALSE;
	g_autoptr(json_t) file = json_pack("{s:s, s:o, s:{s:s, s:s}, s:o}", "format", IDENT_REPORT_DOMAIN, "body",
		json_loads(report->body, 0, NULL), "signature", "verifier_key", verifier_key, "value", signature, "audit", audit);
	g_autofree char *text = json_canonical(file, error);
	if (text == NULL)
		return FALSE;
	store_touch(context->db, "session:%s", report->session);
	return db_run(context->db, error, SQL_REPORT_SEAL, DB_TEXT("id", id), DB_TEXT("sealed", text)) == 1 &&
	       log_report(context, report, "report.sealed", error) && tell(context, report, error);
}
