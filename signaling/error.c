/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/error.h"

#include "booking/error.h"
#include "core/db/db.h"
#include "core/error.h"
#include "ident/error.h"

#include <string.h>

G_DEFINE_QUARK(signaling - error - quark, signaling_error)

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
	{ signaling_error_quark, SIGNALING_ERROR_NOT_READY, { "not_ready", 501 } },
	{ booking_error_quark, BOOKING_ERROR_NOT_FOUND, { "not_found", 404 } },
	{ booking_error_quark, BOOKING_ERROR_INVALID, { "input", 400 } },
	{ booking_error_quark, BOOKING_ERROR_TAKEN, { "taken", 409 } },
	{ booking_error_quark, BOOKING_ERROR_CLOSED, { "closed", 409 } },
	{ booking_error_quark, BOOKING_ERROR_LIMIT, { "limit", 429 } },
	{ booking_error_quark, BOOKING_ERROR_EXPIRED, { "expired", 410 } },
	{ booking_error_quark, BOOKING_ERROR_STATE, { "state", 409 } },
	{ booking_error_quark, BOOKING_ERROR_WRONG, { "credentials", 403 } },
	{ ident_error_quark, IDENT_ERROR_RULE, { "rule", 409 } },
	{ ident_error_quark, IDENT_ERROR_STATE, { "state", 409 } },
	{ ident_error_quark, IDENT_ERROR_NOT_FOUND, { "not_found", 404 } },
	{ ident_error_quark, IDENT_ERROR_INVALID, { "input", 400 } },
	{ ident_error_quark, IDENT_ERROR_LIMIT, { "limit", 429 } },
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

/* "FIELD: what is wrong" of the edge's decoder and of booking's checks; NULL when the message names no field. */
static const char *field_end(const GError *error)
{
	gboolean names_field = g_error_matches(error, SIGNALING_ERROR, SIGNALING_ERROR_INPUT) ||
			       g_error_matches(error, BOOKING_ERROR, BOOKING_ERROR_INVALID);
	return names_field ? strstr(error->message, ": ") : NULL;
}

json_t *error_to_json(const GError *error)
{
	const error_kind *kind = error_kind_of(error);
	json_t *out = json_object();
	json_object_set_new(out, "code", json_string(kind->code));
	if (kind->http_status == 500 || kind->http_status == 503) {
		json_object_set_new(out, "text", json_string("The server could not do this just now. Please try again."));
		return out;
	}
	const char *colon = field_end(error);
	if (colon != NULL)
		json_object_set_new(out, "field", json_stringn(error->message, (size_t)(colon - error->message)));
	json_object_set_new(out, "text", json_string(colon != NULL ? colon + 2 : error->message));
	if (ident_error_rule(error) != NULL)
		json_object_set_new(out, "rule", json_string(ident_error_rule(error)));
	return out;
}
