/* SPDX-License-Identifier: EUPL-1.2 */
/* One still picture from one keyframe: decoded, turned upright, as PNG at full received size, and measured.
 *
 * light      mean of the grey values, 0 (black) to 255
 * sharpness  mean square of the Laplacian (centre times 4 minus its four neighbours) of the grey picture, after it was
 *            scaled to 960 pixels on the longer side: below about 20 it is blurred, a legible card has over 100
 * Thread: any, it may take a second; init() first, on the main thread. */
#pragma once
#include "media/record/track.h"

typedef struct {
	GBytes *png;  /* as received; nothing is drawn into it, it is evidence */
	GBytes *jpeg; /* a preview of at most RECORD_PREVIEW_MAX_PIXELS */
	guint width, height;
	guint light, sharpness;
	char **mrz; /* raw lines, NULL when not asked for, empty when none was found */
} record_still;

/* Load GStreamer with the few plugins that decode a picture, and no others. Once is enough, before a fork too. */
gboolean record_still_init(GError **error);
/* (transfer full) */
record_still *record_still_take(record_codec codec, const record_frame *frame, gboolean with_mrz, GError **error);
void record_still_free(record_still *still);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(record_still, record_still_free)
