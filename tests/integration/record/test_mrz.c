/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads the zone of many drawn cards, as a camera and VP8 would show them. "test-mrz COUNT" measures on more of them. */
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <string.h>
#include "media/record/mrz.h"
#include "signaling/specimen/specimen.h"

enum { WIDTH = 1280, HEIGHT = 720, WARM_UP = 5 };

/* Most of each; a picture gets a random part of it. */
typedef struct {
	const char *name;
	double rotation; /* degrees */
	double blur;     /* sigma in pixels */
	double noise;    /* amplitude */
	double light;    /* gradient over the picture */
	int kbit;
	double least; /* of the pictures must be read without a mistake */
} condition;

static const condition conditions[] = {
	{ "usual", 4, 1, 8, 0.5, 1000, 0.9 },
	{ "poor", 8, 2.5, 20, 1.0, 500, 0.5 },
};

static specimen *random_specimen(GRand *random)
{
	static const char *const families[] = { "Mustermann", "Müller-Lüdenscheidt", "Özdemir", "Nguyen", "Fuchs", "Castillo",
		"Weiß" };
	static const char *const givens[] = { "Erika", "Max Heinrich", "Ayşe", "Jörg", "Zoë", "Sofie Charlotte", "Iris" };
	static const char alphabet[] = "CFGHJKLMNPRTVWXYZ0123456789";
	char number[10] = { 0 };
	for (int i = 0; i < 9; i++)
		number[i] = alphabet[g_rand_int_range(random, 0, 27)];
	g_autofree char *birth = g_strdup_printf("%d-%02d-%02d", g_rand_int_range(random, 1940, 2007),
		g_rand_int_range(random, 1, 13), g_rand_int_range(random, 1, 29));
	const specimen_person person = { .family_name = families[g_rand_int_range(random, 0, G_N_ELEMENTS(families))],
		.given_names = givens[g_rand_int_range(random, 0, G_N_ELEMENTS(givens))],
		.document_number = number,
		.birth_date = birth };
	return specimen_new(&person);
}

static double around(GRand *random, double most)
{
	return most > 0 ? g_rand_double_range(random, -most, most) : 0;
}

/* (transfer full) The picture turned, scaled to 60 to 96 % and blurred. */
static PIX *held(GRand *random, specimen *card, const condition *condition)
{
	PIX *picture = pixCreate(WIDTH, HEIGHT, 32);
	g_autofree guint8 *pixels = g_malloc(WIDTH * HEIGHT * 4);
	specimen_draw(card, SPECIMEN_BACK, g_rand_double_range(random, 0, 5), pixels, WIDTH, HEIGHT, WIDTH * 4);
	for (int i = 0; i < WIDTH * HEIGHT; i++)
		pixGetData(picture)[i] =
			(guint32)pixels[4 * i + 2] << 24 | (guint32)pixels[4 * i + 1] << 16 | (guint32)pixels[4 * i] << 8;
	float scale = (float)g_rand_double_range(random, 0.7, 1.12);
	PIX *scaled = pixScale(picture, scale, scale);
	PIX *turned = pixRotate(
		scaled, (float)(around(random, condition->rotation) * G_PI / 180), L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0);
	pixDestroy(&scaled);
	pixClearAll(picture);
	pixRasterop(picture, (WIDTH - pixGetWidth(turned)) / 2, (HEIGHT - pixGetHeight(turned)) / 2, pixGetWidth(turned),
		pixGetHeight(turned), PIX_SRC, turned, 0, 0);
	pixDestroy(&turned);
	L_KERNEL *kernel = makeGaussianKernel(5, 5, (float)g_rand_double_range(random, 0.1, condition->blur), 1);
	PIX *blurred = pixConvolveRGB(picture, kernel);
	kernelDestroy(&kernel);
	pixDestroy(&picture);
	return blurred;
}

/* Uneven light and noise; as raw video. */
static GstBuffer *seen(GRand *random, PIX *picture, const condition *condition)
{
	GstBuffer *buffer = gst_buffer_new_allocate(NULL, WIDTH * HEIGHT * 4, NULL);
	GstMapInfo map;
	double across = around(random, condition->light), down = around(random, condition->light);
	double light = g_rand_double_range(random, 0.6, 1), noise = g_rand_double_range(random, 0, condition->noise);
	gst_buffer_map(buffer, &map, GST_MAP_WRITE);
	for (int i = 0; i < WIDTH * HEIGHT; i++) {
		double factor =
			light * (1 + across * ((double)(i % WIDTH) / WIDTH - 0.5) + down * ((double)i / WIDTH / HEIGHT - 0.5));
		double grain = noise * (g_rand_double(random) + g_rand_double(random) + g_rand_double(random) - 1.5) * 2;
		guint32 pixel = pixGetData(picture)[i];
		for (int channel = 0; channel < 3; channel++)
			map.data[4 * i + channel] =
				(guint8)CLAMP((double)(pixel >> (24 - 8 * channel) & 255) * factor + grain, 0, 255);
	}
	gst_buffer_unmap(buffer, &map);
	return buffer;
}

/* (transfer full) What a keyframe of running video shows of it, in grey. */
static PIX *through_vp8(GstBuffer *frame, int kbit)
{
	g_autofree char *text = g_strdup_printf(
		"appsrc name=in format=time caps=video/x-raw,format=RGBx,width=1280,height=720,framerate=15/1 ! "
		"videoconvert ! vp8enc deadline=1 cpu-used=5 end-usage=cbr target-bitrate=%d keyframe-max-dist=%d ! "
		"vp8dec ! videoconvert ! video/x-raw,format=GRAY8 ! appsink name=out sync=false",
		kbit * 1000, WARM_UP);
	GstElement *pipeline = gst_parse_launch(text, NULL);
	GstElement *in = gst_bin_get_by_name(GST_BIN(pipeline), "in"), *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
	PIX *grey = pixCreate(WIDTH, HEIGHT, 8);
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	for (int i = 0; i <= WARM_UP; i++) {
		GstBuffer *copy = gst_buffer_copy(frame);
		GST_BUFFER_PTS(copy) = (guint64)i * GST_SECOND / 15;
		GST_BUFFER_DURATION(copy) = GST_SECOND / 15;
		gst_app_src_push_buffer(GST_APP_SRC(in), copy);
	}
	gst_app_src_end_of_stream(GST_APP_SRC(in));
	for (GstSample *sample; (sample = gst_app_sink_pull_sample(GST_APP_SINK(out))) != NULL; gst_sample_unref(sample)) {
		GstMapInfo map;
		gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ);
		for (int i = 0; i < WIDTH * HEIGHT; i++)
			SET_DATA_BYTE(pixGetData(grey), i, map.data[i]); /* 1280 is a multiple of 4: rows have no gaps */
		gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
	}
	gst_element_set_state(pipeline, GST_STATE_NULL);
	gst_object_unref(in);
	gst_object_unref(out);
	gst_object_unref(pipeline);
	return grey;
}

static gboolean reads(GRand *random, const condition *condition, gint64 *spent_us)
{
	g_autoptr(specimen) card = random_specimen(random);
	PIX *picture = held(random, card, condition);
	GstBuffer *frame = seen(random, picture, condition);
	PIX *grey = through_vp8(frame, condition->kbit);
	gint64 began_us = g_get_monotonic_time();
	g_auto(GStrv) lines = record_mrz_read(grey);
	*spent_us += g_get_monotonic_time() - began_us;
	pixDestroy(&grey);
	gst_buffer_unref(frame);
	pixDestroy(&picture);
	gboolean is_right = g_strv_equal((const char *const *)lines, specimen_mrz(card));
	for (guint i = 0; !is_right && i < 3; i++)
		g_test_message("%s is not %s", i < g_strv_length(lines) ? lines[i] : "nothing", specimen_mrz(card)[i]);
	return is_right;
}

static guint picture_count = 3;

static void test_reads(gconstpointer data)
{
	const condition *condition = data;
	GRand *random = g_rand_new_with_seed(1);
	guint right = 0;
	gint64 spent_us = 0;
	for (guint i = 0; i < picture_count; i++)
		right += reads(random, condition, &spent_us) != FALSE;
	g_rand_free(random);
	g_test_message("%s: %u of %u pictures without a mistake, %.0f ms each", condition->name, right, picture_count,
		(double)spent_us / 1000 / picture_count);
	g_assert_cmpfloat(right, >=, condition->least * picture_count);
}

static void test_nothing_there(void)
{
	PIX *empty = pixCreate(WIDTH, HEIGHT, 8), *tiny = pixCreate(1, 1, 8);
	g_auto(GStrv) none = record_mrz_read(empty), nothing = record_mrz_read(tiny);
	g_assert_cmpuint(g_strv_length(none) + g_strv_length(nothing), ==, 0);
	pixDestroy(&empty);
	pixDestroy(&tiny);
}

int main(int argc, char **argv)
{
	gst_init(NULL, NULL);
	g_test_init(&argc, &argv, NULL);
	if (argc > 1)
		picture_count = (guint)atoi(argv[1]);
	for (guint i = 0; i < G_N_ELEMENTS(conditions); i++) {
		g_autofree char *path = g_strconcat("/mrz/", conditions[i].name, NULL);
		g_test_add_data_func(path, &conditions[i], test_reads);
	}
	g_test_add_func("/mrz/nothing_there", test_nothing_there);
	return g_test_run();
}
