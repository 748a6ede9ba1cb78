/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>
#include "media/record/track.h"

typedef struct {
	record_track *track;
	GPtrArray *frames;
	guint lost, restarts;
} fixture;

static void on_frame(void *user, record_frame *frame)
{
	g_ptr_array_add(((fixture *)user)->frames, frame);
}

static void on_lost(void *user, guint packets)
{
	((fixture *)user)->lost += packets;
}

static void on_restarted(void *user)
{
	((fixture *)user)->restarts++;
}

static const record_track_events events = { on_frame, on_lost, on_restarted };

static void set_up(fixture *self, gconstpointer codec)
{
	self->track = record_track_new((record_codec)GPOINTER_TO_INT(codec), &events, self);
	self->frames = g_ptr_array_new_with_free_func((GDestroyNotify)record_frame_free);
	self->lost = self->restarts = 0;
}

static void tear_down(fixture *self, gconstpointer codec)
{
	(void)codec;
	record_track_free(self->track);
	g_ptr_array_unref(self->frames);
}

static void add(
	fixture *self, guint16 sequence, guint32 rtp, gboolean marker, const void *payload, gsize length, gint64 arrival_ms)
{
	guint8 packet[200] = { 0x80, (guint8)(marker ? 0xe0 : 0x60), (guint8)(sequence >> 8), (guint8)sequence,
		(guint8)(rtp >> 24), (guint8)(rtp >> 16), (guint8)(rtp >> 8), (guint8)rtp, 0, 0, 0, 7 };
	memcpy(packet + 12, payload, length);
	g_assert_true(record_track_packet(self->track, packet, 12 + length, 0, arrival_ms * 1000));
}

static const guint8 key_begin[] = "\x10\x50\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00"; /* descriptor, keyframe of 320 x 240 */
static const guint8 more[] = "\x00"
			     "data";
static const guint8 delta[] = "\x10\x51\x00\x00";

#define KEY_BEGIN(sequence, rtp, ms) add(self, sequence, rtp, FALSE, key_begin, sizeof key_begin - 1, ms)
#define MORE(sequence, rtp, marker, ms) add(self, sequence, rtp, marker, more, sizeof more - 1, ms)
#define DELTA(sequence, rtp, ms) add(self, sequence, rtp, TRUE, delta, sizeof delta - 1, ms)

static void test_frames(fixture *self, gconstpointer codec)
{
	(void)codec;
	DELTA(65533, 1, 0); /* before a keyframe nothing can be shown */
	KEY_BEGIN(65534, 2, 10);
	MORE(0, 2, TRUE, 12); /* late comes 65535, over the wrap */
	g_assert_cmpuint(self->frames->len, ==, 0);
	g_assert_true(record_track_is_waiting(self->track));
	MORE(65535, 2, FALSE, 13);
	MORE(65535, 2, FALSE, 14); /* twice */
	g_assert_cmpuint(self->frames->len, ==, 1);
	const record_frame *frame = self->frames->pdata[0];
	g_assert_true(frame->is_keyframe);
	g_assert_cmpuint(frame->width, ==, 320);
	g_assert_cmpuint(frame->height, ==, 240);
	g_assert_cmpuint(g_bytes_get_size(frame->data), ==, 10 + 2 * 4);
	g_assert_cmpuint(self->lost, ==, 0);
}

static void test_loss(fixture *self, gconstpointer codec)
{
	(void)codec;
	KEY_BEGIN(1, 2, 0);
	MORE(2, 2, TRUE, 0);
	DELTA(4, 4, 40); /* 3 is missing */
	record_track_tick(self->track, 200000);
	g_assert_cmpuint(self->lost, ==, 0); /* it may still come */
	record_track_tick(self->track, 400000);
	g_assert_cmpuint(self->lost, ==, 1);
	g_assert_true(record_track_needs_keyframe(self->track));
	g_assert_cmpuint(self->frames->len, ==, 1);
	KEY_BEGIN(5, 5, 440);
	MORE(6, 5, TRUE, 440);
	DELTA(7, 6, 480);
	g_assert_cmpuint(self->frames->len, ==, 3);
	g_assert_false(record_track_needs_keyframe(self->track));
}

static void test_opus_loss(fixture *self, gconstpointer codec)
{
	(void)codec;
	add(self, 1, 960, FALSE, "x", 1, 0);
	add(self, 3, 2880, FALSE, "x", 1, 40);
	add(self, 4, 3840, FALSE, "x", 1, 60);
	record_track_tick(self->track, 200000);
	g_assert_cmpuint(self->frames->len, ==, 3);
	g_assert_cmpuint(self->lost, ==, 1);
	g_assert_cmpint(((record_frame *)self->frames->pdata[1])->rtp - ((record_frame *)self->frames->pdata[0])->rtp, ==, 1920);
}

static void test_other_source(fixture *self, gconstpointer codec)
{
	(void)codec;
	guint8 packet[14] = { 0x80, 0x60, 9, 9, 0, 0, 0, 0, 0, 0, 0, 8, 'x' };
	add(self, 1, 960, FALSE, "x", 1, 0);
	record_track_packet(self->track, packet, 13, 0, 20000);
	g_assert_cmpuint(self->restarts, ==, 1);
	g_assert_cmpuint(self->frames->len, ==, 2);
}

/* What strangers write: every prefix of a packet, and every byte turned, in each codec. */
static void test_malformed(fixture *self, gconstpointer codec)
{
	(void)codec;
	const guint8 good[] = "\xb1\xe0\x00\x01\x00\x00\x00\x01\x00\x00\x00\x07\x00\x00\x00\x01\xbe\xde\x00\x01\x10\x00\x00\x00"
			      "\x90\xf0\x81\x02\x03\x04\x50\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00\x7c\x85\x00\x03\x01";
	for (gsize length = 0; length < sizeof good; length++) {
		g_autofree guint8 *packet = g_memdup2(good, length);
		record_track_packet(self->track, packet, length, 0, 0);
	}
	for (gsize at = 0; at < sizeof good; at++) {
		for (guint bit = 0; bit < 8; bit++) {
			guint8 packet[sizeof good];
			memcpy(packet, good, sizeof good);
			packet[at] ^= (guint8)(1 << bit);
			packet[3] = (guint8)(at * 8 + bit);
			record_track_packet(self->track, packet, sizeof packet, 0, 0);
		}
	}
	record_track_flush(self->track);
}

/* A parameter set that no head of a film can hold (avcC has 16 bits for its length) makes a broken picture, not a broken head. */
static void test_giant_parameters(fixture *self, gconstpointer codec)
{
	enum { FRAGMENTS = 500, FRAGMENT = 150 };
	guint8 fragment[FRAGMENT] = { 0x7c, 0x87 };
	guint16 sequence = 1;
	(void)codec;
	for (guint i = 0; i < FRAGMENTS; i++, fragment[1] = i == FRAGMENTS - 1 ? 0x47 : 0x07)
		add(self, sequence++, 90, FALSE, fragment, sizeof fragment, 0);
	add(self, sequence++, 90, FALSE, "\x68\xce\x3c\x80", 4, 0);
	add(self, sequence++, 90, TRUE, "\x65\x88\x84", 3, 0);
	g_assert_cmpuint(self->frames->len, ==, 0);
	g_assert_null(record_track_codec_private(self->track));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/record/track/frames", fixture, GINT_TO_POINTER(RECORD_VP8), set_up, test_frames, tear_down);
	g_test_add("/record/track/loss", fixture, GINT_TO_POINTER(RECORD_VP8), set_up, test_loss, tear_down);
	g_test_add("/record/track/opus_loss", fixture, GINT_TO_POINTER(RECORD_OPUS), set_up, test_opus_loss, tear_down);
	g_test_add("/record/track/other_source", fixture, GINT_TO_POINTER(RECORD_OPUS), set_up, test_other_source, tear_down);
	g_test_add("/record/track/giant_parameters", fixture, GINT_TO_POINTER(RECORD_H264), set_up, test_giant_parameters,
		tear_down);
	for (int codec = RECORD_OPUS; codec <= RECORD_H264; codec++) {
		g_autofree char *path = g_strdup_printf("/record/track/malformed/%d", codec);
		g_test_add(path, fixture, GINT_TO_POINTER(codec), set_up, test_malformed, tear_down);
	}
	return g_test_run();
}
