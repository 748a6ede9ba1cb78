/* SPDX-License-Identifier: EUPL-1.2 */
/* The error domain of core (the database has its own: core/db/db.h). */
#pragma once
#include <glib.h>

#define CORE_ERROR (core_error_quark())
GQuark core_error_quark(void);

typedef enum {
	CORE_ERROR_FORMAT,  /* foreign bytes are not what they should be: JSON, base64, age, bech32, PEM */
	CORE_ERROR_LIMIT,   /* they are larger or deeper than allowed */
	CORE_ERROR_FILE,    /* a file or socket cannot be read or written; the message names it and says why */
	CORE_ERROR_KEY,     /* a key, signature, password or authentication tag is wrong */
	CORE_ERROR_NETWORK, /* nobody answered, or not in time: worth another try */
	CORE_ERROR_REFUSED, /* the peer answered with a final refusal: do not try again */
	CORE_ERROR_OPTION,  /* an option is unknown or out of range; the message says what to do */
	CORE_ERROR_SANDBOX, /* the kernel does not lock the process in */
} core_error;
