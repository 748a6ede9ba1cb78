/* SPDX-License-Identifier: EUPL-1.2 */
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <leptonica/allheaders.h>
#include <string.h>
#include "media/record/limits.h"
#include "media/record/mrz.h"
#include "media/record/record.h"
#include "media/record/still.h"

enum { DECODE_MAX_MS = 2000, PREVIEW_QUALITY = 80, PREVIEW_QUALITY_LEAST = 20 };

gboolean record_still_init(GError **error)
{
	/* the elements of decode_pipeline(); libgstlibav may be missing, then there are no stills of H.264 */
	static const char *const plugins[] = { "coreelements", "app", "vpx", "videoconvertscale", "videofilter" };
	if (gst_is_initialized()) /* by the process that this one was forked from */
		return TRUE;
	g_setenv("GST_PLUGIN_SYSTEM_PATH_1_0", "", TRUE);
	g_setenv("GST_PLUGIN_PATH_1_0", "", TRUE);
	g_setenv("GST_REGISTRY_UPDATE", "no", TRUE);
	g_setenv("GST_REGISTRY_1_0", "/dev/null", TRUE);
	gst_registry_fork_set_enabled(FALSE);
	if (!gst_init_check(NULL, NULL, error))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(plugins); i++) {
		g_autofree char *path = g_strdup_printf("%s/libgst%s.so", GSTREAMER_PLUGINS, plugins[i]);
		GstPlugin *plugin = gst_plugin_load_file(path, error);
		if (plugin == NULL)
			return FALSE;
		gst_object_unref(plugin);
	}
	GstPlugin *libav = gst_plugin_load_file(GSTREAMER_PLUGINS "/libgstlibav.so", NULL);
	if (libav != NULL)
		gst_object_unref(libav);
	return TRUE;
}

/* The keyframe as its decoder wants it: H.264 units with start codes instead of lengths. */
static GstBuffer *coded_buffer(record_codec codec, const record_frame *frame)
{
	gsize length;
	guint8 *data = g_memdup2(g_bytes_get_data(frame->data, NULL), length = g_bytes_get_size(frame->data));
	for (gsize at = 0; codec == RECORD_H264 && at + 4 < length;) {
		guint32 size;
		memcpy(&size, data + at, 4);
		memcpy(data + at, "\0\0\0\1", 4);
		at += 4 + (gsize)GUINT32_FROM_BE(size);
	}
	return gst_buffer_new_wrapped(data, length);
}

static GstElement *decode_pipeline(record_codec codec, const record_frame *frame, GError **error)
{
	static const char *const turns[] = { "identity", "90r", "180", "90l" };
	g_autofree char *text =
		g_strdup_printf("appsrc name=in format=time caps=%s ! %s ! videoflip video-direction=%s ! videoconvert ! "
				"video/x-raw,format=RGBA ! appsink name=out sync=false",
			codec == RECORD_VP8 ? "video/x-vp8" : "video/x-h264,stream-format=byte-stream,alignment=au",
			codec == RECORD_VP8 ? "vp8dec" : "avdec_h264", turns[frame->orientation & 3]);
	return gst_parse_launch(text, error);
}

/* (transfer full) The decoded, upright picture. */
static GstSample *decode(record_codec codec, const record_frame *frame, GError **error)
{
	GstElement *pipeline = decode_pipeline(codec, frame, error);
	if (pipeline == NULL)
		return NULL;
	GstElement *in = gst_bin_get_by_name(GST_BIN(pipeline), "in"), *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	gst_app_src_push_buffer(GST_APP_SRC(in), coded_buffer(codec, frame));
	gst_app_src_end_of_stream(GST_APP_SRC(in));
	GstSample *sample = gst_app_sink_try_pull_sample(GST_APP_SINK(out), DECODE_MAX_MS * GST_MSECOND);
	gst_element_set_state(pipeline, GST_STATE_NULL);
	gst_object_unref(in);
	gst_object_unref(out);
	gst_object_unref(pipeline);
	if (sample == NULL)
		g_set_error(error, RECORD_ERROR, RECORD_ERROR_MEDIA, "The picture could not be decoded.");
	return sample;
}

/* (transfer full) A copy for Leptonica, whose pixels are words 0xRRGGBBAA. */
static PIX *picture_of(GstSample *sample, GError **error)
{
	GstVideoInfo info;
	GstVideoFrame mapped;
	if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) ||
		!gst_video_frame_map(&mapped, &info, gst_sample_get_buffer(sample), GST_MAP_READ)) {
		g_set_error(error, RECORD_ERROR, RECORD_ERROR_MEDIA, "The decoded picture has no form that is known.");
		return NULL;
	}
	PIX *picture = pixCreate(GST_VIDEO_INFO_WIDTH(&info), GST_VIDEO_INFO_HEIGHT(&info), 32);
	for (int y = 0; y < GST_VIDEO_INFO_HEIGHT(&info); y++) {
		const guint8 *row =
			(const guint8 *)GST_VIDEO_FRAME_PLANE_DATA(&mapped, 0) + y * GST_VIDEO_FRAME_PLANE_STRIDE(&mapped, 0);
		l_uint32 *line = pixGetData(picture) + (gsize)y * (gsize)pixGetWpl(picture);
		for (int x = 0; x < GST_VIDEO_INFO_WIDTH(&info); x++)
			line[x] = GST_READ_UINT32_BE(row + 4 * x) & 0xffffff00;
	}
	gst_video_frame_unmap(&mapped);
	return picture;
}

static guint mean_square_laplacian(PIX *grey)
{
	int width = pixGetWidth(grey), height = pixGetHeight(grey), words = pixGetWpl(grey);
	guint64 sum = 0;
	for (int y = 1; y < height - 1; y++) {
		l_uint32 *row = pixGetData(grey) + (gsize)y * (gsize)words;
		for (int x = 1; x < width - 1; x++) {
			int value = 4 * (int)GET_DATA_BYTE(row, x) - (int)GET_DATA_BYTE(row, x - 1) -
				    (int)GET_DATA_BYTE(row, x + 1) - (int)GET_DATA_BYTE(row - words, x) -
				    (int)GET_DATA_BYTE(row + words, x);
			sum += (guint64)(value * value);
		}
	}
	return width > 2 && height > 2 ? (guint)(sum / (guint64)((width - 2) * (height - 2))) : 0;
}

/* (transfer full) The picture as a file in memory. */
static GBytes *make_png(PIX *picture)
{
	l_uint8 *data = NULL;
	size_t length = 0;
	return pixWriteMemPng(&data, &length, picture, 0) != 0 ? NULL : g_bytes_new_with_free_func(data, length, free, data);
}

/* The same, in as good a quality as fits into one event. */
static GBytes *make_preview(PIX *picture)
{
	for (int quality = PREVIEW_QUALITY; quality >= PREVIEW_QUALITY_LEAST; quality -= 20) {
		l_uint8 *data = NULL;
		size_t length = 0;
		if (pixWriteMemJpeg(&data, &length, picture, quality, 0) == 0 && length <= RECORD_PREVIEW_MAX_BYTES)
			return g_bytes_new_with_free_func(data, length, free, data);
		free(data);
	}
	return NULL;
}

static void measure(record_still *still, PIX *picture, PIX *small)
{
	PIX *grey = pixConvertRGBToLuminance(small);
	l_float32 mean = 0;
	pixGetAverageMasked(grey, NULL, 0, 0, 1, L_MEAN_ABSVAL, &mean);
	still->light = (guint)(mean + 0.5f);
	still->sharpness = mean_square_laplacian(grey);
	still->width = (guint)pixGetWidth(picture);
	still->height = (guint)pixGetHeight(picture);
	pixDestroy(&grey);
}

record_still *record_still_take(record_codec codec, const record_frame *frame, gboolean with_mrz, GError **error)
{
	GstSample *sample = decode(codec, frame, error);
	PIX *picture = sample != NULL ? picture_of(sample, error) : NULL;
	g_clear_pointer(&sample, gst_sample_unref);
	if (picture == NULL)
		return NULL;
	int longer = MAX(pixGetWidth(picture), pixGetHeight(picture));
	float scale = MIN(1.0f, (float)RECORD_PREVIEW_MAX_PIXELS / (float)longer);
	PIX *small = pixScale(picture, scale, scale);
	g_autoptr(record_still) still = g_new0(record_still, 1);
	measure(still, picture, small);
	still->png = make_png(picture);
	still->jpeg = make_preview(small);
	if (with_mrz) {
		PIX *grey = pixConvertRGBToLuminance(picture);
		still->mrz = record_mrz_read(grey);
		pixDestroy(&grey);
	}
	pixDestroy(&small);
	pixDestroy(&picture);
	if (still->png == NULL || still->jpeg == NULL) {
		g_set_error(error, RECORD_ERROR, RECORD_ERROR_MEDIA, "The picture could not be coded.");
		return NULL;
	}
	return g_steal_pointer(&still);
}

void record_still_free(record_still *still)
{
	if (still == NULL)
		return;
	g_clear_pointer(&still->png, g_bytes_unref);
	g_clear_pointer(&still->jpeg, g_bytes_unref);
	g_strfreev(still->mrz);
	g_free(still);
}
