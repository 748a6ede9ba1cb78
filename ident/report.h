/* SPDX-License-Identifier: EUPL-1.2 */
/* The signed document about one verdict.
 *
 * A report is canonical JSON (RFC 8785):
 *   {"format":"jawort-report-1", "body":{…}, "signature":{"key":NAME,"value":BASE64},
 *    "audit":{"sequence","leaf":{…},"size","inclusion":[HEX],"checkpoint":NOTE}}
 * The signature (Ed25519, the organisation's key, domain "jawort-report-1\n") is over the canonical JSON of "body"; the audit
 * part shows that the verdict stands in the organisation's log, in a checkpoint signed by the same key. The leaf holds the salted
 * digest of the verdict's details, among them the SHA-256 of the body.
 *
 * It is made with the verdict and sealed as soon as a checkpoint covers it. */
#pragma once
#include "core/db/store.h"
#include "ident/attempt.h"

/* The body of the attempt's report: person, service, officer, every check, draw proofs, evidence hashes. (transfer full)
 * Thread: inside a job. */
json_t *ident_report_body(db *db, const ident_attempt *attempt, int64_t now_ms, GError **error);

/* The sealed file, or NULL with IDENT_ERROR_STATE while it is not. (transfer full) Thread: inside a job. */
char *ident_report_load(db *db, const char *report, GError **error);

/* The report as a printable page with the signed JSON attached. Thread: any. */
GBytes *ident_report_pdf(const char *sealed, const char *language, GError **error);

/* One line of a verification: what was checked, and whether it holds. */
typedef void (*ident_report_line)(gpointer data, gboolean is_good, const char *text);
/* Check a sealed report, offline: form, signature, checkpoint, inclusion, every draw, completeness of the procedure.
 * `public_key`: 32 bytes of the key to trust, NULL to take the one the report names (then a line says so). Returns whether
 * everything holds. Thread: any. */
gboolean ident_report_verify(const char *text, gsize length, const guint8 *public_key, ident_report_line line, gpointer data);
