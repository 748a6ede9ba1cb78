/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/error.h"
#include <string.h>

G_DEFINE_QUARK(ident - error - quark, ident_error)

gboolean ident_fail(GError **error, ident_error code, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_propagate_error(error, g_error_new_valist(IDENT_ERROR, code, format, arguments));
	va_end(arguments);
	return FALSE;
}

gboolean ident_refuse(GError **error, const char *rule, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(error, IDENT_ERROR, IDENT_ERROR_RULE, "%s: %s", rule, text);
	return FALSE;
}

const char *ident_error_rule(const GError *error)
{
	const char *end = g_error_matches(error, IDENT_ERROR, IDENT_ERROR_RULE) ? strchr(error->message, ':') : NULL;
	if (end == NULL)
		return NULL;
	g_autofree char *rule = g_strndup(error->message, end - error->message);
	return g_intern_string(rule);
}
