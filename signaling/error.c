/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/error.h"

#include "core/db/db.h"
#include "core/error.h"

#include <string.h>

G_DEFINE_QUARK(signaling-error-quark, signaling_error)

/* Every domain's errors in one table: what is not in it is our own fault, told as "internal" and logged. */
static const struct {
	GQuark (*domain)(void);
	int number;
	error_kind kind;
} table[] = {
	{ signaling_error_quark, SIGNALING_ERROR_INPUT, { "input", 400 } },
	{ signaling_error_quark, SIGNALING_ERROR_NOT_FOUND, { "not_found", 404 } },
	{ signaling_error_quark, SIGNALING_ERROR_SIGNED_OUT, { "signed_out", 401 } },
	{ signaling_error_quark, SIGNALING_ERROR_CSRF, { "csrf", 403 } },
	{ signaling_error_quark, SIGNALING_ERROR_RATE, { "rate", 429 } },
	{ signaling_error_quark, SIGNALING_ERROR_STATE, { "state", 409 } },
	{ signaling_error_quark, SIGNALING_ERROR_CREDENTIALS, { "credentials", 403 } },
	{ signaling_error_quark, SIGNALING_ERROR_MEDIA, { "media", 502 } },
	{ signaling_error_quark, SIGNALING_ERROR_BUSY, { "busy", 503 } },
	{ core_error_quark, CORE_ERROR_FORMAT, { "input", 400 } },
	{ core_error_quark, CORE_ERROR_LIMIT, { "too_large", 413 } },
	{ db_error_quark, DB_ERROR_UNAVAILABLE, { "busy", 503 } },
};

static const error_kind internal = { "internal", 500 };

const error_kind *error_kind_of(const GError *error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (error->domain == table[i].domain() && error->code == table[i].number)
			return &table[i].kind;
	return &internal;
}

/* "V-31" in a message becomes the member `rule`, so that pages can link to the rule. */
static void set_rule(json_t *out, const char *message)
{
	for (const char *at = strstr(message, "V-"); at != NULL; at = strstr(at + 2, "V-")) {
		size_t digits = strspn(at + 2, "0123456789");
		if (digits == 2) {
			json_object_set_new(out, "rule", json_stringn(at, 4));
			return;
		}
	}
}

json_t *error_to_json(const GError *error)
{
	const error_kind *kind = error_kind_of(error);
	json_t *out = json_object();
	json_object_set_new(out, "code", json_string(kind->code));
	if (kind == &internal || kind->http_status == 503) {
		json_object_set_new(out, "text", json_string("The server could not do this just now. Please try again."));
		return out;
	}
	const char *colon = g_error_matches(error, SIGNALING_ERROR, SIGNALING_ERROR_INPUT) ? strstr(error->message, ": ") : NULL;
	if (colon != NULL)
		json_object_set_new(out, "field", json_stringn(error->message, (size_t)(colon - error->message)));
	json_object_set_new(out, "text", json_string(colon != NULL ? colon + 2 : error->message));
	set_rule(out, error->message);
	return out;
}
