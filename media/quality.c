/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/quality.h"
#include "media/limits.h"
#include <math.h>

/* How bad it is, 0 to 1 and more: of two figures the worse counts. Pictures that hardly come and are small in bytes are held back
 * by the line; a camera in a dark room also gives few, but large ones. */
static double upload(const quality_measure *measure)
{
	double loss = measure->up_loss / QUALITY_LOSS_PERCENT;
	gboolean is_thin = measure->up_kbps < QUALITY_UPLOAD_KBPS && !isnan(measure->fps);
	return fmax(loss, is_thin ? QUALITY_FPS / measure->fps : 0); /* of which fmax() ignores NAN */
}

static double download(const quality_measure *measure)
{
	return measure->paused > 0 ? 2 : measure->down_loss / QUALITY_LOSS_PERCENT;
}

static double far(const quality_measure *measure)
{
	return measure->rtt_ms / QUALITY_RTT_MS;
}

static double darkness(const quality_measure *measure)
{
	return QUALITY_LIGHT / measure->light;
}

static double smallness(const quality_measure *measure)
{
	return QUALITY_HEIGHT / measure->height;
}

static double quietness(const quality_measure *measure)
{
	return measure->voice / QUALITY_VOICE_DB; /* both are negative */
}

/* Above 1 it is bad, below `good` it is good again; between them it stays what it was. */
static const struct {
	const char *name;
	double (*look)(const quality_measure *measure);
	double good;
} reasons[QUALITY_REASONS] = {
	[QUALITY_UPLOAD_SLOW] = { "upload_slow", upload, 0.5 },
	[QUALITY_DOWNLOAD_SLOW] = { "download_slow", download, 0.5 },
	[QUALITY_FAR] = { "far", far, 0.8 },
	[QUALITY_PICTURE_DARK] = { "picture_dark", darkness, 0.8 },
	[QUALITY_PICTURE_SMALL] = { "picture_small", smallness, 1 },
	[QUALITY_AUDIO_QUIET] = { "audio_quiet", quietness, 0.9 },
};

void quality_note(quality *quality, const quality_measure *measure)
{
	for (guint i = 0; i < QUALITY_REASONS; i++) {
		double badness = reasons[i].look(measure);
		gboolean is_otherwise = quality->is_on[i] ? badness <= reasons[i].good : badness > 1;
		if (!isnan(badness))
			quality->against[i] = is_otherwise ? quality->against[i] + 1 : 0;
		if (quality->against[i] < (quality->is_on[i] ? QUALITY_GOOD_AFTER : QUALITY_BAD_AFTER))
			continue;
		quality->is_on[i] = !quality->is_on[i];
		quality->against[i] = 0;
	}
}

const char *quality_reason_name(quality_reason reason)
{
	return reasons[reason].name;
}
