/* SPDX-License-Identifier: EUPL-1.2 */
/* The limits of the identification, each with its unit and reason. */
#pragma once

enum {
	IDENT_TAN_DIGITS = 6,
	IDENT_TAN_LIFE_MS = 10 * 60 * 1000, /* short-lived (V-40), long enough for slow mail */
	IDENT_TAN_TRIES = 3,                /* for all TANs of an attempt together: one chance in 333,333 to guess */
	IDENT_TAN_RESEND_MS = 30 * 1000,    /* a mail needs some seconds; keeps a click from filling a mailbox */
	IDENT_TAN_SENT_MAX = 5,             /* TANs of one attempt */
	IDENT_MRZ_READ_MAX = 200,           /* characters of a line as read by OCR; more is no MRZ */
	IDENT_MRZ_CHANGES_MAX = 2,          /* look-alikes changed in one zone: more, and two check digits prove too little */
	IDENT_MRZ_LINES_READ_MAX = 20,      /* lines of a still tried */
	IDENT_DRAW_CANDIDATES_MAX = 1000,
	IDENT_DRAW_NONCES_MAX = 16,
	IDENT_ANSWER_MAX = 500, /* characters an officer may type at a step */
	IDENT_REASONS_MAX = 10,
	IDENT_ATTEMPTS_MAX = 20, /* attempts of one person: beyond that, come in person */
};
