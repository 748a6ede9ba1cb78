/* SPDX-License-Identifier: EUPL-1.2 */
/* Writes a log, tampers with each column of each table, and expects the verifier to name what was touched. */
#include "booking/audit/checkpoint.h"
#include "booking/audit/log.h"
#include "booking/audit/proof.h"
#include "booking/audit/verify.h"
#include "booking/sql.h"
#include "core/db/db-private.h"
#include "core/json.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES = 21, SIGNED = 16 };

typedef struct {
	store *store;
	crypto_keypair pair;
	char *key;
	GString *findings;
	audit_figures figures;
	const char *const *trusted_keys;
} fixture;

static gboolean sign_at(db *db, fixture *self, int64_t size, GError **error)
{
	merkle_hash root;
	g_autofree char *origin = audit_origin("organisation_a");
	if (!audit_root(db, "organisation_a", size, &root, error))
		return FALSE;
	g_autofree char *text = audit_checkpoint_text(origin, size, &root);
	g_autofree char *note = audit_note_sign(text, origin, &self->pair);
	return audit_checkpoint_store(db, "organisation_a", size, note, self->key, 1, error);
}

static gboolean write_log(db *db, gpointer data, GError **error)
{
	for (int i = 0; i < ENTRIES; i++) {
		g_autoptr(json_t) details = json_pack("{sssi}", "name", "Ærøskøbing", "number", i);
		g_autofree char *subject = g_strdup_printf("case_%d", i / 3);
		audit_entry entry = { "organisation_a", "staff:staff_1", "case.changed", { subject, "office_1" },
			i % 4 == 3 ? NULL : details, 1000 + i };
		if (audit_append(db, &entry, error) != i || ((i + 1) % 8 == 0 && !sign_at(db, data, i + 1, error)))
			return FALSE;
	}
	audit_entry other = { "organisation_b", "system", "office.opened", { NULL }, NULL, 5 };
	return audit_append(db, &other, error) == 0;
}

static void set_up(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *origin = audit_origin("organisation_a");
	crypto_keypair_new(&self->pair);
	self->key = audit_verifier_key(origin, self->pair.public);
	self->findings = g_string_new(NULL);
	self->store = store_open("sqlite::memory:", booking_migrations, &error);
	store_write_wait(self->store, write_log, self, &error);
	g_assert_no_error(error);
}

static void tear_down(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	store_close(self->store);
	g_free(self->key);
	g_string_free(self->findings, TRUE);
}

static void on_finding(gpointer data, const char *text)
{
	g_string_append_printf(((fixture *)data)->findings, "%s\n", text);
}

static gboolean verify_job(db *db, gpointer data, GError **error)
{
	fixture *self = data;
	audit_verifier verifier = { self->trusted_keys, on_finding, self };
	return audit_verify_database(db, &verifier, &self->figures, error);
}

static void verify(fixture *self)
{
	g_autoptr(GError) error = NULL;
	g_string_truncate(self->findings, 0);
	store_read(self->store, verify_job, self, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(self->figures.findings > 0, ==, self->findings->len > 0);
}

static gboolean script_job(db *db, gpointer data, GError **error)
{
	return db->driver->script(db, data, error);
}

static void tamper(fixture *self, const char *sql)
{
	g_autoptr(GError) error = NULL;
	store_write_wait(self->store, script_job, (gpointer)sql, &error);
	g_assert_no_error(error);
}

static void assert_found(fixture *self, const char *sql, const char *named)
{
	tamper(self, sql);
	verify(self);
	if (strstr(self->findings->str, named) == NULL)
		g_error("after: %s\nnot found: %s\nbut: %s", sql, named, self->findings->str);
}

static void test_clean(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	const char *const right[] = { self->key, NULL }, *const wrong[] = { "jawort/audit/organisation_a+00000000+AA==", NULL };
	self->trusted_keys = right;
	verify(self);
	g_assert_cmpstr(self->findings->str, ==, "");
	g_assert_cmpint(self->figures.logs, ==, 2);
	g_assert_cmpint(self->figures.entries, ==, ENTRIES + 1);
	g_assert_cmpint(self->figures.checkpoints, ==, 2);
	g_assert_cmpint(self->figures.signed_entries, ==, SIGNED);
	self->trusted_keys = wrong;
	verify(self);
	g_assert_nonnull(strstr(self->findings->str, "not among the trusted keys"));
}

typedef struct {
	const char *name, *sql, *named;
} change;

/* %d in `sql` and `named` is the row; each is tried on every row that has such a column. */
static const change columns[] = {
	{ "time", "UPDATE entry SET time_ms = time_ms + 1 WHERE organisation = 'organisation_a' AND sequence = %d",
		"entry %d (" },
	{ "actor", "UPDATE entry SET actor = 'system' WHERE organisation = 'organisation_a' AND sequence = %d", "entry %d (" },
	{ "action", "UPDATE entry SET action = 'case.kept' WHERE organisation = 'organisation_a' AND sequence = %d",
		"entry %d (" },
	{ "subjects", "UPDATE entry SET subjects = '[]' WHERE organisation = 'organisation_a' AND sequence = %d", "entry %d (" },
	{ "digest", "UPDATE entry SET digest = 'aa' WHERE organisation = 'organisation_a' AND sequence = %d", "entry %d (" },
	{ "hash",
		"UPDATE entry SET hashes = REPLACE(hashes, SUBSTR(hashes, 5, 1), 'x') WHERE organisation = 'organisation_a' AND "
		"sequence = %d",
		"entry %d (" },
	{ "short", "UPDATE entry SET hashes = '' WHERE organisation = 'organisation_a' AND sequence = %d", "entry %d (" },
	{ "long", "UPDATE entry SET hashes = hashes || 'ab' WHERE organisation = 'organisation_a' AND sequence = %d",
		"entry %d:" },
	{ "wrong-log", "UPDATE entry SET organisation = 'organisation_c' WHERE organisation = 'organisation_a' AND sequence = %d",
		"entry %d missing" },
	{ "deleted", "DELETE FROM entry WHERE organisation = 'organisation_a' AND sequence = %d", "entry %d missing" },
	{ "text-in-number", "UPDATE entry SET time_ms = 'soon' WHERE organisation = 'organisation_a' AND sequence = %d",
		"entry %d (" },
	{ "swapped",
		"UPDATE entry SET sequence = -1 WHERE organisation = 'organisation_a' AND sequence = %d;"
		"UPDATE entry SET sequence = %d WHERE organisation = 'organisation_a' AND sequence = 20 - %d;"
		"UPDATE entry SET sequence = 20 - %d WHERE organisation = 'organisation_a' AND sequence = -1",
		"entry %d (" },
	{ "doubled",
		"UPDATE entry SET sequence = sequence + 1000000 WHERE organisation = 'organisation_a' AND sequence > %d;"
		"UPDATE entry SET sequence = sequence - 999999 WHERE organisation = 'organisation_a' AND sequence > 1000000;",
		"missing" },
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static char *for_row(const char *format, int row)
{
	return g_strdup_printf(format, row, row, row, row);
}
#pragma GCC diagnostic pop

static void test_column(gconstpointer data)
{
	const change *change = data;
	for (int row = 0; row < ENTRIES - 1; row++) {
		if (g_str_equal(change->name, "swapped") && row == 10)
			continue; /* with itself */
		fixture self = { 0 };
		set_up(&self, NULL);
		g_autofree char *sql = for_row(change->sql, row);
		g_autofree char *named = for_row(change->named, row);
		assert_found(&self, sql, named);
		tear_down(&self, NULL);
	}
}

static const change others[] = {
	{ "salt", "UPDATE entry_details SET salt = REPLACE(salt, SUBSTR(salt, 1, 1), 'g') WHERE sequence = 5",
		"entry 5 (case.changed): its details" },
	{ "details", "UPDATE entry_details SET details = '{}' WHERE sequence = 6",
		"entry 6 (case.changed): its details were changed" },
	{ "details-deleted", "DELETE FROM entry_details WHERE sequence = 8", "entry 8: its details are missing" },
	{ "details-added", "INSERT INTO entry_details VALUES ('organisation_a', 3, 'aa', '{}')",
		"entry 3 (case.changed): its details" },
	{ "details-orphaned", "INSERT INTO entry_details VALUES ('organisation_a', 99, 'aa', '{}')",
		"entry 99, which does not exist" },
	{ "checkpoint-size", "UPDATE checkpoint SET size = 9 WHERE size = 8", "filed for 9" },
	{ "checkpoint-note", "UPDATE checkpoint SET note = REPLACE(note, '16', '15') WHERE size = 16",
		"16 entries is not genuine" },
	{ "checkpoint-moved", "UPDATE checkpoint SET organisation = 'organisation_b' WHERE size = 8", "no key to check it with" },
	{ "key", "UPDATE log_key SET verifier = REPLACE(verifier, '_a', '_b')", "not one for this log" },
	{ "log-size", "UPDATE log SET size = 20 WHERE organisation = 'organisation_a'", "says that it has 20 entries" },
	{ "log-row", "DELETE FROM log WHERE organisation = 'organisation_a'", "says that it has 0 entries" },
	{ "end", "DELETE FROM entry WHERE organisation = 'organisation_a' AND sequence > 17",
		"entries 18 to 20 missing at the end" },
	{ "end-hidden",
		"DELETE FROM entry WHERE organisation = 'organisation_a' AND sequence > 13; DELETE FROM entry_details WHERE "
		"sequence > 13;"
		"UPDATE log SET size = 14 WHERE organisation = 'organisation_a'",
		"entries 14 to 15 missing at the end" },
	{ "all", "DELETE FROM entry WHERE organisation = 'organisation_a'", "entries 0 to 20 missing at the end" },
	{ "inserted",
		"UPDATE log SET size = 22 WHERE organisation = 'organisation_a';"
		"INSERT INTO entry SELECT organisation, 21, time_ms, actor, action, subjects, digest, hashes FROM entry WHERE "
		"sequence = 20",
		"entry 21 (case.changed)" },
};

static void test_other(gconstpointer data)
{
	const change *change = data;
	fixture self = { 0 };
	set_up(&self, NULL);
	assert_found(&self, change->sql, change->named);
	tear_down(&self, NULL);
}

/* One changed row is one finding, wherever it stands: the levels above do not repeat it. */
static void test_named_once(void)
{
	for (int row = 0; row < ENTRIES; row++) {
		fixture self = { 0 };
		set_up(&self, NULL);
		g_autofree char *sql =
			for_row("UPDATE entry SET actor = 'system' WHERE organisation = 'organisation_a' AND sequence = %d", row);
		tamper(&self, sql);
		verify(&self);
		g_assert_cmpint(self.figures.findings, ==, 1);
		tear_down(&self, NULL);
	}
}

static gboolean rewrite_log(db *db, gpointer data, GError **error)
{
	fixture other = *(fixture *)data;
	crypto_keypair_new(&other.pair);
	return db->driver->script(
		       db, "DELETE FROM entry; DELETE FROM entry_details; DELETE FROM entry_subject; DELETE FROM log;", error) &&
	       write_log(db, &other, error);
}

/* Who can write the whole database can make a log that fits itself, but not the signatures over it. */
static void test_rewritten_whole(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	store_write_wait(self->store, rewrite_log, self, &error);
	g_assert_no_error(error);
	verify(self);
	g_assert_nonnull(strstr(self->findings->str, "entries 0 to 7: at least one is not what was signed"));
	g_assert_nonnull(strstr(self->findings->str, "entries 0 to 15: at least one is not what was signed"));
}

static gboolean erase_job(db *db, gpointer data, GError **error)
{
	int64_t *count = data;
	*count = audit_erase(db, "organisation_a", "case_2", "system", "retention", 5000, error);
	return *count >= 0;
}

static void test_erased(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	int64_t erased = 0;
	g_assert_true(store_write_wait(self->store, erase_job, &erased, NULL));
	g_assert_cmpint(erased, ==, 2); /* of entries 6, 7, 8 the second has none */
	verify(self);
	g_assert_cmpstr(self->findings->str, ==, "");
	g_assert_cmpint(self->figures.erased_details, ==, 2);
	/* That entry covers its own subject only. */
	assert_found(self, "DELETE FROM entry_details WHERE sequence IN (9, 6)", "entry 9: its details are missing");
	g_assert_null(strstr(self->findings->str, "entry 6"));
}

/* --- exports --- */

static gboolean export_job(db *db, gpointer data, GError **error)
{
	return audit_export(db, NULL, data, error);
}

/* (transfer full) */
static char *export_text(fixture *self)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	g_assert_true(store_read(self->store, export_job, file, NULL));
	fclose(file);
	char *copy = g_strdup(text);
	free(text);
	return copy;
}

static gboolean verify_text(fixture *self, const char *text)
{
	g_string_truncate(self->findings, 0);
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	audit_verifier verifier = { NULL, on_finding, self };
	gboolean is_read = audit_verify_export(file, &verifier, &self->figures, NULL);
	fclose(file);
	return is_read;
}

static void test_export(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	g_autofree char *text = export_text(self);
	g_assert_true(verify_text(self, text));
	g_assert_cmpstr(self->findings->str, ==, "");
	g_assert_cmpint(self->figures.entries, ==, ENTRIES + 1);
	g_assert_cmpint(self->figures.signed_entries, ==, SIGNED);

	/* Each line left out, and each line swapped with the next, is found or cannot be read. */
	g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		g_autofree char *kept = lines[i];
		lines[i] = g_strdup("");
		g_autoptr(GString) without = g_string_new(NULL);
		for (guint j = 0; lines[j] != NULL; j++)
			if (j != i)
				g_string_append_printf(without, "%s\n", lines[j]);
		gboolean is_checkpoint = strstr(kept, "\"checkpoint\"") != NULL;
		gboolean is_noticed = !verify_text(self, without->str) || self->figures.findings > 0;
		/* A log may have fewer checkpoints than it had; the figures say how much is signed. */
		g_assert_true(is_noticed || is_checkpoint || self->figures.logs < 2);
		g_free(lines[i]);
		lines[i] = g_steal_pointer(&kept);
	}
	for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++) {
		char *first = lines[i];
		lines[i] = lines[i + 1];
		lines[i + 1] = first;
		g_autofree char *swapped = g_strjoinv("\n", lines);
		g_assert_true(!verify_text(self, swapped) || self->figures.findings > 0);
		lines[i + 1] = lines[i];
		lines[i] = first;
	}
}

static void test_unreadable_export(fixture *self, G_GNUC_UNUSED gconstpointer data)
{
	const char *const wrong[] = {
		"x\n",
		"{}\n",
		"{\"leaf\":{}}\n",
		"{\"format\":\"jawort-audit-2\",\"organisation\":\"o\"}\n",
		/* an entry without its fields */
		("{\"format\":\"jawort-audit-1\",\"key\":null,\"organisation\":\"o\",\"size\":1}\n{\"hashes\":\"\",\"leaf\":{"
		 "\"subjects\":[]}}\n"),
	};
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_assert_false(verify_text(self, wrong[i]));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/verify/clean", fixture, NULL, set_up, test_clean, tear_down);
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		g_autofree char *path = g_strconcat("/verify/column/", columns[i].name, NULL);
		g_test_add_data_func(path, &columns[i], test_column);
	}
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autofree char *path = g_strconcat("/verify/other/", others[i].name, NULL);
		g_test_add_data_func(path, &others[i], test_other);
	}
	g_test_add_func("/verify/named-once", test_named_once);
	g_test_add("/verify/rewritten-whole", fixture, NULL, set_up, test_rewritten_whole, tear_down);
	g_test_add("/verify/erased", fixture, NULL, set_up, test_erased, tear_down);
	g_test_add("/verify/export", fixture, NULL, set_up, test_export, tear_down);
	g_test_add("/verify/unreadable-export", fixture, NULL, set_up, test_unreadable_export, tear_down);
	return g_test_run();
}
