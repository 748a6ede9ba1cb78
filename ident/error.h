/* SPDX-License-Identifier: EUPL-1.2 */
/* Why the identification refuses something. */
#pragma once
#include <glib.h>

#define IDENT_ERROR (ident_error_quark())
GQuark ident_error_quark(void);

typedef enum {
	IDENT_ERROR_RULE,      /* the procedure does not allow it; ident_error_rule() names the rule */
	IDENT_ERROR_STATE,     /* the attempt is not running, or there is none to start */
	IDENT_ERROR_NOT_FOUND, /* no such attempt, step, report … */
	IDENT_ERROR_INVALID,   /* a value is malformed: an answer, a reason, a machine-readable zone */
	IDENT_ERROR_LIMIT,     /* too often or too soon; the message says which */
} ident_error;

/* What a person can be refused. The table in error.c gives each its code, its English sentence and the key by which the pages have
 * it in their languages. */
typedef enum {
	/* starting, ending */
	IDENT_REFUSAL_NOT_CONSENTED,
	IDENT_REFUSAL_NOT_RECORDED,
	IDENT_REFUSAL_CONSENT_TEXT_CHANGED,
	IDENT_REFUSAL_CONSENT_DECIDED,
	IDENT_REFUSAL_NOBODY_IDENTIFIED,
	IDENT_REFUSAL_PERSON_IDENTIFIED,
	IDENT_REFUSAL_DOCUMENT_NOT_ACCEPTED,
	IDENT_REFUSAL_FEATURES_TOO_FEW,
	IDENT_REFUSAL_ATTEMPT_RUNNING,
	IDENT_REFUSAL_ATTEMPT_ENDED,
	IDENT_REFUSAL_ATTEMPTS_USED_UP,
	/* any step */
	IDENT_REFUSAL_STEP_FIRST,
	IDENT_REFUSAL_STEP_DECIDED,
	IDENT_REFUSAL_STEP_FAILED,
	IDENT_REFUSAL_STEP_OTHER,
	IDENT_REFUSAL_STILL_MISSING,
	IDENT_REFUSAL_TRIES_USED_UP,
	IDENT_REFUSAL_ANSWER_TOO_LONG,
	/* steps with an answer */
	IDENT_REFUSAL_ZONE_UNREADABLE,
	IDENT_REFUSAL_ZONE_WRONG,
	IDENT_REFUSAL_ZONE_MISSING,
	IDENT_REFUSAL_ZONE_DATES_MISSING,
	IDENT_REFUSAL_DATA_DIFFER,
	IDENT_REFUSAL_DIFFERENCE_UNEXPLAINED,
	IDENT_REFUSAL_NUMBER_MISSING,
	IDENT_REFUSAL_NUMBER_WRONG,
	IDENT_REFUSAL_ISSUE_DATE_MISSING,
	IDENT_REFUSAL_DATE_MALFORMED,
	IDENT_REFUSAL_DOCUMENT_FUTURE,
	IDENT_REFUSAL_DOCUMENT_EXPIRED,
	IDENT_REFUSAL_DOCUMENT_BEFORE_BIRTH,
	IDENT_REFUSAL_DOCUMENT_PERIOD,
	/* TAN, verdict */
	IDENT_REFUSAL_TAN_NOT_SENT,
	IDENT_REFUSAL_TAN_EXPIRED,
	IDENT_REFUSAL_TAN_TOO_SOON,
	IDENT_REFUSAL_TANS_USED_UP,
	IDENT_REFUSAL_STEP_OPEN,
	IDENT_REFUSAL_NOT_PASSED,
	IDENT_REFUSAL_REASON_MISSING,
	IDENT_REFUSAL_REPORT_UNSEALED,
	IDENT_REFUSAL_COUNT
} ident_refusal;

/* "step_first" and the like: small letters, stable. */
const char *ident_refusal_key(ident_refusal refusal);
const char *ident_refusal_text(ident_refusal refusal);

/* Set an error that nobody meets who uses the pages. Returns FALSE, so that a failure is one line. */
gboolean ident_fail(GError **error, ident_error code, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Set an error that people meet. `rule` "V-nn" for IDENT_ERROR_RULE and NULL else; `about` the step, the field or the
 * cause, for the English message only, or NULL. The message is "V-26: TEXT (ABOUT)". Returns FALSE. */
gboolean ident_refuse(GError **error, ident_refusal refusal, const char *rule, const char *about);

/* The rule "V-nn" that an IDENT_ERROR_RULE names (interned), NULL for every other error. */
const char *ident_error_rule(const GError *error);
/* The refusal's key, NULL for an error that is none. */
const char *ident_error_key(const GError *error);
