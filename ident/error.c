/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/error.h"

typedef struct {
	const char *rule, *key;
} IdentErrorPrivate;

static void ident_error_private_init(IdentErrorPrivate *private)
{
	*private = (IdentErrorPrivate){ 0 };
}

static void ident_error_private_copy(const IdentErrorPrivate *from, IdentErrorPrivate *to)
{
	*to = *from;
}

static void ident_error_private_clear(IdentErrorPrivate *private)
{
	(void)private; /* all static */
}

G_DEFINE_EXTENDED_ERROR(IdentError, ident_error)

/* generate.py reads the keys from here: the pages have a text for each. */
static const struct {
	const char *key;
	ident_error code;
	const char *text;
} refusals[IDENT_REFUSAL_COUNT] = {
	[IDENT_REFUSAL_NOT_CONSENTED] = { "not_consented", IDENT_ERROR_RULE, "The person has not consented to the recording." },
	[IDENT_REFUSAL_NOT_RECORDED] = { "not_recorded", IDENT_ERROR_RULE, "The recording is not running." },
	[IDENT_REFUSAL_CONSENT_TEXT_CHANGED] = { "consent_text_changed", IDENT_ERROR_RULE,
		"The text has changed: please read it again." },
	[IDENT_REFUSAL_CONSENT_DECIDED] = { "consent_decided", IDENT_ERROR_STATE,
		"The decision about the recording stands and cannot become this one." },
	[IDENT_REFUSAL_NOBODY_IDENTIFIED] = { "nobody_identified", IDENT_ERROR_STATE, "This service identifies nobody." },
	[IDENT_REFUSAL_PERSON_IDENTIFIED] = { "person_identified", IDENT_ERROR_STATE, "This person is identified." },
	[IDENT_REFUSAL_DOCUMENT_NOT_ACCEPTED] = { "document_not_accepted", IDENT_ERROR_RULE,
		"This type of document is not accepted." },
	[IDENT_REFUSAL_FEATURES_TOO_FEW] = { "features_too_few", IDENT_ERROR_RULE,
		"The catalogue has too few features of different kinds for this document." },
	[IDENT_REFUSAL_ATTEMPT_RUNNING] = { "attempt_running", IDENT_ERROR_STATE, "An attempt is running." },
	[IDENT_REFUSAL_ATTEMPT_ENDED] = { "attempt_ended", IDENT_ERROR_STATE, "The attempt has ended." },
	[IDENT_REFUSAL_ATTEMPTS_USED_UP] = { "attempts_used_up", IDENT_ERROR_LIMIT,
		"There were too many attempts: another way is needed." },
	[IDENT_REFUSAL_STEP_FIRST] = { "step_first", IDENT_ERROR_RULE, "Another step comes first." },
	[IDENT_REFUSAL_STEP_DECIDED] = { "step_decided", IDENT_ERROR_RULE, "The step has its result, which is never changed." },
	[IDENT_REFUSAL_STEP_FAILED] = { "step_failed", IDENT_ERROR_RULE, "A step has failed: nothing comes after it." },
	[IDENT_REFUSAL_STEP_OTHER] = { "step_other", IDENT_ERROR_RULE, "This cannot be done at this step." },
	[IDENT_REFUSAL_STILL_MISSING] = { "still_missing", IDENT_ERROR_RULE, "The step needs a still." },
	[IDENT_REFUSAL_TRIES_USED_UP] = { "tries_used_up", IDENT_ERROR_RULE, "The step has had all its tries." },
	[IDENT_REFUSAL_ANSWER_TOO_LONG] = { "answer_too_long", IDENT_ERROR_INVALID, "The answer is too long." },
	[IDENT_REFUSAL_ZONE_UNREADABLE] = { "zone_unreadable", IDENT_ERROR_RULE,
		"No still of the zone could be read: take another or type its lines." },
	[IDENT_REFUSAL_ZONE_WRONG] = { "zone_wrong", IDENT_ERROR_RULE, "The lines that were typed are no zone without error." },
	[IDENT_REFUSAL_ZONE_MISSING] = { "zone_missing", IDENT_ERROR_RULE, "There is no zone to compare with." },
	[IDENT_REFUSAL_ZONE_DATES_MISSING] = { "zone_dates_missing", IDENT_ERROR_RULE, "The zone has no full dates." },
	[IDENT_REFUSAL_DATA_DIFFER] = { "data_differ", IDENT_ERROR_RULE, "The document differs from the intake." },
	[IDENT_REFUSAL_DIFFERENCE_UNEXPLAINED] = { "difference_unexplained", IDENT_ERROR_RULE,
		"A name differs from the intake: give the reason." },
	[IDENT_REFUSAL_NUMBER_MISSING] = { "number_missing", IDENT_ERROR_RULE, "The number that was said is missing." },
	[IDENT_REFUSAL_NUMBER_WRONG] = { "number_wrong", IDENT_ERROR_RULE, "This is not the number in the zone." },
	[IDENT_REFUSAL_ISSUE_DATE_MISSING] = { "issue_date_missing", IDENT_ERROR_RULE, "The date of issue is missing." },
	[IDENT_REFUSAL_DATE_MALFORMED] = { "date_malformed", IDENT_ERROR_INVALID, "A date is expected as YYYY-MM-DD." },
	[IDENT_REFUSAL_DOCUMENT_FUTURE] = { "document_future", IDENT_ERROR_RULE, "The document would be issued in the future." },
	[IDENT_REFUSAL_DOCUMENT_EXPIRED] = { "document_expired", IDENT_ERROR_RULE, "The document has expired." },
	[IDENT_REFUSAL_DOCUMENT_BEFORE_BIRTH] = { "document_before_birth", IDENT_ERROR_RULE,
		"The document would be older than its holder." },
	[IDENT_REFUSAL_DOCUMENT_PERIOD] = { "document_period", IDENT_ERROR_RULE,
		"A document of this type is not issued for this period." },
	[IDENT_REFUSAL_TAN_NOT_SENT] = { "tan_not_sent", IDENT_ERROR_RULE, "No TAN was sent." },
	[IDENT_REFUSAL_TAN_EXPIRED] = { "tan_expired", IDENT_ERROR_RULE,
		"The TAN is older than ten minutes: ask for a new one." },
	[IDENT_REFUSAL_TAN_TOO_SOON] = { "tan_too_soon", IDENT_ERROR_LIMIT, "A new TAN can be sent 30 seconds after the last." },
	[IDENT_REFUSAL_TANS_USED_UP] = { "tans_used_up", IDENT_ERROR_LIMIT, "Too many TANs were sent in this attempt." },
	[IDENT_REFUSAL_STEP_OPEN] = { "step_open", IDENT_ERROR_RULE, "A step is open: there can be no verdict yet." },
	[IDENT_REFUSAL_NOT_PASSED] = { "not_passed", IDENT_ERROR_RULE, "A step has failed: the person is not identified." },
	[IDENT_REFUSAL_REASON_MISSING] = { "reason_missing", IDENT_ERROR_INVALID,
		"At least one reason is needed, and not too many." },
	[IDENT_REFUSAL_REPORT_UNSEALED] = { "report_unsealed", IDENT_ERROR_STATE, "No checkpoint covers the verdict yet." },
};

const char *ident_refusal_key(ident_refusal refusal)
{
	return refusals[refusal].key;
}

const char *ident_refusal_text(ident_refusal refusal)
{
	return refusals[refusal].text;
}

gboolean ident_fail(GError **error, ident_error code, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_propagate_error(error, g_error_new_valist(IDENT_ERROR, code, format, arguments));
	va_end(arguments);
	return FALSE;
}

gboolean ident_refuse(GError **error, ident_refusal refusal, const char *rule, const char *about)
{
	g_autofree char *before = rule != NULL ? g_strconcat(rule, ": ", NULL) : g_strdup("");
	g_autofree char *after = about != NULL ? g_strdup_printf(" (%s)", about) : g_strdup("");
	GError *made = g_error_new(IDENT_ERROR, refusals[refusal].code, "%s%s%s", before, refusals[refusal].text, after);
	IdentErrorPrivate *private = ident_error_get_private(made);
	private->rule = rule != NULL ? g_intern_string(rule) : NULL;
	private->key = refusals[refusal].key;
	g_propagate_error(error, made);
	return FALSE;
}

static const IdentErrorPrivate *private_of(const GError *error)
{
	return error != NULL && error->domain == IDENT_ERROR ? ident_error_get_private(error) : NULL;
}

const char *ident_error_rule(const GError *error)
{
	const IdentErrorPrivate *private = private_of(error);
	return private != NULL ? private->rule : NULL;
}

const char *ident_error_key(const GError *error)
{
	const IdentErrorPrivate *private = private_of(error);
	return private != NULL ? private->key : NULL;
}
