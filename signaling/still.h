/* SPDX-License-Identifier: EUPL-1.2 */
/* Stills: pictures taken by the server from what a person's camera sends.
 *
 * The picture itself is encrypted by the recorder and stored with the recording; a preview for the officer is kept in
 * memory only, until the session ends. */
#pragma once
#include "signaling/app.h"

typedef struct {
	char *file;   /* name in the recording's folder */
	char *sha256; /* of the encrypted file, hex */
	int width;
	int height;
	int light;     /* mean brightness, 0 to 255 */
	int sharpness; /* variance of the Laplacian; below 60 is blurred */
	GBytes *jpeg;  /* the preview */
	char **mrz;    /* the lines that were read, NULL ends; empty when none was asked for or found */
} still;

/* Take a still of `person` in `session` under the id `still_id`.
 * Blocks up to 10 s. SIGNALING_ERROR_STATE: the session is not being recorded, or the person's camera is off;
 * SIGNALING_ERROR_PICTURE_LATE: no complete picture came in time. Thread: a pool thread (operations of kind "work"). */
still *still_take(app *app, const char *session, const char *person, const char *still_id, gboolean wants_mrz, GError **error);
/* Its preview is there for the staff member `officer` alone. Only when the still is evidence: what a withdrawal made void
 * meanwhile is shown to nobody. */
void still_show(app *app, const still *still, const char *still_id, const char *session, const char *officer);
void still_free(still *still);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(still, still_free)
