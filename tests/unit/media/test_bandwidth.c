/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/bandwidth.h"
#include "media/limits.h"

static void test_remb(void)
{
	bandwidth bandwidth;
	bandwidth_init(&bandwidth);
	for (guint i = 0; i < 10; i++)
		bandwidth_note_sent(&bandwidth, 2000000);
	bandwidth_note_remb(&bandwidth, 2500000); /* all that came, and a little more: no congestion */
	g_assert_cmpuint(bandwidth_share(&bandwidth, 1), ==, BANDWIDTH_CEILING);
	bandwidth_note_remb(&bandwidth, 1000000);
	g_assert_cmpuint(bandwidth_share(&bandwidth, 1), ==, 960000); /* audio first */
	g_assert_cmpuint(bandwidth_share(&bandwidth, 2), ==, 460000);
	bandwidth_note_remb(&bandwidth, 10);
	g_assert_cmpuint(bandwidth_share(&bandwidth, 2), ==, BANDWIDTH_FLOOR);
	bandwidth_note_remb(&bandwidth, 1000000);
	for (guint i = 0; i < 10; i++)
		bandwidth_note_sent(&bandwidth, 900000);
	guint seconds = 0;
	for (; bandwidth_share(&bandwidth, 1) < BANDWIDTH_CEILING; seconds++)
		bandwidth_note_remb(&bandwidth, 1350000);
	g_assert_cmpuint(seconds, <=, 5); /* back soon */
}

static void test_loss(void)
{
	bandwidth bandwidth;
	bandwidth_init(&bandwidth);
	int64_t now_us = 0;
	while (bandwidth_share(&bandwidth, 1) > BANDWIDTH_FLOOR && now_us < 60 * G_USEC_PER_SEC)
		bandwidth_note_loss(&bandwidth, 128, now_us += G_USEC_PER_SEC);
	g_assert_cmpint(now_us, <, 20 * G_USEC_PER_SEC);
	int64_t lowest_us = now_us;
	while (bandwidth_share(&bandwidth, 1) < BANDWIDTH_CEILING && now_us < 120 * G_USEC_PER_SEC)
		bandwidth_note_loss(&bandwidth, 0, now_us += G_USEC_PER_SEC);
	g_assert_cmpint(now_us - lowest_us, <, 30 * G_USEC_PER_SEC);
	uint64_t before = bandwidth.by_loss;
	for (guint i = 0; i < 100; i++)
		bandwidth_note_loss(&bandwidth, 10, now_us += G_USEC_PER_SEC); /* 4 %: it stays */
	g_assert_cmpuint(bandwidth.by_loss, ==, before);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/bandwidth/remb", test_remb);
	g_test_add_func("/bandwidth/loss", test_loss);
	return g_test_run();
}
