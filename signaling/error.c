/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/error.h"

#include "booking/error.h"
#include "core/db/db.h"
#include "core/error.h"
#include "ident/error.h"

#include <string.h>

G_DEFINE_QUARK(signaling - error - quark, signaling_error)

/* Every domain's errors in one table: what is not in it is our own fault, told as "internal" and logged.
 * generate.py reads codes and keys from here: the pages have a text for each. */
static const struct {
	GQuark (*domain)(void);
	int number;
	error_kind kind;
} table[] = {
	{ signaling_error_quark, SIGNALING_ERROR_INPUT, { "input", 400, NULL } },
	{ signaling_error_quark, SIGNALING_ERROR_NOT_FOUND, { "not_found", 404, NULL } },
	{ signaling_error_quark, SIGNALING_ERROR_SIGNED_OUT, { "signed_out", 401, NULL } },
	{ signaling_error_quark, SIGNALING_ERROR_CSRF, { "csrf", 403, NULL } },
	{ signaling_error_quark, SIGNALING_ERROR_RATE, { "rate", 429, NULL } },
	{ signaling_error_quark, SIGNALING_ERROR_STATE, { "state", 409, NULL } },
	{ signaling_error_quark, SIGNALING_ERROR_NOT_MEETING, { "state", 409, "not_meeting" } },
	{ signaling_error_quark, SIGNALING_ERROR_SESSION_OPEN, { "state", 409, "session_open" } },
	{ signaling_error_quark, SIGNALING_ERROR_ROOM_NOT_ATTESTED, { "state", 409, "room_not_attested" } },
	{ signaling_error_quark, SIGNALING_ERROR_TRAINING_EXPIRED, { "state", 409, "training_expired" } },
	{ signaling_error_quark, SIGNALING_ERROR_NOT_RECORDED, { "state", 409, "not_recorded" } },
	{ signaling_error_quark, SIGNALING_ERROR_NO_PICTURE, { "state", 409, "no_picture" } },
	{ signaling_error_quark, SIGNALING_ERROR_PICTURE_LATE, { "state", 409, "picture_late" } },
	{ signaling_error_quark, SIGNALING_ERROR_ELSEWHERE, { "state", 409, "elsewhere" } },
	{ signaling_error_quark, SIGNALING_ERROR_LINK_LOCKED, { "limit", 429, "link_locked" } },
	{ signaling_error_quark, SIGNALING_ERROR_LIMIT, { "limit", 429, NULL } },
	{ signaling_error_quark, SIGNALING_ERROR_CREDENTIALS, { "credentials", 403, NULL } },
	{ signaling_error_quark, SIGNALING_ERROR_MEDIA, { "media", 502, NULL } },
	{ signaling_error_quark, SIGNALING_ERROR_REFUSED, { "media", 502, NULL } },
	{ signaling_error_quark, SIGNALING_ERROR_BUSY, { "busy", 503, NULL } },
	{ signaling_error_quark, SIGNALING_ERROR_NOT_READY, { "not_ready", 501, NULL } },
	{ booking_error_quark, BOOKING_ERROR_NOT_FOUND, { "not_found", 404, NULL } },
	{ booking_error_quark, BOOKING_ERROR_INVALID, { "input", 400, NULL } },
	{ booking_error_quark, BOOKING_ERROR_TAKEN, { "taken", 409, NULL } },
	{ booking_error_quark, BOOKING_ERROR_CLOSED, { "closed", 409, NULL } },
	{ booking_error_quark, BOOKING_ERROR_LIMIT, { "limit", 429, NULL } },
	{ booking_error_quark, BOOKING_ERROR_EXPIRED, { "expired", 410, NULL } },
	{ booking_error_quark, BOOKING_ERROR_STATE, { "state", 409, NULL } },
	{ booking_error_quark, BOOKING_ERROR_WRONG, { "credentials", 403, NULL } },
	{ ident_error_quark, IDENT_ERROR_RULE, { "rule", 409, NULL } },
	{ ident_error_quark, IDENT_ERROR_STATE, { "state", 409, NULL } },
	{ ident_error_quark, IDENT_ERROR_NOT_FOUND, { "not_found", 404, NULL } },
	{ ident_error_quark, IDENT_ERROR_INVALID, { "input", 400, NULL } },
	{ ident_error_quark, IDENT_ERROR_LIMIT, { "limit", 429, NULL } },
	{ core_error_quark, CORE_ERROR_FORMAT, { "input", 400, NULL } },
	{ core_error_quark, CORE_ERROR_LIMIT, { "too_large", 413, NULL } },
	{ db_error_quark, DB_ERROR_UNAVAILABLE, { "busy", 503, NULL } },
};

static const error_kind internal = { "internal", 500, NULL };

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
	const char *key = ident_error_key(error) != NULL ? ident_error_key(error) : kind->key;
	json_object_set_new(out, "code", json_string(kind->code));
	json_object_set_new(out, "key", json_string(key != NULL ? key : kind->code));
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
