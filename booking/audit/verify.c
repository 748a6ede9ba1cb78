/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/verify.h"
#include "booking/audit/checkpoint.h"
#include "booking/audit/log-check.h"
#include "booking/sql.h"
#include "core/error.h"
#include "core/json.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_AT_ONCE = 2000, LINE_MAX_BYTES = 1 << 20, LINE_MAX_DEPTH = 12 };

/* --- databases --- */

typedef gboolean (*row_visitor)(const db_rows *row, gpointer data, GError **error);

/* All entries of a log with their details, some thousand at a time. */
static gboolean each_entry(db *db, const char *organisation, row_visitor visit, gpointer data, GError **error)
{
	int64_t next = G_MININT64;
	for (;;) {
		g_autoptr(db_rows) rows = db_select(db, error, SQL_AUDIT_VERIFY, DB_TEXT("organisation", organisation),
			DB_INT("from", next), DB_INT("count", ROWS_AT_ONCE));
		if (rows == NULL)
			return FALSE;
		int64_t last = next;
		while (db_next(rows)) {
			if (!visit(rows, data, error))
				return FALSE;
			last = db_int(rows, "sequence");
		}
		/* A sequence that is no number sorts last and counts as 0: it was reported, and what follows cannot be ordered. */
		if (db_row_count(rows) < ROWS_AT_ONCE || last < next)
			return TRUE;
		next = last + 1;
	}
}

static gboolean check_row(const db_rows *row, gpointer data, G_GNUC_UNUSED GError **error)
{
	audit_leaf_fields fields = audit_leaf_fields_of(row);
	log_check_entry(data, &fields, db_text(row, "hashes"), db_text(row, "salt"), db_text(row, "details"));
	return TRUE;
}

static gboolean verify_log(
	db *db, const char *organisation, int64_t size, const audit_verifier *verifier, audit_figures *figures, GError **error)
{
	g_autoptr(db_rows) keys = db_select(db, error, SQL_AUDIT_KEY, DB_TEXT("organisation", organisation));
	g_autoptr(db_rows) checkpoints = db_select(db, error, SQL_AUDIT_CHECKPOINTS, DB_TEXT("organisation", organisation));
	if (keys == NULL || checkpoints == NULL)
		return FALSE;
	log_check *check = log_check_new(organisation, db_next(keys) ? db_text(keys, "verifier") : NULL, verifier, figures);
	while (db_next(checkpoints))
		log_check_checkpoint(check, db_text(checkpoints, "note"), db_int(checkpoints, "size"));
	gboolean is_read = each_entry(db, organisation, check_row, check, error);
	log_check_end(check, size);
	return is_read;
}

/* Details that belong to no entry: the check of the entries cannot see them. */
static gboolean verify_orphans(db *db, const audit_verifier *verifier, audit_figures *figures, GError **error)
{
	g_autoptr(db_rows) orphans = db_select(db, error, SQL_AUDIT_ORPHANS);
	if (orphans == NULL)
		return FALSE;
	while (db_next(orphans)) {
		g_autofree char *text =
			g_strdup_printf("%s: there are details for entry %" G_GINT64_FORMAT ", which does not exist",
				db_text(orphans, "organisation"), db_int(orphans, "sequence"));
		figures->findings++;
		verifier->on_finding(verifier->data, text);
	}
	return TRUE;
}

gboolean audit_verify_database(db *db, const audit_verifier *verifier, audit_figures *figures, GError **error)
{
	*figures = (audit_figures){ 0 };
	g_autoptr(db_rows) logs = db_select(db, error, SQL_AUDIT_LOGS);
	if (logs == NULL)
		return FALSE;
	while (db_next(logs))
		if (!verify_log(db, db_text(logs, "organisation"), db_int(logs, "size"), verifier, figures, error))
			return FALSE;
	return verify_orphans(db, verifier, figures, error);
}

/* --- exports --- */

static gboolean write_line(FILE *file, json_t *line, GError **error)
{
	g_autofree char *text = json_canonical(line, error);
	json_decref(line);
	if (text == NULL)
		return FALSE;
	if (fprintf(file, "%s\n", text) >= 0)
		return TRUE;
	g_set_error(error, CORE_ERROR, CORE_ERROR_FILE, "The export cannot be written: %s.", g_strerror(errno));
	return FALSE;
}

static json_t *json_or_null(const char *text)
{
	json_t *value = text != NULL ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
	return value != NULL ? value : json_null();
}

static json_t *string_or_null(const char *text)
{
	return text != NULL ? json_string(text) : json_null();
}

static gboolean export_row(const db_rows *row, gpointer data, GError **error)
{
	audit_leaf_fields fields = audit_leaf_fields_of(row);
	GString *leaf = audit_leaf_text(&fields);
	json_t *line = json_pack("{sosssoso}", "leaf", json_or_null(leaf->str), "hashes", db_text(row, "hashes"), "salt",
		string_or_null(db_text(row, "salt")), "details", json_or_null(db_text(row, "details")));
	g_string_free(leaf, TRUE);
	return write_line(data, line, error);
}

static gboolean export_log(db *db, const char *organisation, int64_t size, FILE *file, GError **error)
{
	g_autofree char *key = audit_checkpoint_key(db, organisation, error);
	g_autoptr(db_rows) checkpoints = db_select(db, error, SQL_AUDIT_CHECKPOINTS, DB_TEXT("organisation", organisation));
	if (checkpoints == NULL || !write_line(file,
					   json_pack("{sssosssI}", "format", "jawort-audit-1", "key", string_or_null(key),
						   "organisation", organisation, "size", (json_int_t)size),
					   error))
		return FALSE;
	while (db_next(checkpoints))
		if (!write_line(file, json_pack("{ss}", "checkpoint", db_text(checkpoints, "note")), error))
			return FALSE;
	return each_entry(db, organisation, export_row, file, error);
}

gboolean audit_export(db *db, const char *organisation, FILE *file, GError **error)
{
	g_autoptr(db_rows) logs = db_select(db, error, SQL_AUDIT_LOGS);
	if (logs == NULL)
		return FALSE;
	while (db_next(logs)) {
		const char *each = db_text(logs, "organisation");
		if ((organisation == NULL || g_str_equal(organisation, each)) &&
			!export_log(db, each, db_int(logs, "size"), file, error))
			return FALSE;
	}
	return TRUE;
}

typedef struct {
	const audit_verifier *verifier;
	audit_figures *figures;
	log_check *check;
	int64_t size;
} export_reader;

static void end_log(export_reader *self)
{
	if (self->check != NULL)
		log_check_end(self->check, self->size);
	self->check = NULL;
}

static gboolean read_head(export_reader *self, const json_t *line)
{
	const char *organisation = json_text(line, "organisation");
	if (g_strcmp0(json_text(line, "format"), "jawort-audit-1") != 0 || organisation == NULL)
		return FALSE;
	end_log(self);
	self->size = json_int(line, "size");
	self->check = log_check_new(organisation, json_text(line, "key"), self->verifier, self->figures);
	return TRUE;
}

static gboolean read_entry(export_reader *self, const json_t *line)
{
	const json_t *leaf = json_object_get(line, "leaf"), *details = json_object_get(line, "details");
	const json_t *subject_list = json_object_get(leaf, "subjects");
	g_autofree char *subjects = subject_list != NULL ? json_canonical(subject_list, NULL) : NULL;
	audit_leaf_fields fields = { json_text(leaf, "organisation"), json_text(leaf, "actor"), json_text(leaf, "action"),
		subjects, json_text(leaf, "details"), json_int(leaf, "sequence"), json_int(leaf, "time_ms") };
	if (fields.organisation == NULL || fields.actor == NULL || fields.action == NULL || subjects == NULL ||
		json_text(line, "hashes") == NULL)
		return FALSE;
	g_autofree char *details_text = json_is_object(details) ? json_canonical(details, NULL) : NULL;
	log_check_entry(self->check, &fields, json_text(line, "hashes"), json_text(line, "salt"), details_text);
	return TRUE;
}

static gboolean read_line(export_reader *self, const char *text, size_t length, GError **error)
{
	g_autoptr(json_t) line = json_read(text, length, LINE_MAX_BYTES, LINE_MAX_DEPTH, error);
	if (line == NULL)
		return FALSE;
	gboolean is_good;
	if (json_object_get(line, "format") != NULL) {
		is_good = read_head(self, line);
	} else if (self->check != NULL && json_text(line, "checkpoint") != NULL) {
		is_good = TRUE;
		log_check_checkpoint(self->check, json_text(line, "checkpoint"), -1);
	} else {
		is_good = self->check != NULL && read_entry(self, line);
	}
	if (!is_good)
		g_set_error_literal(
			error, CORE_ERROR, CORE_ERROR_FORMAT, "it is neither the head of a log, a checkpoint nor an entry.");
	return is_good;
}

gboolean audit_verify_export(FILE *file, const audit_verifier *verifier, audit_figures *figures, GError **error)
{
	*figures = (audit_figures){ 0 };
	export_reader reader = { .verifier = verifier, .figures = figures };
	char *text = NULL;
	size_t capacity = 0;
	ssize_t length;
	gboolean is_good = TRUE;
	for (guint number = 1; is_good && (length = getline(&text, &capacity, file)) > 0; number++) {
		is_good = read_line(&reader, text, (size_t)length, error);
		if (!is_good)
			g_prefix_error(error, "Line %u cannot be read: ", number);
	}
	free(text);
	end_log(&reader);
	return is_good;
}
