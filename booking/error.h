/* SPDX-License-Identifier: EUPL-1.2 */
/* What can go wrong in booking. */
#pragma once
#include <glib.h>

#define BOOKING_ERROR (booking_error_quark())
GQuark booking_error_quark(void);

typedef enum {
	BOOKING_ERROR_NOT_FOUND, /* no such object, or not the caller's */
	BOOKING_ERROR_INVALID, /* an input makes no sense; the message is "FIELD: what is wrong", FIELD as "persons[0].birth_date"
				*/
	BOOKING_ERROR_TAKEN,   /* somebody else holds or has this time */
	BOOKING_ERROR_CLOSED,  /* outside the opening rules, too soon or too far ahead */
	BOOKING_ERROR_LIMIT,   /* a limit of the visitor, the link or the agreement is reached */
	BOOKING_ERROR_EXPIRED, /* the hold or the token ran out */
	BOOKING_ERROR_STATE,   /* the appointment's state does not allow this, or somebody changed it first */
	BOOKING_ERROR_WRONG,   /* the link or the date of birth is not right (never says which) */
} booking_error;
