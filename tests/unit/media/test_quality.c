/* SPDX-License-Identifier: EUPL-1.2 */
/* When a figure becomes a reason, and when it is none any more. */
#include "media/limits.h"
#include "media/quality.h"
#include <math.h>

static const quality_measure fine = { 0, 0, 30, 1500, 720, 0, 130, 30, -25 };
static const quality_measure nothing = { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };

static void note(quality *quality, quality_measure measure, guint times)
{
	for (guint i = 0; i < times; i++)
		quality_note(quality, &measure);
}

/* Which reasons hold, one character each. */
static const char *reasons(const quality *quality)
{
	static char text[QUALITY_REASONS + 1];
	guint length = 0;
	for (guint i = 0; i < QUALITY_REASONS; i++) {
		if (quality->is_on[i])
			text[length++] = "UDFdsq"[i];
	}
	text[length] = '\0';
	return text;
}

static const struct {
	const char *reason;
	size_t figure;
	double bad, between, good;
	const char *unknown; /* what holds when the figure is not known any more */
} cases[] = {
	{ "U", offsetof(quality_measure, up_loss), 5.1, 3, 2.5, "" },
	{ "D", offsetof(quality_measure, down_loss), 9, 3, 1, "D" },
	{ "D", offsetof(quality_measure, paused), 1, 1, 0, "" },
	{ "F", offsetof(quality_measure, rtt_ms), 450, 350, 300, "F" },
	{ "d", offsetof(quality_measure, light), 40, 65, 80, "d" },
	{ "s", offsetof(quality_measure, height), 360, 479, 480, "s" },
	{ "q", offsetof(quality_measure, voice), -50, -43, -39, "q" },
};

static quality_measure with(size_t figure, double value)
{
	quality_measure measure = fine;
	*(double *)(void *)((char *)&measure + figure) = value;
	return measure;
}

static void test_hysteresis(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		quality quality = { 0 };
		quality_measure bad = with(cases[i].figure, cases[i].bad), between = with(cases[i].figure, cases[i].between),
				good = with(cases[i].figure, cases[i].good), unknown = with(cases[i].figure, NAN);
		note(&quality, bad, QUALITY_BAD_AFTER - 1);
		note(&quality, fine, 1);
		note(&quality, bad, QUALITY_BAD_AFTER - 1);
		g_assert_cmpstr(reasons(&quality), ==, ""); /* not in a row */
		note(&quality, bad, 1);
		g_assert_cmpstr(reasons(&quality), ==, cases[i].reason);
		note(&quality, between, 10);
		g_assert_cmpstr(reasons(&quality), ==, cases[i].reason);
		note(&quality, unknown, 10);
		g_assert_cmpstr(reasons(&quality), ==, cases[i].unknown);
		note(&quality, bad, QUALITY_BAD_AFTER);
		note(&quality, good, QUALITY_GOOD_AFTER - 1);
		g_assert_cmpstr(reasons(&quality), ==, cases[i].reason);
		note(&quality, good, 1);
		g_assert_cmpstr(reasons(&quality), ==, "");
	}
}

/* Few pictures alone may be a dark room, few bytes alone a wall: both are a slow line. */
static void test_upload(void)
{
	quality quality = { 0 };
	quality_measure measure = fine;
	measure.fps = 8;
	note(&quality, measure, 5);
	g_assert_cmpstr(reasons(&quality), ==, "");
	measure.up_kbps = 250;
	note(&quality, measure, 5);
	g_assert_cmpstr(reasons(&quality), ==, "U");
	measure.fps = 30;
	note(&quality, measure, 5);
	g_assert_cmpstr(reasons(&quality), ==, "");
	measure.fps = NAN; /* the camera is off */
	note(&quality, measure, 5);
	g_assert_cmpstr(reasons(&quality), ==, "");
}

static void test_unknown(void)
{
	quality quality = { 0 };
	note(&quality, nothing, 10);
	g_assert_cmpstr(reasons(&quality), ==, "");
	for (guint i = 0; i < QUALITY_REASONS; i++)
		g_assert_nonnull(quality_reason_name((quality_reason)i));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/quality/hysteresis", test_hysteresis);
	g_test_add_func("/quality/upload", test_upload);
	g_test_add_func("/quality/unknown", test_unknown);
	return g_test_run();
}
