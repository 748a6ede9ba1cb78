/* SPDX-License-Identifier: EUPL-1.2 */
/* Packets lost, late, doubled and padded: what is forwarded, asked for, reported and recorded. */
#include "media/bytes.h"
#include "media/track.h"
#include <string.h>

static const rtp_extension_ids no_ids;
static uint8_t buffer[64];

/* A VP8 packet, a keyframe's first one when `is_key`; without payload it is padding only. */
static rtp_packet packet(uint32_t ssrc, uint16_t sequence, gboolean is_key, gboolean is_padding)
{
	rtp_packet packet;
	memset(buffer, 0, sizeof(buffer));
	buffer[0] = is_padding ? 0xa0 : 0x80;
	buffer[1] = 0x80 | 96;
	bytes_put16(buffer + 2, sequence);
	bytes_put32(buffer + 4, sequence * 3000u);
	bytes_put32(buffer + 8, ssrc);
	buffer[12] = 0x10;
	buffer[13] = is_key ? 0 : 1;
	if (is_padding)
		buffer[31] = 20;
	g_assert_true(rtp_parse(&packet, buffer, 32, &no_ids));
	return packet;
}

static const track_packet *give_full(
	track *track, uint32_t ssrc, uint16_t sequence, gboolean is_key, gboolean is_padding, int64_t now_us)
{
	rtp_packet given = packet(ssrc, sequence, is_key, is_padding);
	gboolean has_restarted = FALSE;
	return track_receive(track, &given, now_us, &has_restarted);
}

static const track_packet *give(track *track, uint16_t sequence, int64_t now_us)
{
	return give_full(track, 1, sequence, FALSE, FALSE, now_us);
}

static void test_order(void)
{
	g_autoptr(track) track = track_new(RTP_CODEC_VP8, 90000);
	uint64_t first = give(track, 65534, 0)->sequence;
	g_assert_cmpuint(give(track, 65535, 0)->sequence, ==, first + 1);
	g_assert_cmpuint(give(track, 1, 0)->sequence, ==, first + 3); /* 0 is missing */
	g_assert_null(give(track, 1, 0));                             /* doubled */
	g_assert_cmpuint(give(track, 0, 0)->sequence, ==, first + 2); /* late, into its gap */
	g_assert_null(give(track, 0, 0));
	g_assert_null(give(track, 60000, 0)); /* older than all */
	g_assert_nonnull(track_find(track, first + 2));
	g_assert_null(track_find(track, first + 9));
}

/* Padding leaves no hole, also for what is late before it. */
static void test_padding(void)
{
	g_autoptr(track) track = track_new(RTP_CODEC_VP8, 90000);
	uint64_t first = give(track, 10, 0)->sequence;
	g_assert_cmpuint(give(track, 12, 0)->sequence, ==, first + 2);
	g_assert_null(give_full(track, 1, 13, FALSE, TRUE, 0));
	g_assert_null(give_full(track, 1, 14, FALSE, TRUE, 0));
	g_assert_cmpuint(give(track, 15, 0)->sequence, ==, first + 3);
	g_assert_cmpuint(give(track, 11, 0)->sequence, ==, first + 1);
}

static void test_nack(void)
{
	uint16_t sequences[8];
	g_autoptr(track) track = track_new(RTP_CODEC_VP8, 90000);
	give(track, 100, 0);
	give(track, 103, 0);
	g_assert_cmpuint(track_nacks(track, 5000, 0, sequences, 8), ==, 0); /* it may only be late */
	g_assert_cmpuint(track_nacks(track, 10000, 0, sequences, 8), ==, 2);
	g_assert_cmpuint(sequences[0], ==, 101);
	g_assert_cmpuint(sequences[1], ==, 102);
	g_assert_cmpuint(track_nacks(track, 30000, 0, sequences, 8), ==, 0);
	give(track, 101, 30000);
	g_assert_cmpuint(track_nacks(track, 50000, 100, sequences, 8), ==, 0); /* a round trip is longer */
	g_assert_cmpuint(track_nacks(track, 50000, 0, sequences, 8), ==, 1);
	guint asked = 0;
	for (int64_t now = 100000; now < 3000000; now += 50000)
		asked += track_nacks(track, now, 0, sequences, 8);
	g_assert_cmpuint(asked, ==, TRACK_NACK_TRIES_MAX - 2);
	g_assert_true(track_asks_keyframe(track, 3000000, 50)); /* given up: only a keyframe helps */
	g_assert_null(give(track, 102, 3000000));
}

/* Sound is asked for as long as it could still be played. */
static void test_nack_sound(void)
{
	uint16_t sequences[8];
	g_autoptr(track) track = track_new(RTP_CODEC_OPUS, 48000);
	give(track, 100, 0);
	give(track, 102, 0);
	g_assert_cmpuint(track_nacks(track, 10000, 50, sequences, 8), ==, 1);
	guint asked = 0;
	for (int64_t now = 20000; now < 1000000; now += 20000)
		asked += track_nacks(track, now, 50, sequences, 8);
	g_assert_cmpuint(asked, ==, 3); /* after each round trip, then less often, and no more */
	g_assert_null(give(track, 101, 1000000));
	g_assert_false(track_asks_keyframe(track, 1000000, 50));
}

static void test_outage(void)
{
	uint16_t sequences[TRACK_GAPS_MAX];
	g_autoptr(track) track = track_new(RTP_CODEC_VP8, 90000);
	give(track, 0, 0);
	give(track, TRACK_GAPS_MAX + 1, 0);
	g_assert_cmpuint(track_nacks(track, 10000, 0, sequences, TRACK_GAPS_MAX), ==, TRACK_GAPS_MAX);
	give(track, TRACK_GAPS_MAX + 3, 20000); /* one more than can be remembered */
	g_assert_cmpuint(track_nacks(track, 60000, 0, sequences, TRACK_GAPS_MAX), ==, 0);
	g_assert_true(track_asks_keyframe(track, 60000, 50));
}

static void test_keyframe_throttle(void)
{
	g_autoptr(track) track = track_new(RTP_CODEC_VP8, 90000);
	track_want_keyframe(track);
	g_assert_false(track_asks_keyframe(track, 1000000, 50)); /* nobody sends yet */
	give(track, 0, 1000000);
	g_assert_true(track_asks_keyframe(track, 1000000, 50));
	for (guint i = 0; i < 100; i++)
		track_want_keyframe(track);
	g_assert_false(track_asks_keyframe(track, 1900000, 50));
	g_assert_true(track_asks_keyframe(track, 2000000, 50)); /* none came: again */
	give_full(track, 1, 1, TRUE, FALSE, 2100000);
	g_assert_false(track_asks_keyframe(track, 9000000, 50));
	track_want_keyframe(track);
	g_assert_true(track_asks_keyframe(track, 9000000, 50));
}

static void test_report(void)
{
	rtcp_report report;
	rtcp_sender_info info = { .ntp = 0x0001000200030004, .timestamp = 7 };
	g_autoptr(track) track = track_new(RTP_CODEC_VP8, 90000);
	g_assert_false(track_report(track, 0, &report));
	for (guint i = 0; i < 100; i++) {
		if (i % 4 != 3)
			give(track, (uint16_t)(65500 + i), 0);
	}
	track_note_sender_report(track, &info, 1000000);
	g_assert_true(track_report(track, 3000000, &report));
	g_assert_cmpint(report.lost, ==, 24); /* the last one is not known to be missing */
	g_assert_cmpuint(report.fraction_lost, ==, 24 * 256 / 99);
	g_assert_cmpuint(report.highest, ==, 65500 + 98);
	g_assert_cmpuint(report.last_report, ==, 0x00020003);
	g_assert_cmpuint(report.delay, ==, 2 * 65536);
	give(track, (uint16_t)(65500 + 99), 0);
	g_assert_true(track_report(track, 4000000, &report));
	g_assert_cmpuint(report.fraction_lost, ==, 0);
}

/* A named SSRC lets nobody else in; an unnamed one gives way after a silence; numbers never go back. */
static void test_sources(void)
{
	g_autoptr(track) named = track_new(RTP_CODEC_VP8, 90000), learnt = track_new(RTP_CODEC_VP8, 90000);
	track_set_ssrc(named, 5);
	g_assert_null(give_full(named, 6, 1, FALSE, FALSE, 0));
	g_assert_nonnull(give_full(named, 5, 1, FALSE, FALSE, 0));
	uint64_t last = give_full(learnt, 1, 50000, FALSE, FALSE, 0)->sequence;
	g_assert_null(give_full(learnt, 2, 7, FALSE, FALSE, 100000));
	g_assert_cmpuint(give_full(learnt, 2, 7, FALSE, FALSE, 900000)->sequence, >, last);
	g_assert_cmpuint(track_ssrc(learnt), ==, 2);
}

/* The recording's walk waits for repair, gives up in time, and survives the ring. */
static void test_in_order(void)
{
	uint64_t position = 0;
	g_autoptr(track) track = track_new(RTP_CODEC_VP8, 90000);
	give(track, 1, 0);
	g_assert_null(track_next_in_order(track, &position, 300, 0)); /* it begins with the next */
	uint64_t second = give(track, 2, 0)->sequence;
	give(track, 4, 0);
	g_assert_cmpuint(track_next_in_order(track, &position, 300, 0)->sequence, ==, second);
	g_assert_null(track_next_in_order(track, &position, 300, 100000));
	give(track, 3, 150000);
	g_assert_cmpuint(track_next_in_order(track, &position, 300, 150000)->sequence, ==, second + 1);
	g_assert_cmpuint(track_next_in_order(track, &position, 300, 150000)->sequence, ==, second + 2);
	give(track, 6, 200000);
	g_assert_null(track_next_in_order(track, &position, 300, 400000));
	g_assert_cmpuint(track_next_in_order(track, &position, 300, 500000)->sequence, ==, second + 4); /* 5 is given up */
	for (guint i = 7; i < 2000; i++)
		give(track, (uint16_t)i, 600000);
	guint count = 0;
	while (track_next_in_order(track, &position, 300, 600000) != NULL)
		count++;
	g_assert_cmpuint(count, ==, TRACK_VIDEO_RING);
}

static void test_statistics(void)
{
	track_statistics statistics;
	g_autoptr(track) track = track_new(RTP_CODEC_VP8, 90000);
	for (guint i = 0; i < 10; i++) {
		if (i != 5)
			give(track, (uint16_t)i, 0);
	}
	track_take_statistics(track, &statistics);
	g_assert_cmpuint(statistics.received, ==, 9);
	g_assert_cmpuint(statistics.frames, ==, 9);
	g_assert_cmpuint(statistics.lost, ==, 1);
	track_take_statistics(track, &statistics);
	g_assert_cmpuint(statistics.received + statistics.lost, ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/track/order", test_order);
	g_test_add_func("/track/padding", test_padding);
	g_test_add_func("/track/nack", test_nack);
	g_test_add_func("/track/nack-sound", test_nack_sound);
	g_test_add_func("/track/outage", test_outage);
	g_test_add_func("/track/keyframe-throttle", test_keyframe_throttle);
	g_test_add_func("/track/report", test_report);
	g_test_add_func("/track/sources", test_sources);
	g_test_add_func("/track/in-order", test_in_order);
	g_test_add_func("/track/statistics", test_statistics);
	return g_test_run();
}
