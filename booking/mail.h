/* SPDX-License-Identifier: EUPL-1.2 */
/* A mail as it goes over the wire (RFC 5322, 2045 to 2047): plain text, and an iCalendar object as its alternative (RFC 6047). */
#pragma once
#include "booking/calendar.h"

typedef struct {
	const char *id;        /* for Message-ID: the notice's */
	const char *from;      /* address */
	const char *from_name; /* "Standesamt Musterstadt Mitte" */
	const char *to;        /* address */
	const char *language;
	const char *subject;
	const char *text;     /* UTF-8, lines end with LF */
	const char *calendar; /* or NULL */
	calendar_method method;
	int64_t date_ms;
} mail;

/* (transfer full) The message; lines end with CR LF, everything is ASCII, no line is over 78 characters but addresses. */
char *mail_text(const mail *mail);
