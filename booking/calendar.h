/* SPDX-License-Identifier: EUPL-1.2 */
/* iCalendar objects (RFC 5545, 5546) of an appointment, for one person: neutral, private, no secret in them. */
#pragma once
#include "booking/person.h"

typedef enum { CALENDAR_REQUEST, CALENDAR_CANCEL } calendar_method;

/* (transfer full) A VCALENDAR with CRLF lines folded at 75 octets; UID and SEQUENCE are the appointment's. */
char *calendar_new(const booking_context *context, calendar_method method, const appointment *appointment, const person *person,
	GError **error);
/* "REQUEST" or "CANCEL", for the MIME type's parameter. */
const char *calendar_method_name(calendar_method method);
