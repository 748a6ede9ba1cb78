/* SPDX-License-Identifier: EUPL-1.2 */
/* Make the capture that the load replays: jawort-load-capture FILE [SECONDS]
 *
 * A still scene with the noise of a camera and something that moves, by the encoders that browsers have, set as libwebrtc sets
 * them: libvpx's real-time VP8 at 1.4 Mbit/s, 640 x 480, 30 pictures a second, a keyframe each 10 s; Opus at 32 kbit/s. */
#include "tests/load/capture.h"
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS = 20, PICTURES_PER_S = 30, FRAMES_PER_S = 50 };

/* With the pictures of each source, and the frames of sound, to make. */
#define PIPELINE                                                                                                                 \
	"compositor name=mix sink_1::alpha=0.10 sink_2::xpos=200 sink_2::ypos=120 ! "                                            \
	"video/x-raw,format=I420,width=640,height=480 "                                                                          \
	"! vp8enc deadline=1 cpu-used=-6 end-usage=cbr target-bitrate=1400000 keyframe-max-dist=300 error-resilient=default "    \
	"buffer-size=1000 buffer-initial-size=500 buffer-optimal-size=600 static-threshold=1 min-quantizer=2 max-quantizer=56 "  \
	"! appsink name=video sync=false "                                                                                       \
	"videotestsrc pattern=smpte75 num-buffers=%u ! video/x-raw,width=640,height=480,framerate=30/1 ! mix.sink_0 "            \
	"videotestsrc pattern=snow num-buffers=%u ! video/x-raw,width=640,height=480,framerate=30/1 ! mix.sink_1 "               \
	"videotestsrc pattern=ball num-buffers=%u ! video/x-raw,width=240,height=240,framerate=30/1 ! mix.sink_2 "               \
	"audiotestsrc wave=pink-noise num-buffers=%u samplesperbuffer=960 ! audio/x-raw,rate=48000,channels=1 "                  \
	"! opusenc bitrate=32000 bitrate-type=vbr frame-size=20 inband-fec=true ! appsink name=audio sync=false"

typedef struct {
	capture_frame head;
	GstBuffer *buffer;
} taken;

static void take_all(GstElement *pipeline, capture_kind kind, const char *name, GArray *frames)
{
	g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(pipeline), name);
	GstClockTime first = GST_CLOCK_TIME_NONE;
	for (GstSample *sample; (sample = gst_app_sink_pull_sample(GST_APP_SINK(sink))) != NULL; gst_sample_unref(sample)) {
		GstBuffer *buffer = gst_sample_get_buffer(sample);
		if (!GST_CLOCK_TIME_IS_VALID(first))
			first = GST_BUFFER_PTS(buffer);
		taken one = { .buffer = gst_buffer_ref(buffer) };
		one.head.kind = kind;
		one.head.is_keyframe = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
		one.head.time_us = (uint32_t)((GST_BUFFER_PTS(buffer) - first) / GST_USECOND);
		one.head.length = (uint32_t)gst_buffer_get_size(buffer);
		g_array_append_val(frames, one);
	}
}

static int by_time(const void *a, const void *b)
{
	const capture_frame *left = &((const taken *)a)->head, *right = &((const taken *)b)->head;
	return left->time_us < right->time_us ? -1 : left->time_us > right->time_us;
}

static gboolean write_file(const char *path, GArray *frames, guint seconds, GError **error)
{
	g_autoptr(GString) out = g_string_new(CAPTURE_MAGIC);
	for (guint i = 0; i < frames->len; i++) {
		taken *one = &g_array_index(frames, taken, i);
		GstMapInfo map;
		if (one->head.time_us < seconds * G_USEC_PER_SEC && gst_buffer_map(one->buffer, &map, GST_MAP_READ)) {
			g_string_append_len(out, (const char *)&one->head, sizeof(one->head));
			g_string_append_len(out, (const char *)map.data, (gssize)map.size);
			gst_buffer_unmap(one->buffer, &map);
		}
		gst_buffer_unref(one->buffer);
	}
	return g_file_set_contents(path, out->str, (gssize)out->len, error);
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	gst_init(NULL, NULL);
	guint seconds = argc > 2 ? (guint)atoi(argv[2]) : SECONDS, pictures = seconds * PICTURES_PER_S;
	if (argc < 2 || seconds == 0) {
		fprintf(stderr, "usage: jawort-load-capture FILE [SECONDS]\n");
		return 2;
	}
	g_autofree char *text = g_strdup_printf(PIPELINE, pictures, pictures, pictures, seconds * FRAMES_PER_S);
	g_autoptr(GstElement) pipeline = gst_parse_launch(text, &error);
	if (pipeline == NULL) {
		fprintf(stderr, "cannot make the capture: %s\n", error->message);
		return 1;
	}
	g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(taken));
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	take_all(pipeline, CAPTURE_VIDEO, "video", frames);
	take_all(pipeline, CAPTURE_AUDIO, "audio", frames);
	gst_element_set_state(pipeline, GST_STATE_NULL);
	g_array_sort(frames, by_time);
	if (frames->len == 0 || !write_file(argv[1], frames, seconds, &error)) {
		fprintf(stderr, "cannot write the capture: %s\n", error != NULL ? error->message : "the encoders gave nothing");
		return 1;
	}
	return 0;
}
