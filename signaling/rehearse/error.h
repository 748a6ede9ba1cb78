/* SPDX-License-Identifier: EUPL-1.2 */
/* What can go wrong in a rehearsal. Each message is a sentence for the operator. */
#pragma once
#include <glib.h>

#define REHEARSE_ERROR (rehearse_error_quark())
GQuark rehearse_error_quark(void);
typedef enum {
	REHEARSE_ERROR_DEADLINE, /* something did not happen in time */
	REHEARSE_ERROR_ANSWER,   /* the server refused or answered something unexpected */
	REHEARSE_ERROR_MEDIA,    /* GStreamer or the WebRTC connection */
	REHEARSE_ERROR_VERIFY,   /* it happened, but what it left behind is wrong */
} rehearse_error;
