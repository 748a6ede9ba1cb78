/* SPDX-License-Identifier: EUPL-1.2 */
/* What is wrong with somebody's connection, picture or sound, as codes that the pages put into words.
 *
 * A figure must be bad for QUALITY_BAD_AFTER measures in a row to become a reason, and good, by a margin, for
 * QUALITY_GOOD_AFTER to be none any more: advice that flickers is not followed. Thread: its peer's. */
#pragma once
#include <glib.h>

/* The worst first: what keeps people from being understood comes before what makes them look bad. */
typedef enum {
	QUALITY_UPLOAD_SLOW,   /* much is lost on the way to us, or hardly any pictures leave */
	QUALITY_DOWNLOAD_SLOW, /* the same towards the person */
	QUALITY_FAR,           /* a long round trip: people interrupt each other */
	QUALITY_PICTURE_DARK,
	QUALITY_PICTURE_SMALL,
	QUALITY_AUDIO_QUIET, /* who speaks is hardly heard */
	QUALITY_REASONS,
} quality_reason;

/* What was measured in the last seconds; NAN: nothing. */
typedef struct {
	double up_loss, down_loss; /* percent */
	double fps;                /* of the picture that arrives; NAN also when the camera is off */
	double up_kbps;
	double height;        /* the shorter side of the picture, pixels */
	double paused;        /* pictures that are not sent to the person */
	double light;         /* 0 to 255 */
	double rtt_ms, voice; /* loudest voice, dBov */
} quality_measure;

/* Zeroed is new. */
typedef struct {
	gboolean is_on[QUALITY_REASONS];
	guint against[QUALITY_REASONS]; /* measures in a row that say otherwise */
} quality;

void quality_note(quality *quality, const quality_measure *measure);
/* "upload_slow" … */
const char *quality_reason_name(quality_reason reason);
