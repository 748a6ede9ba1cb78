/* SPDX-License-Identifier: EUPL-1.2 */
/* What one receiver gets: numbers without a seam whoever is shown, a picture at once, lost packets again. */
#include "media/bytes.h"
#include "media/sender.h"
#include <string.h>

enum { PAYLOAD_TYPE = 96, RTX_PAYLOAD_TYPE = 97, SENT_MAX = 4096 };

/* In place of ice.c: what leaves is decrypted as the receiver would. */
static uint8_t wire[MEDIA_PACKET_MAX_BYTES];
static srtp *receiver;
static struct {
	uint16_t sequence;
	uint32_t timestamp, ssrc;
	uint8_t payload_type;
	uint8_t payload[4];
} sent[SENT_MAX];
static guint sent_count;

uint8_t *ice_reserve(ice *ice)
{
	(void)ice;
	return wire;
}

void ice_commit(ice *ice, size_t length)
{
	static const rtp_extension_ids no_ids;
	uint8_t plain[MEDIA_PACKET_MAX_BYTES];
	rtp_packet packet;
	(void)ice;
	size_t plain_length = srtp_decrypt(receiver, wire, length, plain);
	g_assert_cmpuint(plain_length, >, 0); /* no index is used twice */
	g_assert_true(rtp_parse(&packet, plain, plain_length, &no_ids));
	g_assert_cmpuint(sent_count, <, SENT_MAX);
	typeof(*sent) *one = &sent[sent_count++];
	one->sequence = packet.sequence;
	one->timestamp = packet.timestamp;
	one->ssrc = packet.ssrc;
	one->payload_type = packet.payload_type;
	memcpy(one->payload, plain + packet.payload_offset, MIN(packet.payload_length, sizeof(one->payload)));
}

/* A sender with its receiver's keys, and two people it can show. */
typedef struct {
	sender_output output;
	sender *sender;
	track *tracks[2];
} fixture;

static void set_up(fixture *fixture, gconstpointer data)
{
	static const uint8_t key[SRTP_KEY_BYTES] = { 1 }, salt[SRTP_SALT_MAX_BYTES] = { 2 };
	(void)data;
	receiver = srtp_new(SRTP_PROFILE_GCM, key, salt);
	fixture->output.srtp = srtp_new(SRTP_PROFILE_GCM, key, salt);
	fixture->sender = sender_new(&fixture->output, 90000);
	sender_set_codec(fixture->sender, RTP_CODEC_VP8, PAYLOAD_TYPE, RTX_PAYLOAD_TYPE);
	for (guint i = 0; i < 2; i++)
		fixture->tracks[i] = track_new(RTP_CODEC_VP8, 90000);
	sent_count = 0;
}

static void tear_down(fixture *fixture, gconstpointer data)
{
	(void)data;
	sender_free(fixture->sender);
	srtp_free(fixture->output.srtp);
	srtp_free(receiver);
	for (guint i = 0; i < 2; i++)
		track_free(fixture->tracks[i]);
}

/* A packet of person `who`, as the room does it: a keyframe's first one when `is_key`. */
static void give(fixture *fixture, guint who, uint16_t sequence, gboolean is_key, int64_t now_us)
{
	static const rtp_extension_ids no_ids;
	uint8_t buffer[32] = { 0x80, 0x80 | PAYLOAD_TYPE };
	rtp_packet packet;
	gboolean has_restarted = FALSE;
	bytes_put16(buffer + 2, sequence);
	bytes_put32(buffer + 4, (uint16_t)(sequence + 10) * 3000u); /* without its roll-over */
	bytes_put32(buffer + 8, 1 + who);
	buffer[12] = 0x10;
	buffer[13] = is_key ? 0 : 1;
	buffer[14] = (uint8_t)who;
	buffer[15] = (uint8_t)sequence;
	g_assert_true(rtp_parse(&packet, buffer, sizeof(buffer), &no_ids));
	const track_packet *kept = track_receive(fixture->tracks[who], &packet, now_us, &has_restarted);
	if (kept != NULL && sender_source(fixture->sender) == fixture->tracks[who])
		sender_forward(fixture->sender, kept, now_us);
}

static void assert_gapless(guint from)
{
	for (guint i = from + 1; i < sent_count; i++) {
		g_assert_cmpuint(sent[i].sequence, ==, (uint16_t)(sent[i - 1].sequence + 1));
		g_assert_cmpint((int32_t)(sent[i].timestamp - sent[i - 1].timestamp), >, 0);
	}
}

/* Who is shown changes, a picture is paused and comes back: the receiver's numbers just go on, each time from a keyframe. */
static void test_continuity(fixture *fixture, gconstpointer data)
{
	int64_t now_us = 10 * G_USEC_PER_SEC;
	(void)data;
	sender_set_source(fixture->sender, fixture->tracks[0]);
	give(fixture, 0, 65530, FALSE, now_us);
	g_assert_cmpuint(sent_count, ==, 0); /* nobody can begin here */
	for (guint i = 0; i < 20; i++)
		give(fixture, 0, (uint16_t)(65531 + i), i == 0, now_us += 33000);
	g_assert_cmpuint(sent_count, ==, 20);
	sender_set_source(fixture->sender, fixture->tracks[1]);
	for (guint i = 0; i < 20; i++)
		give(fixture, 1, (uint16_t)(500 + i), i == 5, now_us += 33000);
	g_assert_cmpuint(sent_count, ==, 35);
	g_assert_true(sender_set_paused(fixture->sender, TRUE));
	g_assert_false(sender_set_paused(fixture->sender, TRUE));
	for (guint i = 0; i < 50; i++)
		give(fixture, 1, (uint16_t)(520 + i), i == 30, now_us += 33000);
	g_assert_cmpuint(sent_count, ==, 35);
	g_assert_true(sender_set_paused(fixture->sender, FALSE));
	now_us += G_USEC_PER_SEC;
	for (guint i = 0; i < 20; i++)
		give(fixture, 1, (uint16_t)(570 + i), i == 5, now_us += 33000);
	g_assert_cmpuint(sent_count, ==, 50);
	assert_gapless(0);
}

/* Who comes just after a keyframe begins with it, since no other may be asked for now; who comes later waits for the next. */
static void test_late(fixture *fixture, gconstpointer data)
{
	int64_t now_us = 10 * G_USEC_PER_SEC;
	(void)data;
	for (guint i = 0; i < 10; i++)
		give(fixture, 0, (uint16_t)(100 + i), i == 3, now_us += 33000);
	sender_set_source(fixture->sender, fixture->tracks[0]);
	give(fixture, 0, 110, FALSE, now_us += 33000);
	g_assert_cmpuint(sent_count, ==, 8);
	g_assert_cmpuint(sent[0].payload[3], ==, 103);
	assert_gapless(0);
	sender_set_source(fixture->sender, NULL);
	sender_set_source(fixture->sender, fixture->tracks[0]);
	now_us += SENDER_REPLAY_MS * 1000;
	for (guint i = 0; i < 10; i++)
		give(fixture, 0, (uint16_t)(111 + i), i == 7, now_us += 33000);
	g_assert_cmpuint(sent_count, ==, 11);
	g_assert_cmpuint(sent[8].payload[3], ==, 118);
	assert_gapless(0);
}

/* The first packet of the keyframe is lost on the way to us and repaired: what is behind it was not sent and is not lost. */
static void test_late_keyframe(fixture *fixture, gconstpointer data)
{
	int64_t now_us = 10 * G_USEC_PER_SEC;
	(void)data;
	give(fixture, 0, 1, FALSE, now_us);
	sender_set_source(fixture->sender, fixture->tracks[0]);
	for (guint i = 3; i < 8; i++)
		give(fixture, 0, (uint16_t)i, FALSE, now_us += 5000);
	g_assert_cmpuint(sent_count, ==, 0);
	give(fixture, 0, 2, TRUE, now_us += 50000);
	g_assert_cmpuint(sent_count, ==, 6);
	assert_gapless(0);
	guint16 lost = sent[3].sequence;
	sender_retransmit(fixture->sender, &lost, 1, now_us);
	g_assert_cmpuint(sent_count, ==, 7);
}

/* As RTX of its own numbers, not twice within the time that a receiver needs to know; what is gone asks for a keyframe. */
static void test_retransmit(fixture *fixture, gconstpointer data)
{
	int64_t now_us = 10 * G_USEC_PER_SEC;
	(void)data;
	sender_set_source(fixture->sender, fixture->tracks[0]);
	for (guint i = 0; i < 10; i++)
		give(fixture, 0, (uint16_t)(200 + i), i == 0, now_us += 33000);
	uint16_t lost[] = { sent[4].sequence, sent[6].sequence };
	sender_retransmit(fixture->sender, lost, 2, now_us);
	sender_retransmit(fixture->sender, lost, 2, now_us + 10000);
	g_assert_cmpuint(sent_count, ==, 12);
	for (guint i = 0; i < 2; i++) {
		g_assert_cmpuint(sent[10 + i].ssrc, ==, sender_rtx_ssrc(fixture->sender));
		g_assert_cmpuint(sent[10 + i].payload_type, ==, RTX_PAYLOAD_TYPE);
		g_assert_cmpuint(bytes_get16(sent[10 + i].payload), ==, lost[i]);
		g_assert_cmpuint(sent[10 + i].timestamp, ==, sent[4 + 2 * i].timestamp);
	}
	sender_retransmit(fixture->sender, lost, 1, now_us + 100000);
	g_assert_cmpuint(sent_count, ==, 13);
	g_assert_false(track_asks_keyframe(fixture->tracks[0], now_us, 50));
	for (guint i = 0; i < TRACK_VIDEO_RING; i++)
		give(fixture, 0, (uint16_t)(210 + i), FALSE, now_us += 10000);
	guint before = sent_count;
	uint16_t old = sent[30].sequence;
	sender_retransmit(fixture->sender, &old, 1, now_us);
	g_assert_cmpuint(sent_count, ==, before + 1);
	sender_retransmit(fixture->sender, lost, 1, now_us); /* its place in the ring belongs to another */
	g_assert_cmpuint(sent_count, ==, before + 1);
}

/* Packets lost on the way to us leave holes that the receiver sees, and fill them when they come after all. */
static void test_holes(fixture *fixture, gconstpointer data)
{
	int64_t now_us = 10 * G_USEC_PER_SEC;
	(void)data;
	sender_set_source(fixture->sender, fixture->tracks[0]);
	give(fixture, 0, 1, TRUE, now_us);
	give(fixture, 0, 4, FALSE, now_us);
	g_assert_cmpuint((uint16_t)(sent[1].sequence - sent[0].sequence), ==, 3);
	give(fixture, 0, 2, FALSE, now_us + 50000);
	g_assert_cmpuint((uint16_t)(sent[2].sequence - sent[0].sequence), ==, 1);
	give(fixture, 0, 2, FALSE, now_us + 50000);
	g_assert_cmpuint(sent_count, ==, 3);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(fixture *fixture, gconstpointer data);
	} tests[] = {
		{ "/sender/continuity", test_continuity },
		{ "/sender/late", test_late },
		{ "/sender/late-keyframe", test_late_keyframe },
		{ "/sender/retransmit", test_retransmit },
		{ "/sender/holes", test_holes },
	};
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].name, fixture, NULL, set_up, tests[i].run, tear_down);
	return g_test_run();
}
