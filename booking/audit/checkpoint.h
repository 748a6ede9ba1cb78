/* SPDX-License-Identifier: EUPL-1.2 */
/* Checkpoints: signed tree heads as C2SP notes (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), Ed25519.
 *
 *     jawort/audit/organisation_…          origin, also the key's name
 *     1000000                              size
 *     dGhlIHJvb3Q…=                        root, base64
 *                                          (empty line)
 *     — jawort/audit/organisation_… Uw2Q…  signature: base64 of key id (4 bytes) and 64 bytes
 *
 * A verifier key is "NAME+HHHHHHHH+BASE64" of the key id and 0x01 || public key. Cosignatures of witnesses may follow. */
#pragma once
#include "booking/audit/merkle.h"
#include "core/db/db.h"

enum { AUDIT_NOTE_MAX_BYTES = 16384, AUDIT_NOTE_SIGNATURES_MAX = 16 };

/* (transfer full) "jawort/audit/ORGANISATION" */
char *audit_origin(const char *organisation);

/* (transfer full) */
char *audit_verifier_key(const char *name, const guint8 public_key[CRYPTO_KEY_BYTES]);
/* `name` (out, transfer full, may be NULL). FALSE with CORE_ERROR_FORMAT. */
gboolean audit_verifier_key_parse(const char *text, char **name, guint8 public_key[CRYPTO_KEY_BYTES], GError **error);

/* (transfer full) `text` (ends with a line break) with the pair's signature under `name`. */
char *audit_note_sign(const char *text, const char *name, const crypto_keypair *pair);
/* (transfer full) The text of a note that carries a good signature of this verifier key; unknown signatures are passed over.
 * NULL with CORE_ERROR_FORMAT, or CORE_ERROR_KEY when the signature is missing or wrong. */
char *audit_note_open(const char *note, const char *verifier_key, GError **error);

/* (transfer full) The text of a checkpoint. */
char *audit_checkpoint_text(const char *origin, int64_t size, const merkle_hash *root);
/* Open a checkpoint: signature, then origin, then size and root. Same errors. */
gboolean audit_checkpoint_open(const char *note, const char *verifier_key, int64_t *size, merkle_hash *root, GError **error);

/* In the database. Thread: inside a job, store in a write job. Store touches "checkpoint:ORGANISATION". */
gboolean audit_checkpoint_store(db *db, const char *organisation, int64_t size, const char *note, const char *verifier_key,
	int64_t now_ms, GError **error);
/* (transfer full) The newest note, or the oldest of at least `size` entries; NULL without error when there is none. */
char *audit_checkpoint_latest(db *db, const char *organisation, int64_t *size, GError **error);
char *audit_checkpoint_covering(db *db, const char *organisation, int64_t size, int64_t *found_size, GError **error);
/* (transfer full) The organisation's verifier key, NULL without error before its first checkpoint. */
char *audit_checkpoint_key(db *db, const char *organisation, GError **error);
