/* SPDX-License-Identifier: EUPL-1.2 */
/* The client of `jawort sign`, for serve: keeps every organisation's log under a signed checkpoint.
 *
 * A thread of its own wakes on the topic "entries", sends the new leaves, and stores the checkpoint; within 1 s of an entry.
 * When the signer is away it tries again twice a second. When the signer refuses (the log is shorter than, or differs from,
 * what was signed before), nothing of that organisation is signed any more, and it is logged as an error, again each minute.
 *
 * The protocol is in booking/audit/signer.h. */
#pragma once
#include "core/db/store.h"

typedef struct sign_client sign_client;

/* `socket_path` of `jawort sign`; need not exist yet. To be made before the first write (it watches the store). */
sign_client *sign_client_new(store *store, const char *socket_path);
/* To be called before store_close(), after the last write. */
void sign_client_free(sign_client *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sign_client, sign_client_free)

/* Wait until a stored checkpoint covers all entries that are committed now; for evidence points (consent, recording start and
 * stop, verdict). At most 5 s. FALSE with SIGNALING_ERROR_BUSY. Thread: any but the store's writer. */
gboolean sign_checkpoint_now(sign_client *client, const char *organisation, GError **error);

/* Sign a document of `organisation` by its digest. The signed bytes are "DOMAIN\nHEX\n" with the lower-case hex of `digest`;
 * `domain` is "jawort-NAME-VERSION", e.g. "jawort-report-1". `verifier_key` (out, transfer full, may be NULL) is C2SP's.
 * Returns (transfer full) the signature in base64, or NULL. Thread: any but the store's writer; blocks at most 5 s. */
char *sign_document(sign_client *client, const char *organisation, const char *domain, const guint8 digest[32],
	char **verifier_key, GError **error);

/* FALSE since the signer was away or refused, until it has signed what waits; for /healthz. Thread: any. */
gboolean sign_client_is_healthy(sign_client *client);
