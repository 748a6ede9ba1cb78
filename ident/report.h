/* SPDX-License-Identifier: EUPL-1.2 */
/* The signed document about one verdict.
 *
 * A sealed report is canonical JSON (RFC 8785):
 *   {"format":"jawort-report-1", "body":{…}, "signature":{"verifier_key","value"},
 *    "audit":{"leaf":{…},"opening":{"salt","details"},"size","inclusion":[HEX],"checkpoint":NOTE}}
 * The signature (Ed25519, base64) is over "jawort-report-1\n" and the SHA-256 of the body's canonical JSON in hex and "\n", by the key
 * that signs the organisation's checkpoints. The audit part shows that the verdict stands in the organisation's log: the opening of the
 * leaf's details names the report and the same SHA-256.
 *
 * The report is made with the verdict and sealed as soon as a checkpoint covers it: between the two the signature is fetched, which
 * is not this folder's business. Errors: IDENT_ERROR_NOT_FOUND, IDENT_ERROR_STATE (not sealed yet). */
#pragma once
#include "booking/context.h"
#include "ident/attempt.h"

#define IDENT_REPORT_DOMAIN "jawort-report-1"

typedef struct {
	char *id, *organisation, *session, *person;
	int64_t sequence; /* of the verdict's entry */
	char *body;       /* canonical JSON */
	char *sealed;     /* the whole file, NULL before it is sealed */
} ident_report;

void ident_report_free(ident_report *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ident_report, ident_report_free)
/* (transfer full) Thread: inside a job. */
ident_report *ident_report_load(db *db, const char *id, GError **error);

/* What the attempt's report will say: person, service, officer, every check, draw proofs, evidence hashes. `recording` (transfer
 * none) may be NULL. (transfer full) Thread: inside a job. */
json_t *ident_report_body(db *db, const ident_attempt *attempt, const char *report, json_t *recording, GError **error);

/* Seal a report with the signature of its body; the database must hold a checkpoint that covers the verdict. The person is told
 * by mail. Sealing it again does nothing. Thread: inside a write job. */
gboolean ident_report_seal(
	const booking_context *context, const char *report, const char *signature, const char *verifier_key, GError **error);

/* An entry in the log: somebody read the report. Thread: inside a write job. */
gboolean ident_report_note_reading(const booking_context *context, const ident_report *report, GError **error);

/* (transfer full) A sealed report as a printable page in `language`, with the JSON attached to it. Thread: any. */
GBytes *ident_report_pdf(const char *sealed, const char *language, GError **error);

/* (transfer full) The JSON in a file that is a report: itself, or what is attached to the PDF. NULL when there is none. */
char *ident_report_extract(const char *file, gsize length);

/* One line of a verification, in plain words: what was checked, and whether it holds. */
typedef void (*ident_report_line)(gpointer data, gboolean is_good, const char *text);
/* Check a sealed report, offline: form, signature, checkpoint, inclusion, every draw, completeness of the procedure. `verifier_key`:
 * the key to trust, NULL to take the report's own (then a line says so). Returns whether everything holds. Thread: any. */
gboolean ident_report_verify(const char *text, gsize length, const char *verifier_key, ident_report_line line, gpointer data);
