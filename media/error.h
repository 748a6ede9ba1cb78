/* SPDX-License-Identifier: EUPL-1.2 */
/* The error domain of media. Each has the code of the control socket (control.h) by media_error_code(). */
#pragma once
#include <glib.h>

#define MEDIA_ERROR (media_error_quark())
GQuark media_error_quark(void);

typedef enum {
	MEDIA_ERROR_REQUEST,           /* a command has no such shape */
	MEDIA_ERROR_UNKNOWN_COMMAND,   /* no command of this name */
	MEDIA_ERROR_UNKNOWN_PEER,      /* no peer of this id, or it is not in the room meant */
	MEDIA_ERROR_UNKNOWN_ROOM,      /* no room of this id */
	MEDIA_ERROR_UNKNOWN_RECORDING, /* no recording of this id */
	MEDIA_ERROR_EXISTS,            /* the id is taken */
	MEDIA_ERROR_SDP,               /* the offer is malformed or lacks what we need; the message says what */
	MEDIA_ERROR_LIMIT,             /* a limit of limits.h is reached */
	MEDIA_ERROR_TRANSPORT,         /* no socket, no certificate */
	MEDIA_ERROR_RECORDER,          /* the recorder cannot be started or gave up; the message says why */
	MEDIA_ERROR_TIMEOUT,           /* the recorder did not answer in time */
	MEDIA_ERROR_BUSY,              /* the same is being done already */
} media_error;

/* "unknown_peer" …; "bad_request" for an error of another domain. */
const char *media_error_code(const GError *error);
