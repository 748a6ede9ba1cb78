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

/* Set an error. Returns FALSE, so that a failure is one line. */
gboolean ident_fail(GError **error, ident_error code, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The same for IDENT_ERROR_RULE; the message becomes "V-26: TEXT". */
gboolean ident_refuse(GError **error, const char *rule, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The rule "V-nn" that an IDENT_ERROR_RULE names (static or interned string), NULL for every other error. */
const char *ident_error_rule(const GError *error);
