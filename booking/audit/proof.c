/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/proof.h"
#include "booking/audit/log.h"
#include "booking/sql.h"
#include <string.h>

typedef struct {
	db *db;
	const char *organisation;
	GError **error;
} tree;

/* The root of the complete subtree of 2^`level` leaves that ends with leaf `last`: stored with that leaf. */
static gboolean stored_hash(const tree *tree, int64_t last, guint level, merkle_hash *hash)
{
	g_autoptr(db_rows) rows = db_select(
		tree->db, tree->error, SQL_AUDIT_HASHES, DB_TEXT("organisation", tree->organisation), DB_INT("sequence", last));
	if (rows == NULL)
		return FALSE;
	const char *hashes = db_next(rows) ? db_text(rows, "hashes") : "";
	size_t from = (size_t)level * 2 * CRYPTO_HASH_BYTES;
	if (strlen(hashes) >= from + 2 * CRYPTO_HASH_BYTES && merkle_parse(hashes + from, 2 * CRYPTO_HASH_BYTES, hash))
		return TRUE;
	g_set_error(tree->error, DB_ERROR, DB_ERROR_UNAVAILABLE, "The log has no entry %" G_GINT64_FORMAT ".", last);
	return FALSE;
}

static gboolean is_complete(int64_t size)
{
	return (size & (size - 1)) == 0;
}

static int64_t largest_power_below(int64_t size)
{
	return (int64_t)1 << (63 - __builtin_clzll((guint64)size - 1));
}

/* MTH of RFC 6962, 2.1, over leaves [from, from + size). Only complete subtrees start at a multiple of their size. */
static gboolean subtree(const tree *tree, int64_t from, int64_t size, merkle_hash *hash)
{
	if (is_complete(size))
		return stored_hash(tree, from + size - 1, (guint)__builtin_ctzll((guint64)size), hash);
	int64_t left = largest_power_below(size);
	merkle_hash halves[2];
	if (!subtree(tree, from, left, &halves[0]) || !subtree(tree, from + left, size - left, &halves[1]))
		return FALSE;
	merkle_node(&halves[0], &halves[1], hash);
	return TRUE;
}

static gboolean append_subtree(const tree *tree, json_t *proof, int64_t from, int64_t size)
{
	merkle_hash hash;
	if (!subtree(tree, from, size, &hash))
		return FALSE;
	g_autofree char *hex = merkle_hex(&hash);
	json_array_append_new(proof, json_string(hex));
	return TRUE;
}

/* PATH of RFC 6962, 2.1.1 */
static gboolean append_path(const tree *tree, json_t *proof, int64_t index, int64_t from, int64_t size)
{
	if (size == 1)
		return TRUE;
	int64_t left = largest_power_below(size);
	if (index < left)
		return append_path(tree, proof, index, from, left) && append_subtree(tree, proof, from + left, size - left);
	return append_path(tree, proof, index - left, from + left, size - left) && append_subtree(tree, proof, from, left);
}

/* SUBPROOF of RFC 6962, 2.1.2 */
static gboolean append_subproof(const tree *tree, json_t *proof, int64_t first, int64_t from, int64_t size, gboolean is_known)
{
	if (first == size)
		return is_known || append_subtree(tree, proof, from, size);
	int64_t left = largest_power_below(size);
	if (first <= left)
		return append_subproof(tree, proof, first, from, left, is_known) &&
		       append_subtree(tree, proof, from + left, size - left);
	return append_subproof(tree, proof, first - left, from + left, size - left, FALSE) &&
	       append_subtree(tree, proof, from, left);
}

/* Both are entries of the log, and in this order. */
static gboolean check_range(db *db, const char *organisation, int64_t low, int64_t high, GError **error)
{
	int64_t size = audit_size(db, organisation, error);
	if (size < 0 || (low >= 0 && low <= high && high < size))
		return size >= 0;
	g_set_error_literal(error, DB_ERROR, DB_ERROR_UNAVAILABLE, "The log has no such entries.");
	return FALSE;
}

gboolean audit_root(db *db, const char *organisation, int64_t size, merkle_hash *root, GError **error)
{
	if (size == 0) {
		crypto_sha256("", 0, root->bytes);
		return TRUE;
	}
	return check_range(db, organisation, 0, size - 1, error) && subtree(&(tree){ db, organisation, error }, 0, size, root);
}

json_t *audit_inclusion(db *db, const char *organisation, int64_t sequence, int64_t size, GError **error)
{
	json_t *proof = json_array();
	if (check_range(db, organisation, sequence, size - 1, error) &&
		append_path(&(tree){ db, organisation, error }, proof, sequence, 0, size))
		return proof;
	json_decref(proof);
	return NULL;
}

json_t *audit_consistency(db *db, const char *organisation, int64_t first, int64_t second, GError **error)
{
	json_t *proof = json_array();
	if (check_range(db, organisation, first - 1, second - 1, error) &&
		append_subproof(&(tree){ db, organisation, error }, proof, first, 0, second, TRUE))
		return proof;
	json_decref(proof);
	return NULL;
}
