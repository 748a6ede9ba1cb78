/* SPDX-License-Identifier: EUPL-1.2 */
/* The catalogue of accepted documents (V-06, V-07): per type, its security features by category, spots for the finger test,
 * allowed validity, and where the machine-readable zone stands. Data, compiled in from data/documents.json.
 *
 * The catalogue shipped is for demonstration: an office keeps its own, because the details of feature tests are not published. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <stdint.h>

typedef struct {
	const char *key;      /* "hologram" */
	const char *category; /* "diffractive", "personalisation", "material", "security_print" (V-27) */
	gboolean is_optically_variable;
	const json_t *texts; /* {"title":{"de","en"},"say":{…},"look":{…}} and what else replaces the step's */
} ident_feature;

typedef struct {
	const char *key;
	const json_t *texts;
} ident_choice;

typedef struct {
	const char *type; /* "id_card", "passport" */
	guint version;
	const char *mrz_subject; /* which side bears the zone: "document_front" or "document_back" */
	const char *mrz_code;    /* first character of the zone: "I" or "P" */
	const ident_feature *features;
	guint feature_count;
	const ident_choice *spots;
	guint spot_count;
	const json_t *validity; /* [{"years":6,"below_age":24},{"years":10}] */
} ident_document;

/* NULL when the type is not accepted. Static data. Thread: any. */
const ident_document *ident_document_get(const char *type);

/* V-34: `issue_date` and `expiry_date` "YYYY-MM-DD" agree with each other, with the holder's age and with the type; not expired,
 * not issued in the future. Returns FALSE with IDENT_ERROR_RULE V-34 saying what does not fit. */
gboolean ident_document_check_validity(const ident_document *document, const char *issue_date, const char *expiry_date,
	const char *birth_date, int64_t now_ms, GError **error);
