/* SPDX-License-Identifier: EUPL-1.2 */
/* The inside of `jawort sign`: holds one Ed25519 key for each organisation and signs its checkpoints and documents.
 *
 * It trusts nobody. It is given the new leaves' bytes, hashes them itself onto the tree that it signed last, and refuses
 * when it is told to begin elsewhere ("behind": the log became shorter) or reaches another root ("fork": the log was changed).
 * A database restored to an older state, or rewritten, can therefore not be signed again.
 *
 * Its folder holds ORGANISATION.key (the seed in hex, mode 0600) and ORGANISATION.state ({"peaks":[hex…],"size":N}, the roots
 * of the complete subtrees). The state is on disk before a signature leaves, so a kill at any moment does no harm:
 * the same tree is signed again when it is asked for.
 *
 * Requests and answers are one object each (core/frame.h):
 *   {"do":"state","organisation":O}                                       {"key":K,"root":HEX,"size":N}
 *   {"do":"extend","organisation":O,"from":N,"leaves":[…],"root":HEX}     {"checkpoint":NOTE,"key":K,"size":N}
 *   {"do":"document","organisation":O,"domain":D,"digest":HEX}            {"key":K,"signature":BASE64}
 *   any, refused                                                          {"error":"request|behind|fork|file","text":"…"}
 * K is a C2SP verifier key; "root" of extend is what the log should have then; no leaves sign the last tree again.
 * Documents are signed as "D\nHEX\n" with D like "jawort-report-1", which no checkpoint can be.
 * Thread: one. */
#pragma once
#include <glib.h>
#include <jansson.h>

typedef struct audit_signer audit_signer;

/* `leaves` of one request: a count, and bytes that fit into a frame with all their quotes escaped. */
enum { AUDIT_SIGNER_LEAVES_MAX = 1000, AUDIT_SIGNER_LEAVES_MAX_BYTES = 256 << 10, AUDIT_SIGNER_LOGS_MAX = 10000 };

/* `folder` is made when missing (mode 0700) and locked against a second signer. NULL with CORE_ERROR_FILE. */
audit_signer *audit_signer_new(const char *folder, GError **error);
/* (transfer full) The answer, always an object. */
json_t *audit_signer_answer(audit_signer *signer, const json_t *request);
void audit_signer_free(audit_signer *signer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(audit_signer, audit_signer_free)
