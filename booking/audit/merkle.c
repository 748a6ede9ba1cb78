/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/merkle.h"
#include <string.h>

enum { LEAF_PREFIX = 0, NODE_PREFIX = 1, LEAF_ON_STACK_BYTES = 2048 };

void merkle_leaf(const void *data, size_t length, merkle_hash *hash)
{
	guint8 small[LEAF_ON_STACK_BYTES];
	g_autofree guint8 *large = length >= sizeof(small) ? g_malloc(length + 1) : NULL;
	guint8 *input = large != NULL ? large : small;
	input[0] = LEAF_PREFIX;
	if (length > 0)
		memcpy(input + 1, data, length);
	crypto_sha256(input, length + 1, hash->bytes);
}

void merkle_node(const merkle_hash *left, const merkle_hash *right, merkle_hash *hash)
{
	guint8 input[1 + 2 * CRYPTO_HASH_BYTES] = { NODE_PREFIX };
	memcpy(input + 1, left->bytes, CRYPTO_HASH_BYTES);
	memcpy(input + 1 + CRYPTO_HASH_BYTES, right->bytes, CRYPTO_HASH_BYTES);
	crypto_sha256(input, sizeof(input), hash->bytes);
}

char *merkle_hex(const merkle_hash *hash)
{
	return crypto_hex(hash->bytes, CRYPTO_HASH_BYTES);
}

gboolean merkle_parse(const char *hex, size_t length, merkle_hash *hash)
{
	return hex != NULL && length == 2 * CRYPTO_HASH_BYTES && crypto_hex_read(hex, hash->bytes, CRYPTO_HASH_BYTES);
}

guint merkle_range_peaks(const merkle_range *range)
{
	return (guint)__builtin_popcountll((guint64)range->size);
}

void merkle_range_add(merkle_range *range, const merkle_hash *leaf)
{
	merkle_hash added = *leaf;
	guint last = merkle_range_peaks(range);
	/* Each one bit at the end of the size is a complete subtree that the new leaf pairs with. */
	for (int64_t size = range->size; size & 1; size >>= 1)
		merkle_node(&range->peaks[--last], &added, &added);
	range->peaks[last] = added;
	range->size++;
}

void merkle_range_root(const merkle_range *range, merkle_hash *root)
{
	guint last = merkle_range_peaks(range);
	if (last == 0) {
		crypto_sha256("", 0, root->bytes);
		return;
	}
	*root = range->peaks[--last];
	while (last > 0)
		merkle_node(&range->peaks[--last], root, root);
}

/* RFC 9162, 2.1.3.2 */
gboolean merkle_verify_inclusion(int64_t index, int64_t size, const merkle_hash *leaf, const merkle_hash *proof,
	size_t proof_count, const merkle_hash *root)
{
	if (index < 0 || index >= size)
		return FALSE;
	guint64 fn = (guint64)index, sn = (guint64)size - 1;
	merkle_hash hash = *leaf;
	for (size_t i = 0; i < proof_count; i++) {
		if (sn == 0)
			return FALSE;
		if ((fn & 1) != 0 || fn == sn) {
			merkle_node(&proof[i], &hash, &hash);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			merkle_node(&hash, &proof[i], &hash);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && memcmp(&hash, root, sizeof(hash)) == 0;
}

/* RFC 9162, 2.1.4.2 */
gboolean merkle_verify_consistency(int64_t first, int64_t second, const merkle_hash *first_root, const merkle_hash *second_root,
	const merkle_hash *proof, size_t proof_count)
{
	if (first <= 0 || first > second)
		return FALSE;
	if (first == second)
		return proof_count == 0 && memcmp(first_root, second_root, sizeof(*first_root)) == 0;
	gboolean is_power_of_two = (first & (first - 1)) == 0;
	if (!is_power_of_two && proof_count == 0)
		return FALSE;
	merkle_hash fr = is_power_of_two ? *first_root : proof[0], sr = fr;
	guint64 fn = (guint64)first - 1, sn = (guint64)second - 1;
	for (; (fn & 1) != 0; fn >>= 1)
		sn >>= 1;
	for (size_t i = is_power_of_two ? 0 : 1; i < proof_count; i++) {
		if (sn == 0)
			return FALSE;
		if ((fn & 1) != 0 || fn == sn) {
			merkle_node(&proof[i], &fr, &fr);
			merkle_node(&proof[i], &sr, &sr);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			merkle_node(&sr, &proof[i], &sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && memcmp(&fr, first_root, sizeof(fr)) == 0 && memcmp(&sr, second_root, sizeof(sr)) == 0;
}
