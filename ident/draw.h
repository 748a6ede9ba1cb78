/* SPDX-License-Identifier: EUPL-1.2 */
/* Random choices that neither officers nor persons can foresee or steer, and anybody can recompute (rules V-10, V-27, V-28, V-30).
 * Whoever reads the database can foresee the next one, up to the browsers' nonces: its seed stands there until it is used.
 *
 * Each organisation always has exactly one unused seed of 32 random bytes, whose commitment
 *     SHA-256("jawort seed" || 0x0a || seed)
 * stands in its audit log before anything is drawn with it ("draw.committed"). A draw uses it up, reveals it in the log
 * ("draw.made") and commits the next one, in the same transaction as whatever needed the draw.
 *
 * The choice: with message = canonical JSON (RFC 8785) of {"candidates":[…],"label":"…","nonces":[…]}, the numbers
 *     word[i] = the i-th big-endian 32-bit word of  block[0] || block[1] || …
 *     block[n] = HMAC-SHA256(seed, message || 0x0a || n as four bytes, big-endian)
 * drive a Fisher-Yates shuffle of the positions 0 … N-1: for k = 0, 1, … count-1 take the next word below the largest multiple
 * of N-k (greater ones are thrown away), swap position k with k + word mod (N-k). The first `count` are chosen, in order.
 *
 * The proof is a JSON object:
 *     {"candidates":[…],"chosen":[indices],"commitment":HEX,"committed":SEQUENCE,"label":"…","made":SEQUENCE,"nonces":[…],
 *      "number":N,"seed":HEX}
 * where SEQUENCE is the place of the entry in the organisation's audit log.
 * Thread: inside a write job. */
#pragma once
#include "core/db/db.h"

/* Make sure that `organisation` has an unused, committed seed. To be called when an organisation is created and at start;
 * does nothing when there is one. */
gboolean draw_prepare(db *db, const char *organisation, int64_t now_ms, GError **error);

/* Choose `count` of `candidates` (1 to 1000 different strings), in random order; `count` may be all of them.
 * `label` says what for, e.g. "PERSON/1/features". It is known before the seed is: nothing made for the
 * occasion is in it.
 * `nonces`: the shares of the persons' browsers, at most 16 strings, sorted here; NULL or empty for none.
 * `proof` (out, transfer full): as above; its "chosen" is the outcome (draw_chosen). Also kept in the table `draw`. */
gboolean draw_choose(db *db, const char *organisation, const char *label, const char *const *nonces,
	const char *const *candidates, guint count, int64_t now_ms, json_t **proof, GError **error);

/* The position in `candidates` of the i-th chosen one. */
guint draw_chosen(const json_t *proof, guint i);

/* All proofs whose label begins with `prefix`, in the order drawn. (transfer full) array. */
json_t *draw_list(db *db, const char *organisation, const char *prefix, GError **error);

/* Recompute a proof by itself: the seed fits the commitment, the choice follows from the seed. `reason` (out, static string)
 * says what is wrong. That the commitment is older than the draw shows in the log (committed < made). Thread: any. */
gboolean draw_verify(const json_t *proof, const char **reason);

/* The pure choice, as above; for draw_choose, draw_verify and test vectors. `chosen` has room for `count`. */
void draw_compute(const guint8 seed[32], const json_t *message, guint candidates, guint count, guint *chosen);
