/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/record/clock.h"

enum { RATE = 48000, STEP_MS = 20 };

typedef struct {
	record_clock_group *group;
	record_clock *audio, *video;
	gint64 gap_us; /* of the last frame */
} fixture;

static void set_up(fixture *self, gconstpointer data)
{
	(void)data;
	self->group = record_clock_group_new();
	self->audio = record_clock_new(self->group, RATE);
	self->video = record_clock_new(self->group, RATE);
}

static void tear_down(fixture *self, gconstpointer data)
{
	(void)data;
	record_clock_free(self->audio);
	record_clock_free(self->video);
	record_clock_group_free(self->group);
}

static gint64 ticks(gint64 ms)
{
	return 1000000 + ms * RATE / 1000;
}

/* Frames captured from `from_ms` to `to_ms` arrive `delay_ms` later, RTP times behind by `lag_ms`. Returns the last one's time in ms. */
static gint64 run(fixture *self, record_clock *clock, gint64 from_ms, gint64 to_ms, gint64 delay_ms, gint64 lag_ms)
{
	gint64 time_us = 0, gap_us;
	self->gap_us = 0;
	for (gint64 ms = from_ms; ms < to_ms; ms += STEP_MS)
		record_clock_arrived(clock, ticks(ms - lag_ms), (ms + delay_ms) * 1000);
	for (gint64 ms = from_ms; ms < to_ms; ms += STEP_MS) {
		time_us = record_clock_map(clock, ticks(ms - lag_ms), (ms + delay_ms) * 1000, &gap_us);
		self->gap_us += gap_us;
	}
	return time_us / 1000;
}

static void report(record_clock *clock, gint64 ms)
{
	record_clock_report(clock, ticks(ms), ((guint64)(ms / 1000 + 1000) << 32) + ((guint64)(ms % 1000) << 32) / 1000);
}

static void test_arrivals_alone(fixture *self, gconstpointer data)
{
	(void)data;
	g_assert_cmpint(run(self, self->audio, 0, 1000, 30, 0), ==, 1010); /* 980 and the delay */
	g_assert_cmpint(self->gap_us, ==, 0);
}

/* A busy machine sends late again and again and catches up each time: the film must not become longer than the meeting. */
static void test_out_of_breath(fixture *self, gconstpointer data)
{
	(void)data;
	gint64 last_ms = 0;
	for (gint64 ms = 0; ms < 20000; ms += 2000) {
		run(self, self->audio, ms, ms + 1000, 30, 0);
		run(self, self->audio, ms + 1000, ms + 1600, 530, 0);
		last_ms = run(self, self->audio, ms + 1600, ms + 2000, 30, 0);
	}
	g_assert_cmpint(last_ms, <=, 19980 + 30 + RECORD_CLOCK_STALL_US / 1000);
}

/* With both reports, tracks of different delay get the same time. */
static void test_reports(fixture *self, gconstpointer data)
{
	(void)data;
	report(self->audio, 0);
	report(self->video, 0);
	gint64 audio = run(self, self->audio, 0, 1000, 20, 0), video = run(self, self->video, 0, 1000, 150, 0);
	g_assert_cmpint(ABS(audio - video), <=, 1);
}

/* One report that differs is not believed. */
static void test_wild_report(fixture *self, gconstpointer data)
{
	(void)data;
	report(self->audio, 0);
	report(self->video, 0);
	run(self, self->audio, 0, 1000, 20, 0);
	run(self, self->video, 0, 1000, 150, 0);
	record_clock_report(self->video, ticks(1000), (guint64)5000 << 32);
	gint64 audio = run(self, self->audio, 1000, 2000, 20, 0), video = run(self, self->video, 1000, 2000, 150, 0);
	g_assert_cmpint(ABS(audio - video), <=, 1);
}

/* The capture stood still for 400 ms: time goes on at once. */
static void test_stall(fixture *self, gconstpointer data)
{
	(void)data;
	run(self, self->audio, 0, 1000, 20, 0);
	g_assert_cmpint(run(self, self->audio, 1400, 2000, 20, 400), ==, 2000);
	g_assert_cmpint(self->gap_us, ==, 400000);
}

/* The network stood still for 400 ms and then gave everything at once: no gap, no jump. */
static void test_burst(fixture *self, gconstpointer data)
{
	(void)data;
	gint64 gap_us, before_us = 0;
	run(self, self->audio, 0, 1000, 20, 0);
	for (gint64 ms = 1000; ms < 2000; ms += STEP_MS)
		record_clock_arrived(self->audio, ticks(ms), MAX(ms, 1400) * 1000 + 20000);
	for (gint64 ms = 1000; ms < 2000; ms += STEP_MS) {
		gint64 time_us = record_clock_map(self->audio, ticks(ms), MAX(ms, 1400) * 1000 + 20000, &gap_us);
		g_assert_cmpint(gap_us, ==, 0);
		if (before_us != 0)
			g_assert_cmpint(ABS(time_us - before_us - STEP_MS * 1000), <=, 1000);
		before_us = time_us;
	}
}

/* A drift of 50 ppm over an hour is followed, without any step. */
static void test_drift(fixture *self, gconstpointer data)
{
	(void)data;
	gint64 gap_us, before_us = 0;
	for (gint64 ms = 0; ms < 3600000; ms += STEP_MS) {
		gint64 arrival_us = ms * 1000 + ms * 50 / 1000 + 20000;
		record_clock_arrived(self->audio, ticks(ms), arrival_us);
		gint64 time_us = record_clock_map(self->audio, ticks(ms), arrival_us, &gap_us);
		if (before_us != 0)
			g_assert_cmpint(ABS(time_us - before_us - STEP_MS * 1000), <, 200);
		before_us = time_us;
		g_assert_cmpint(ABS(time_us - arrival_us), <, 10000);
	}
}

/* RTP times that jump for no reason begin a new time line. */
static void test_jump(fixture *self, gconstpointer data)
{
	(void)data;
	run(self, self->audio, 0, 1000, 20, 0);
	gint64 time_ms = run(self, self->audio, 1000, 2000, 20, -3600000);
	g_assert_cmpint(time_ms, ==, 2000);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*test)(fixture *self, gconstpointer data);
	} tests[] = { { "arrivals_alone", test_arrivals_alone }, { "reports", test_reports }, { "wild_report", test_wild_report },
		{ "stall", test_stall }, { "burst", test_burst }, { "out_of_breath", test_out_of_breath },
		{ "drift", test_drift }, { "jump", test_jump } };
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat("/record/clock/", tests[i].name, NULL);
		g_test_add(path, fixture, NULL, set_up, tests[i].test, tear_down);
	}
	return g_test_run();
}
