/* SPDX-License-Identifier: EUPL-1.2 */
/* Merkle trees as in RFC 6962, section 2.1: leaf = SHA-256(00 || data), node = SHA-256(01 || left || right); a tree of n
 * leaves splits at the largest power of two below n. Proofs are checked as RFC 9162, 2.1.3.2 and 2.1.4.2 spell out.
 * Knows no database. Thread: any. */
#pragma once
#include "core/crypto.h"

enum { MERKLE_LEVELS_MAX = 63 };

typedef struct {
	guint8 bytes[CRYPTO_HASH_BYTES];
} merkle_hash;

void merkle_leaf(const void *data, size_t length, merkle_hash *hash);
void merkle_node(const merkle_hash *left, const merkle_hash *right, merkle_hash *hash);
/* (transfer full) lower-case hex, and back; FALSE when it is no hash. */
char *merkle_hex(const merkle_hash *hash);
gboolean merkle_parse(const char *hex, size_t length, merkle_hash *hash);

/* A growing tree, of which only the roots of its complete subtrees are kept: one for each bit of the size. */
typedef struct {
	int64_t size;
	merkle_hash peaks[MERKLE_LEVELS_MAX]; /* largest subtree first */
} merkle_range;

guint merkle_range_peaks(const merkle_range *range);
void merkle_range_add(merkle_range *range, const merkle_hash *leaf);
/* The tree's root; for no leaves SHA-256 of nothing. */
void merkle_range_root(const merkle_range *range, merkle_hash *root);

/* Whether `proof` shows that `leaf` is number `index` in the tree of `size` leaves with this root. */
gboolean merkle_verify_inclusion(int64_t index, int64_t size, const merkle_hash *leaf, const merkle_hash *proof,
	size_t proof_count, const merkle_hash *root);
/* Whether `proof` shows that the tree of `second` leaves is the one of `first` leaves with more appended. `first` > 0. */
gboolean merkle_verify_consistency(int64_t first, int64_t second, const merkle_hash *first_root, const merkle_hash *second_root,
	const merkle_hash *proof, size_t proof_count);
