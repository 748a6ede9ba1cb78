/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/checkpoint.h"
#include "booking/sql.h"
#include "core/db/store.h"
#include "core/error.h"
#include <string.h>

enum { ED25519 = 1, ID_BYTES = 4, KEY_BYTES = 1 + CRYPTO_KEY_BYTES, LINE_BYTES = ID_BYTES + CRYPTO_SIGNATURE_BYTES };

static const char LINE_START[] = "\xe2\x80\x94 "; /* an em dash and a space */

char *audit_origin(const char *organisation)
{
	return g_strconcat("jawort/audit/", organisation, NULL);
}

/* --- verifier keys --- */

static void key_of(const guint8 public_key[CRYPTO_KEY_BYTES], guint8 key[KEY_BYTES])
{
	key[0] = ED25519;
	memcpy(key + 1, public_key, CRYPTO_KEY_BYTES);
}

/* SHA-256(name || 0x0a || key), its first four bytes */
static void key_id(const char *name, const guint8 public_key[CRYPTO_KEY_BYTES], guint8 id[ID_BYTES])
{
	guint8 key[KEY_BYTES], hash[CRYPTO_HASH_BYTES];
	key_of(public_key, key);
	g_autoptr(GByteArray) input = g_byte_array_new();
	g_byte_array_append(input, (const guint8 *)name, (guint)strlen(name));
	g_byte_array_append(input, (const guint8 *)"\n", 1);
	g_byte_array_append(input, key, sizeof(key));
	crypto_sha256(input->data, input->len, hash);
	memcpy(id, hash, ID_BYTES);
}

char *audit_verifier_key(const char *name, const guint8 public_key[CRYPTO_KEY_BYTES])
{
	guint8 id[ID_BYTES], key[KEY_BYTES];
	key_id(name, public_key, id);
	key_of(public_key, key);
	g_autofree char *id_text = crypto_hex(id, sizeof(id));
	g_autofree char *key_text = crypto_base64(key, sizeof(key));
	return g_strdup_printf("%s+%s+%s", name, id_text, key_text);
}

gboolean audit_verifier_key_parse(const char *text, char **name, guint8 public_key[CRYPTO_KEY_BYTES], GError **error)
{
	/* The key's base64 may hold a plus sign too. */
	g_auto(GStrv) parts = g_strsplit(text, "+", 3);
	g_autoptr(GBytes) key = g_strv_length(parts) == 3 ? crypto_base64_decode(parts[2], NULL) : NULL;
	if (key != NULL && g_bytes_get_size(key) == KEY_BYTES) {
		const guint8 *bytes = g_bytes_get_data(key, NULL);
		memcpy(public_key, bytes + 1, CRYPTO_KEY_BYTES);
		g_autofree char *again = audit_verifier_key(parts[0], public_key);
		if (bytes[0] == ED25519 && *parts[0] != '\0' && g_str_equal(again, text)) {
			if (name != NULL)
				*name = g_strdup(parts[0]);
			return TRUE;
		}
	}
	g_set_error_literal(error, CORE_ERROR, CORE_ERROR_FORMAT, "This is no verifier key of the form NAME+ID+KEY.");
	return FALSE;
}

/* --- notes --- */

char *audit_note_sign(const char *text, const char *name, const crypto_keypair *pair)
{
	guint8 line[LINE_BYTES];
	key_id(name, pair->public, line);
	crypto_sign(pair, text, strlen(text), line + ID_BYTES);
	g_autofree char *base64 = crypto_base64(line, sizeof(line));
	return g_strconcat(text, "\n", LINE_START, name, " ", base64, "\n", NULL);
}

/* Whether `line` is a signature of this key; `is_good` (out) whether it holds. */
static gboolean check_line(
	const char *line, const char *text, const char *name, const guint8 public_key[CRYPTO_KEY_BYTES], gboolean *is_good)
{
	g_autofree char *start = g_strconcat(LINE_START, name, " ", NULL);
	g_autoptr(GBytes) value = g_str_has_prefix(line, start) ? crypto_base64_decode(line + strlen(start), NULL) : NULL;
	guint8 id[ID_BYTES];
	key_id(name, public_key, id);
	if (value == NULL || g_bytes_get_size(value) != LINE_BYTES || memcmp(g_bytes_get_data(value, NULL), id, ID_BYTES) != 0)
		return FALSE;
	*is_good = crypto_verify(public_key, text, strlen(text), (const guint8 *)g_bytes_get_data(value, NULL) + ID_BYTES);
	return TRUE;
}

static char *refuse(GError **error, core_error code, const char *sentence)
{
	g_set_error_literal(error, CORE_ERROR, (gint)code, sentence);
	return NULL;
}

char *audit_note_open(const char *note, const char *verifier_key, GError **error)
{
	g_autofree char *name = NULL;
	guint8 public_key[CRYPTO_KEY_BYTES];
	if (!audit_verifier_key_parse(verifier_key, &name, public_key, error))
		return NULL;
	if (strlen(note) > AUDIT_NOTE_MAX_BYTES || !g_utf8_validate(note, -1, NULL))
		return refuse(error, CORE_ERROR_FORMAT, "The note is too long or no text.");
	/* The text ends with the last empty line; all after it are signatures. */
	const char *end = g_strrstr(note, "\n\n");
	if (end == NULL || !g_str_has_suffix(note, "\n") || strlen(end) <= 2)
		return refuse(error, CORE_ERROR_FORMAT, "The note carries no signature.");
	g_autofree char *text = g_strndup(note, (gsize)(end + 1 - note));
	g_auto(GStrv) lines = g_strsplit(end + 2, "\n", -1);
	guint count = g_strv_length(lines) - 1;
	gboolean is_found = FALSE, is_good = FALSE;
	for (guint i = 0; i < count; i++) {
		if (count > AUDIT_NOTE_SIGNATURES_MAX || !g_str_has_prefix(lines[i], LINE_START))
			return refuse(error, CORE_ERROR_FORMAT, "The note's signature lines are malformed or too many.");
		if (check_line(lines[i], text, name, public_key, &is_good)) {
			is_found = TRUE;
			if (!is_good)
				return refuse(error, CORE_ERROR_KEY, "The note's signature is wrong.");
		}
	}
	if (!is_found)
		return refuse(error, CORE_ERROR_KEY, "The note carries no signature of this key.");
	return g_steal_pointer(&text);
}

/* --- checkpoints --- */

char *audit_checkpoint_text(const char *origin, int64_t size, const merkle_hash *root)
{
	g_autofree char *base64 = crypto_base64(root->bytes, sizeof(root->bytes));
	return g_strdup_printf("%s\n%" G_GINT64_FORMAT "\n%s\n", origin, size, base64);
}

gboolean audit_checkpoint_open(const char *note, const char *verifier_key, int64_t *size, merkle_hash *root, GError **error)
{
	g_autofree char *name = NULL;
	guint8 public_key[CRYPTO_KEY_BYTES];
	g_autofree char *text = audit_note_open(note, verifier_key, error);
	if (text == NULL || !audit_verifier_key_parse(verifier_key, &name, public_key, error))
		return FALSE;
	g_auto(GStrv) lines = g_strsplit(text, "\n", 4);
	if (g_strv_length(lines) == 4 && g_ascii_string_to_signed(lines[1], 10, 0, G_MAXINT64, size, NULL)) {
		g_autoptr(GBytes) hash = crypto_base64_decode(lines[2], NULL);
		if (hash != NULL && g_bytes_get_size(hash) == sizeof(root->bytes))
			memcpy(root->bytes, g_bytes_get_data(hash, NULL), sizeof(root->bytes));
		/* Written again it must be the same bytes: one form only, and the log that the key is for. */
		g_autofree char *again = audit_checkpoint_text(name, *size, root);
		if (hash != NULL && g_str_has_prefix(text, again))
			return TRUE;
	}
	g_set_error_literal(error, CORE_ERROR, CORE_ERROR_FORMAT, "The note is no checkpoint of this log.");
	return FALSE;
}

gboolean audit_checkpoint_store(db *db, const char *organisation, int64_t size, const char *note, const char *verifier_key,
	int64_t now_ms, GError **error)
{
	if (db_run(db, error, SQL_AUDIT_KEY_INSERT, DB_TEXT("organisation", organisation), DB_TEXT("verifier", verifier_key)) <
			0 ||
		db_run(db, error, SQL_AUDIT_CHECKPOINT_INSERT, DB_TEXT("organisation", organisation), DB_INT("size", size),
			DB_TEXT("note", note), DB_INT("now", now_ms)) < 0)
		return FALSE;
	store_touch(db, "checkpoint:%s", organisation);
	return TRUE;
}

static char *first_note(db_rows *rows, int64_t *size)
{
	if (rows == NULL || !db_next(rows))
		return NULL;
	if (size != NULL)
		*size = db_int(rows, "size");
	return g_strdup(db_text(rows, "note"));
}

char *audit_checkpoint_latest(db *db, const char *organisation, int64_t *size, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_AUDIT_CHECKPOINT_LATEST, DB_TEXT("organisation", organisation));
	return first_note(rows, size);
}

char *audit_checkpoint_covering(db *db, const char *organisation, int64_t size, int64_t *found_size, GError **error)
{
	g_autoptr(db_rows) rows =
		db_select(db, error, SQL_AUDIT_CHECKPOINT_COVERING, DB_TEXT("organisation", organisation), DB_INT("size", size));
	return first_note(rows, found_size);
}

char *audit_checkpoint_key(db *db, const char *organisation, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_AUDIT_KEY, DB_TEXT("organisation", organisation));
	return rows != NULL && db_next(rows) ? g_strdup(db_text(rows, "verifier")) : NULL;
}
