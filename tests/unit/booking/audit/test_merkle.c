/* SPDX-License-Identifier: EUPL-1.2 */
/* Against tests/vectors/rfc6962.txt, then every pair of sizes up to 40 against a tree computed naively. */
#include "booking/audit/log.h"
#include "booking/audit/merkle.h"
#include "booking/audit/proof.h"
#include "booking/sql.h"
#include <string.h>

enum { SIZES = 40, VECTOR_LEAVES = 8 };

static const char *const vector_leaves[VECTOR_LEAVES] = { "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
	"606162636465666768696a6b6c6d6e6f" };

static void leaf_of_hex(const char *hex, merkle_hash *hash)
{
	g_autoptr(GBytes) bytes = crypto_hex_decode(hex, NULL);
	merkle_leaf(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), hash);
}

/* RFC 6962, 2.1, word for word. */
static void naive_root(const merkle_hash *leaves, int64_t size, merkle_hash *root)
{
	if (size == 1) {
		*root = *leaves;
		return;
	}
	int64_t left = 1;
	while (2 * left < size)
		left *= 2;
	merkle_hash halves[2];
	naive_root(leaves, left, &halves[0]);
	naive_root(leaves + left, size - left, &halves[1]);
	merkle_node(&halves[0], &halves[1], root);
}

static void assert_hash(const merkle_hash *hash, const char *wanted)
{
	g_autofree char *hex = merkle_hex(hash);
	g_assert_cmpstr(hex, ==, wanted);
}

/* (transfer full) The vector whose line begins with `label`. */
static char *vector(const char *label)
{
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(TESTS_FOLDER "/vectors/rfc6962.txt", &text, NULL, NULL));
	const char *line = strstr(text, label);
	g_assert_nonnull(line);
	line += strlen(label);
	line += strspn(line, " ");
	return g_strndup(line, 2 * CRYPTO_HASH_BYTES);
}

static void test_vectors(void)
{
	merkle_range range = { 0 };
	merkle_hash hash, root;
	merkle_range_root(&range, &root);
	g_autofree char *empty = vector("empty tree ");
	assert_hash(&root, empty);
	merkle_leaf("L123456", 7, &hash);
	g_autofree char *leaf = vector("leaf \"L123456\" ");
	assert_hash(&hash, leaf);
	for (guint i = 0; i < VECTOR_LEAVES; i++) {
		leaf_of_hex(vector_leaves[i], &hash);
		merkle_range_add(&range, &hash);
		merkle_range_root(&range, &root);
		g_autofree char *label = i == 0 ? g_strdup("empty LEAF (d=\"\") ") : g_strdup_printf("root %u ", i + 1);
		g_autofree char *wanted = vector(label);
		assert_hash(&root, wanted);
	}
}

static void test_range_is_naive_tree(void)
{
	merkle_hash leaves[SIZES], wanted, root;
	merkle_range range = { 0 };
	for (guint i = 0; i < SIZES; i++) {
		merkle_leaf(&i, sizeof(i), &leaves[i]);
		merkle_range_add(&range, &leaves[i]);
		merkle_range_root(&range, &root);
		naive_root(leaves, i + 1, &wanted);
		g_assert_cmpmem(&root, sizeof(root), &wanted, sizeof(wanted));
	}
}

/* --- proofs from the database --- */

static gboolean append_entries(db *db, G_GNUC_UNUSED gpointer data, GError **error)
{
	for (int i = 0; i < SIZES; i++) {
		audit_entry entry = { "organisation_a", "system", "thing.done", { "thing_1" }, NULL, i };
		if (audit_append(db, &entry, error) != i)
			return FALSE;
	}
	return TRUE;
}

static size_t hashes_of_json(json_t *proof, merkle_hash *hashes)
{
	g_assert_nonnull(proof);
	size_t count = json_array_size(proof);
	g_assert_cmpuint(count, <=, MERKLE_LEVELS_MAX);
	for (size_t i = 0; i < count; i++) {
		const json_t *each = json_array_get(proof, i);
		g_assert_true(merkle_parse(json_string_value(each), json_string_length(each), &hashes[i]));
	}
	json_decref(proof);
	return count;
}

typedef struct {
	merkle_hash leaves[SIZES], roots[SIZES + 1];
} tree;

static void load_tree(db *db, tree *tree)
{
	g_autoptr(GPtrArray) leaves = audit_leaves(db, "organisation_a", 0, SIZES, NULL);
	g_assert_cmpuint(leaves->len, ==, SIZES);
	for (guint i = 0; i < SIZES; i++) {
		merkle_leaf(leaves->pdata[i], strlen(leaves->pdata[i]), &tree->leaves[i]);
		naive_root(tree->leaves, i + 1, &tree->roots[i + 1]);
		merkle_hash stored;
		g_assert_true(audit_root(db, "organisation_a", i + 1, &stored, NULL));
		g_assert_cmpmem(&stored, sizeof(stored), &tree->roots[i + 1], sizeof(stored));
	}
}

static gboolean check_inclusion(db *db, G_GNUC_UNUSED gpointer data, GError **error)
{
	tree tree;
	merkle_hash proof[MERKLE_LEVELS_MAX + 1];
	load_tree(db, &tree);
	for (int64_t size = 1; size <= SIZES; size++) {
		for (int64_t index = 0; index < size; index++) {
			size_t count = hashes_of_json(audit_inclusion(db, "organisation_a", index, size, error), proof);
			const merkle_hash *root = &tree.roots[size], *leaf = &tree.leaves[index];
			g_assert_true(merkle_verify_inclusion(index, size, leaf, proof, count, root));
			/* Wrong in each part: place, size, leaf, length, one hash. */
			g_assert_false(merkle_verify_inclusion(index + 1, size, leaf, proof, count, root));
			g_assert_false(merkle_verify_inclusion(-1, size, leaf, proof, count, root));
			g_assert_false(merkle_verify_inclusion(index, size, root, proof, count, count > 0 ? root : leaf + 1));
			g_assert_false(count > 0 && merkle_verify_inclusion(index, size, leaf, proof, count - 1, root));
			proof[count] = *leaf;
			g_assert_false(merkle_verify_inclusion(index, size, leaf, proof, count + 1, root));
			for (size_t i = 0; i < count; i++) {
				proof[i].bytes[i] ^= 1;
				g_assert_false(merkle_verify_inclusion(index, size, leaf, proof, count, root));
				proof[i].bytes[i] ^= 1;
			}
		}
	}
	return TRUE;
}

static gboolean check_consistency(db *db, G_GNUC_UNUSED gpointer data, GError **error)
{
	tree tree;
	merkle_hash proof[MERKLE_LEVELS_MAX + 1];
	load_tree(db, &tree);
	for (int64_t second = 1; second <= SIZES; second++) {
		for (int64_t first = 1; first <= second; first++) {
			size_t count = hashes_of_json(audit_consistency(db, "organisation_a", first, second, error), proof);
			const merkle_hash *from = &tree.roots[first], *to = &tree.roots[second];
			g_assert_true(merkle_verify_consistency(first, second, from, to, proof, count));
			g_assert_false(merkle_verify_consistency(0, second, from, to, proof, count));
			g_assert_false(merkle_verify_consistency(second + 1, second, from, to, proof, count));
			proof[count] = *from;
			g_assert_false(merkle_verify_consistency(first, second, from, to, proof, count + 1));
			g_assert_false(count > 0 && merkle_verify_consistency(first, second, from, to, proof, count - 1));
			for (size_t i = 0; i < count; i++) {
				proof[i].bytes[i] ^= 1;
				g_assert_false(merkle_verify_consistency(first, second, from, to, proof, count));
				proof[i].bytes[i] ^= 1;
			}
			g_assert_false(first != second && merkle_verify_consistency(first, second, to, from, proof, count));
		}
	}
	return TRUE;
}

static gboolean check_beyond(db *db, G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED GError **error)
{
	merkle_hash root;
	g_assert_null(audit_inclusion(db, "organisation_a", 5, 5, NULL));
	g_assert_null(audit_inclusion(db, "organisation_a", -1, 5, NULL));
	g_assert_null(audit_inclusion(db, "organisation_a", 3, SIZES + 1, NULL));
	g_assert_null(audit_consistency(db, "organisation_a", 0, 5, NULL));
	g_assert_null(audit_consistency(db, "organisation_a", 6, 5, NULL));
	g_assert_null(audit_inclusion(db, "organisation_b", 0, 1, NULL));
	g_assert_false(audit_root(db, "organisation_a", SIZES + 24, &root, NULL));
	g_assert_true(audit_root(db, "organisation_b", 0, &root, NULL));
	return TRUE;
}

static void test_proofs(gconstpointer check)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(store) store = store_open("sqlite::memory:", booking_migrations, &error);
	g_assert_no_error(error);
	store_write_wait(store, append_entries, NULL, &error);
	g_assert_no_error(error);
	g_assert_true(store_read(store, (store_job)check, NULL, &error));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/merkle/vectors", test_vectors);
	g_test_add_func("/merkle/range", test_range_is_naive_tree);
	g_test_add_data_func("/merkle/inclusion", check_inclusion, test_proofs);
	g_test_add_data_func("/merkle/consistency", check_consistency, test_proofs);
	g_test_add_data_func("/merkle/beyond", check_beyond, test_proofs);
	return g_test_run();
}
