/* SPDX-License-Identifier: EUPL-1.2 */
/* The outbox: what people are told, exactly once per (appointment, revision, kind, person).
 *
 * A notice is written in the transaction it tells of, as a ready mail; after sending, the mail's text is erased and only the
 * fact stays. Touches "notices". Thread: inside a write job. */
#pragma once
#include "booking/person.h"

typedef enum {
	NOTICE_CONFIRM_REQUEST, /* please confirm by this link */
	NOTICE_CONFIRMED,       /* own link and calendar */
	NOTICE_MOVED,           /* new time, new own link, calendar */
	NOTICE_CANCELLED,       /* calendar CANCEL */
	NOTICE_REMINDER_DAY,
	NOTICE_REMINDER_HOUR,
	NOTICE_TAN,          /* `secret` is the TAN */
	NOTICE_REPORT_READY, /* the report can be fetched by the own link */
} notice_kind;

/* "confirm_request" …: as stored. */
const char *notice_kind_name(notice_kind kind);
/* Queue a notice. `secret` goes into the text: the token of a link, a TAN, else NULL.
 * `revision` tells repeated notices of a kind apart: the appointment's sequence, the number of the TAN or of the report.
 * A second one of the same (appointment, revision, kind, person) is silently left out. */
gboolean notice_queue(const booking_context *context, notice_kind kind, const appointment *appointment, const person *person,
	int64_t revision, const char *secret, GError **error);
