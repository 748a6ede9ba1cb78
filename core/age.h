/* SPDX-License-Identifier: EUPL-1.2 */
/* Encrypted files in the age v1 format (age-encryption.org/v1), X25519 recipients; the stock tool `age` opens them.
 *
 * A recipient is "age1…", an identity "AGE-SECRET-KEY-1…" (bech32). Recordings use two steps: age_key_create() makes a
 * fresh identity, writes it, encrypted to those who may open, to `key.age`, and gives back only the public half, to which
 * all parts of the recording are then written. Deleting key.age destroys the recording. */
#pragma once
#include "core/error.h"

enum { AGE_CHUNK_BYTES = 65536, AGE_RECIPIENTS_MAX = 20 };

/* (transfer full) A fresh identity; free it with crypto_free_secret(). `recipient` (transfer full) gets its public half. */
char *age_identity_new(char **recipient);
/* (transfer full) The public half, or NULL with CORE_ERROR_FORMAT. */
char *age_identity_recipient(const char *identity, GError **error);
/* `text` is a recipient that can be encrypted to (checksum, length, not a point of low order). */
gboolean age_recipient_check(const char *text, GError **error);

/* Small things in memory. `recipients` ends with NULL, 1 to AGE_RECIPIENTS_MAX. Returns (transfer full). */
GBytes *age_encrypt(const void *data, size_t length, const char *const *recipients, GError **error);
/* CORE_ERROR_KEY: not for this identity, or changed or cut short; CORE_ERROR_FORMAT: no age file. */
GBytes *age_decrypt(const void *data, size_t length, const char *identity, GError **error);

/* A fresh identity, sealed durably into the new file `path` (mode 0600; it must not exist): encrypted to `recipients`
 * and, when `second` is not NULL, that again to `second`, so that two parties are needed. The secret is wiped.
 * Returns (transfer full) the recipient to write parts to, only after key file and folder are on disk. */
char *age_key_create(const char *path, const char *const *recipients, const char *const *second, GError **error);

/* A stream: constant memory, each full 64 KiB chunk leaves at once. A file whose writer died opens up to its last full
 * chunk, and `age` says that its end is missing. Thread: one at a time. */
typedef struct age_writer age_writer;
/* Writes the header to `fd` (not owned); -1: all goes into age_writer_output(). */
age_writer *age_writer_new(int fd, const char *const *recipients, GError **error);
/* Without a descriptor: what there is to be stored. The caller empties it. */
GByteArray *age_writer_output(age_writer *writer);
gboolean age_writer_write(age_writer *writer, const void *data, size_t length, GError **error);
/* The last chunk, then fdatasync. Nothing may be written after it. */
gboolean age_writer_finish(age_writer *writer, GError **error);
/* Bytes of the file so far. */
guint64 age_writer_bytes(const age_writer *writer);
/* Without finish the file stays visibly cut short. Wipes the key. */
void age_writer_free(age_writer *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(age_writer, age_writer_free)
