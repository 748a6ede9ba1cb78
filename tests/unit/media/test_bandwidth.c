/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/bandwidth.h"
#include "media/limits.h"

static void settle(bandwidth *bandwidth, uint64_t sent)
{
	for (guint i = 0; i < 10; i++)
		bandwidth_note_sent(bandwidth, sent);
}

static void test_remb(void)
{
	bandwidth bandwidth;
	bandwidth_init(&bandwidth);
	settle(&bandwidth, 2000000);
	bandwidth_note_remb(&bandwidth, 2500000); /* all that came, and a little more: no congestion */
	g_assert_cmpuint(bandwidth_share(&bandwidth, 1, 1), ==, BANDWIDTH_CEILING);
	bandwidth_note_remb(&bandwidth, 1000000);
	g_assert_cmpuint(bandwidth_share(&bandwidth, 1, 1), ==, 960000); /* sound first */
	g_assert_cmpuint(bandwidth_share(&bandwidth, 2, 2), ==, 460000);
	bandwidth_note_remb(&bandwidth, 10);
	g_assert_cmpuint(bandwidth_share(&bandwidth, 2, 2), ==, BANDWIDTH_FLOOR);
	bandwidth_note_remb(&bandwidth, 1000000);
	settle(&bandwidth, 900000);
	guint seconds = 0;
	for (; bandwidth_share(&bandwidth, 1, 1) < BANDWIDTH_CEILING; seconds++)
		bandwidth_note_remb(&bandwidth, 1350000);
	g_assert_cmpuint(seconds, <=, 5); /* back soon */
}

static void test_loss(void)
{
	bandwidth bandwidth;
	bandwidth_init(&bandwidth);
	int64_t now_us = 0;
	while (bandwidth_share(&bandwidth, 1, 1) > BANDWIDTH_FLOOR && now_us < 60 * G_USEC_PER_SEC)
		bandwidth_note_loss(&bandwidth, 128, now_us += G_USEC_PER_SEC);
	g_assert_cmpint(now_us, <, 20 * G_USEC_PER_SEC);
	g_assert_cmpuint(bandwidth_pictures(&bandwidth, 2, 2, now_us + G_USEC_PER_SEC), ==, 2); /* loss alone pauses nothing */
	int64_t lowest_us = now_us;
	while (bandwidth_share(&bandwidth, 1, 1) < BANDWIDTH_CEILING && now_us < 120 * G_USEC_PER_SEC)
		bandwidth_note_loss(&bandwidth, 0, now_us += G_USEC_PER_SEC);
	g_assert_cmpint(now_us - lowest_us, <, 45 * G_USEC_PER_SEC);
	uint64_t before = bandwidth.by_loss;
	for (guint i = 0; i < 100; i++)
		bandwidth_note_loss(&bandwidth, 10, now_us += G_USEC_PER_SEC); /* 4 %: it stays */
	g_assert_cmpuint(bandwidth.by_loss, ==, before);
}

static gboolean has_queue = TRUE;

/* Ask for `seconds`, 50 times each. Returns the last answer. */
static guint ask(bandwidth *bandwidth, guint wanted, guint seconds, int64_t *now_us)
{
	guint pictures = 0;
	for (guint i = 0; i < seconds * 50; i++) {
		if (i % 50 == 0) {
			bandwidth_note_rtt(bandwidth, 30, *now_us);
			bandwidth_note_rtt(bandwidth, has_queue ? 230 : 60, *now_us);
		}
		pictures = bandwidth_pictures(bandwidth, wanted, wanted, *now_us += 20000);
	}
	return pictures;
}

/* 300 kbit/s for two people: sound and one picture. */
static void test_pause(void)
{
	bandwidth bandwidth;
	int64_t now_us = G_USEC_PER_SEC;
	bandwidth_init(&bandwidth);
	g_assert_cmpuint(ask(&bandwidth, 2, 10, &now_us), ==, 2);
	settle(&bandwidth, 900000);
	bandwidth_note_remb(&bandwidth, 300000);
	g_assert_cmpuint(ask(&bandwidth, 2, 1, &now_us), ==, 2); /* not for a dip */
	g_assert_cmpuint(ask(&bandwidth, 2, 3, &now_us), ==, 1);
	g_assert_cmpuint(bandwidth_share(&bandwidth, 1, 2), ==, 220000);
	settle(&bandwidth, 800000);
	bandwidth_note_remb(&bandwidth, 100000);
	g_assert_cmpuint(ask(&bandwidth, 2, 4, &now_us), ==, 0);
	g_assert_cmpuint(ask(&bandwidth, 0, 4, &now_us), ==, 0);
}

/* A camera's still life takes 90 kbit/s: an estimate a little below that is no reason to take it away. */
static void test_small(void)
{
	bandwidth bandwidth;
	int64_t now_us = G_USEC_PER_SEC;
	bandwidth_init(&bandwidth);
	settle(&bandwidth, 130000);
	bandwidth_note_remb(&bandwidth, 105000);
	g_assert_cmpuint(ask(&bandwidth, 1, 10, &now_us), ==, 1);
}

/* A low estimate without losses or a queue is the jitter's: pictures become smaller, and stay. */
static void test_jitter(void)
{
	bandwidth bandwidth;
	int64_t now_us = G_USEC_PER_SEC;
	bandwidth_init(&bandwidth);
	settle(&bandwidth, 900000);
	bandwidth_note_remb(&bandwidth, 100000);
	has_queue = FALSE;
	g_assert_cmpuint(ask(&bandwidth, 2, 10, &now_us), ==, 2);
	has_queue = TRUE;
	for (guint i = 0; i < 20; i++)
		bandwidth_note_rtt(&bandwidth, 1000, now_us += G_USEC_PER_SEC); /* a longer way */
	g_assert_cmpint(now_us - bandwidth.congested_us, >, 8 * G_USEC_PER_SEC);
	g_assert_cmpuint(bandwidth_share(&bandwidth, 2, 2), ==, BANDWIDTH_FLOOR);
}

/* It comes back when there was enough for a while; each time in vain it takes longer, and no other way than from below. */
static void test_resume(void)
{
	bandwidth bandwidth;
	int64_t now_us = G_USEC_PER_SEC, waited_us[3];
	bandwidth_init(&bandwidth);
	for (guint i = 0; i < 3; i++) {
		settle(&bandwidth, 900000);
		bandwidth_note_remb(&bandwidth, 100000);
		g_assert_cmpuint(ask(&bandwidth, 1, 4, &now_us), ==, 0);
		int64_t paused_us = now_us;
		settle(&bandwidth, 50000);
		while (ask(&bandwidth, 1, 1, &now_us) == 0)
			bandwidth_note_remb(&bandwidth, 75000);
		waited_us[i] = now_us - paused_us;
		g_assert_cmpuint(bandwidth_share(&bandwidth, 1, 1), ==, BANDWIDTH_RESUME);
	}
	g_assert_cmpint(waited_us[0], <, 15 * G_USEC_PER_SEC);
	g_assert_cmpint(waited_us[1], >=, waited_us[0] + BANDWIDTH_PATIENCE_MS * 1000 - G_USEC_PER_SEC);
	g_assert_cmpint(waited_us[2], >=, waited_us[1] + 2 * BANDWIDTH_PATIENCE_MS * 1000 - G_USEC_PER_SEC);
	g_assert_cmpint(waited_us[2], <, BANDWIDTH_PATIENCE_MAX * 1000 + 5 * G_USEC_PER_SEC);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/bandwidth/remb", test_remb);
	g_test_add_func("/bandwidth/loss", test_loss);
	g_test_add_func("/bandwidth/pause", test_pause);
	g_test_add_func("/bandwidth/jitter", test_jitter);
	g_test_add_func("/bandwidth/small", test_small);
	g_test_add_func("/bandwidth/resume", test_resume);
	return g_test_run();
}
