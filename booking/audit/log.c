/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/log.h"
#include "booking/audit/leaf.h"
#include "booking/audit/merkle.h"
#include "booking/sql.h"
#include "core/json.h"
#include <string.h>

enum { SALT_BYTES = 32, HEX_BYTES = 2 * CRYPTO_HASH_BYTES };

/* (transfer full) The leaf's hash and those of all subtrees that it completes: one for each one bit at the end of `sequence`.
 * Their left halves end with the entries `sequence` - 1, - 2, - 4, … */
static char *hashes_of(db *db, const char *organisation, int64_t sequence, const GString *leaf, GError **error)
{
	g_autoptr(GString) hashes = g_string_new(NULL);
	merkle_hash hash, left;
	merkle_leaf(leaf->str, leaf->len, &hash);
	for (guint level = 0;; level++) {
		g_autofree char *hex = merkle_hex(&hash);
		g_string_append(hashes, hex);
		if ((sequence >> level & 1) == 0)
			return g_string_free(g_steal_pointer(&hashes), FALSE);
		g_autoptr(db_rows) rows = db_select(db, error, SQL_AUDIT_HASHES, DB_TEXT("organisation", organisation),
			DB_INT("sequence", sequence - ((int64_t)1 << level)));
		if (rows == NULL)
			return NULL;
		const char *stored = db_next(rows) ? db_text(rows, "hashes") : "";
		if (strlen(stored) != (level + 1) * HEX_BYTES || !merkle_parse(stored + level * HEX_BYTES, HEX_BYTES, &left)) {
			g_set_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE,
				"The audit log of %s is damaged before entry %" G_GINT64_FORMAT ". Run: jawort audit verify",
				organisation, sequence);
			return NULL;
		}
		merkle_node(&left, &hash, &hash);
	}
}

static int64_t next_sequence(db *db, const char *organisation, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_AUDIT_GROW, DB_TEXT("organisation", organisation));
	return rows != NULL && db_next(rows) ? db_int(rows, "size") - 1 : -1;
}

/* (transfer full) */
static char *subjects_text(const audit_entry *entry)
{
	GString *text = g_string_new("[");
	for (guint i = 0; i < AUDIT_SUBJECTS_MAX && entry->subjects[i] != NULL; i++) {
		if (i > 0)
			g_string_append_c(text, ',');
		json_canonical_string(text, entry->subjects[i]);
	}
	g_string_append_c(text, ']');
	return g_string_free(text, FALSE);
}

static gboolean insert_subjects(db *db, const audit_entry *entry, int64_t sequence, GError **error)
{
	for (guint i = 0; i < AUDIT_SUBJECTS_MAX && entry->subjects[i] != NULL; i++)
		if (db_run(db, error, SQL_AUDIT_INSERT_SUBJECT, DB_TEXT("organisation", entry->organisation),
			    DB_TEXT("subject", entry->subjects[i]), DB_INT("sequence", sequence)) < 0)
			return FALSE;
	return TRUE;
}

/* `digest` (out, transfer full) stays NULL without details. */
static gboolean insert_details(db *db, const audit_entry *entry, int64_t sequence, char **digest, GError **error)
{
	if (entry->details == NULL)
		return TRUE;
	guint8 random[SALT_BYTES];
	crypto_random(random, sizeof(random));
	g_autofree char *salt = crypto_hex(random, sizeof(random));
	g_autofree char *details = json_canonical(entry->details, error);
	if (details == NULL)
		return FALSE;
	*digest = audit_digest(salt, details);
	return db_run(db, error, SQL_AUDIT_INSERT_DETAILS, DB_TEXT("organisation", entry->organisation),
		       DB_INT("sequence", sequence), DB_TEXT("salt", salt), DB_TEXT("details", details)) == 1;
}

/* What the signer would refuse must not get in: nothing after it could ever be signed. */
static gboolean check_leaf(const GString *leaf, GError **error)
{
	if (leaf->len <= AUDIT_LEAF_MAX_BYTES && g_utf8_validate(leaf->str, (gssize)leaf->len, NULL))
		return TRUE;
	g_set_error_literal(
		error, DB_ERROR, DB_ERROR_BUG, "An audit entry is too long or no UTF-8; long texts belong into its details.");
	return FALSE;
}

int64_t audit_append(db *db, const audit_entry *entry, GError **error)
{
	int64_t sequence = next_sequence(db, entry->organisation, error);
	g_autofree char *digest = NULL;
	if (sequence < 0 || !insert_details(db, entry, sequence, &digest, error))
		return -1;
	g_autofree char *subjects = subjects_text(entry);
	audit_leaf_fields fields = { entry->organisation, entry->actor, entry->action, subjects, digest, sequence,
		entry->time_ms };
	GString *leaf = audit_leaf_text(&fields);
	g_autofree char *hashes = check_leaf(leaf, error) ? hashes_of(db, entry->organisation, sequence, leaf, error) : NULL;
	g_string_free(leaf, TRUE);
	if (hashes == NULL ||
		db_run(db, error, SQL_AUDIT_INSERT, DB_TEXT("organisation", entry->organisation), DB_INT("sequence", sequence),
			DB_INT("time_ms", entry->time_ms), DB_TEXT("actor", entry->actor), DB_TEXT("action", entry->action),
			DB_TEXT("subjects", subjects), DB_TEXT("digest", digest), DB_TEXT("hashes", hashes)) < 0 ||
		!insert_subjects(db, entry, sequence, error))
		return -1;
	store_touch(db, "entries");
	store_touch(db, "entries:%s", entry->organisation);
	return sequence;
}

int64_t audit_erase(db *db, const char *organisation, const char *subject, const char *actor, const char *reason, int64_t now_ms,
	GError **error)
{
	int64_t count = db_run(db, error, SQL_AUDIT_ERASE, DB_TEXT("organisation", organisation), DB_TEXT("subject", subject));
	if (count <= 0)
		return count;
	g_autoptr(json_t) details = json_pack("{sssI}", "reason", reason, "count", (json_int_t)count);
	audit_entry entry = { organisation, actor, "details.erased", { subject }, details, now_ms };
	return audit_append(db, &entry, error) >= 0 ? count : -1;
}

int64_t audit_size(db *db, const char *organisation, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_AUDIT_SIZE, DB_TEXT("organisation", organisation));
	if (rows == NULL)
		return -1;
	return db_next(rows) ? db_int(rows, "size") : 0;
}

GPtrArray *audit_organisations(db *db, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_AUDIT_ORGANISATIONS);
	if (rows == NULL)
		return NULL;
	GPtrArray *organisations = g_ptr_array_new_with_free_func(g_free);
	while (db_next(rows))
		g_ptr_array_add(organisations, g_strdup(db_text(rows, "organisation")));
	return organisations;
}

GPtrArray *audit_leaves(db *db, const char *organisation, int64_t from, int64_t count, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_AUDIT_LEAVES, DB_TEXT("organisation", organisation),
		DB_INT("from", from), DB_INT("to", from + count));
	if (rows == NULL)
		return NULL;
	GPtrArray *leaves = g_ptr_array_new_with_free_func(g_free);
	while (db_next(rows)) {
		audit_leaf_fields fields = audit_leaf_fields_of(rows);
		g_ptr_array_add(leaves, g_string_free(audit_leaf_text(&fields), FALSE));
	}
	return leaves;
}

char *audit_leaf(db *db, const char *organisation, int64_t sequence, GError **error)
{
	g_autoptr(GPtrArray) leaves = audit_leaves(db, organisation, sequence, 1, error);
	if (leaves == NULL)
		return NULL;
	if (leaves->len == 1)
		return g_strdup(leaves->pdata[0]);
	g_set_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE, "The log has no entry %" G_GINT64_FORMAT ".", sequence);
	return NULL;
}

json_t *audit_opening(db *db, const char *organisation, int64_t sequence, GError **error)
{
	g_autoptr(db_rows) rows = db_select(
		db, error, SQL_AUDIT_OPENING, DB_TEXT("organisation", organisation), DB_INT("sequence", sequence));
	if (rows == NULL)
		return NULL;
	if (!db_next(rows)) {
		g_set_error_literal(error, DB_ERROR, DB_ERROR_UNAVAILABLE, "The entry has no details.");
		return NULL;
	}
	return json_pack("{s:s, s:o}", "salt", db_text(rows, "salt"), "details", json_loads(db_text(rows, "details"), 0, NULL));
}

/* The columns that hold JSON are shown as JSON. */
static json_t *entry_json(const db_rows *row)
{
	static const char *const parsed[] = { "subjects", "details" };
	json_t *entry = db_row_json(row);
	for (guint i = 0; i < G_N_ELEMENTS(parsed); i++) {
		const char *text = db_text(row, parsed[i]);
		json_t *value = text != NULL ? json_loads(text, 0, NULL) : NULL;
		json_object_set_new(entry, parsed[i], value != NULL ? value : json_null());
	}
	return entry;
}

static json_t *entries_json(db_rows *rows)
{
	json_t *entries = json_array();
	while (db_next(rows))
		json_array_append_new(entries, entry_json(rows));
	return entries;
}

json_t *audit_entries(db *db, const char *organisation, int64_t from, int64_t count, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_AUDIT_ENTRIES, DB_TEXT("organisation", organisation),
		DB_INT("from", from), DB_INT("to", from + count));
	return rows != NULL ? entries_json(rows) : NULL;
}

json_t *audit_entries_about(db *db, const char *organisation, const char *subject, int64_t count, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_AUDIT_ENTRIES_ABOUT, DB_TEXT("organisation", organisation),
		DB_TEXT("subject", subject), DB_INT("count", count));
	return rows != NULL ? entries_json(rows) : NULL;
}
