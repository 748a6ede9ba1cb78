/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "core/json.h"
#include "media/record/record.h"
#include "tests/integration/record/harness.h"

#define PART "001-partner_1.webm.age"

static void assert_checks(recorder *self, gboolean is_complete, guint restarts)
{
	record_check_result result;
	g_autoptr(GError) error = NULL;
	record_check(self->folder, &result, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpint(result.complete, ==, is_complete);
	g_assert_cmpuint(result.restarts, ==, restarts);
}

static guint count_lines(recorder *self, const char *type, const char *member, const char *value)
{
	g_autoptr(json_t) lines = manifest_lines(self, type);
	guint count = 0;
	for (gsize i = 0; i < json_array_size(lines); i++)
		count += member == NULL || g_strcmp0(json_text(json_array_get(lines, i), member), value) == 0;
	return count;
}

static void test_whole(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_video(4);
	packets_merge(packets, packets_audio(4));
	self->checks_leaks = TRUE;
	recorder_start(self);
	recorder_feed(self, packets, 5);
	recorder_tell(self, RECORD_CHAPTER, json_pack("{s:s}", "title", "capture_front"));
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_assert_cmpuint(json_array_size(json_object_get(stopped, "parts")), ==, 2); /* with key.age */
	g_autofree char *film = open_file(self, PART, TRUE);
	g_assert_cmpuint(count_frames(film, "v:0"), ==, 100);
	g_assert_cmpuint(count_frames(film, "a:0"), >=, 200);
	g_assert_cmpfloat_with_epsilon(last_time(film, "v:0"), 3.96, 0.05);
	g_assert_cmpuint(count_lines(self, "chapter", "title", "capture_front"), ==, 1);
	g_assert_cmpuint(count_lines(self, "gap", NULL, NULL), ==, 0);
	assert_checks(self, TRUE, 0);
}

static double worst_sync_ms(const char *film, guint least)
{
	g_autoptr(GArray) seen = flashes(film), heard = beeps(film);
	double worst = 0;
	g_assert_cmpuint(seen->len, >=, least);
	for (guint i = 0; i < seen->len; i++) {
		double nearest = 1;
		for (guint j = 0; j < heard->len; j++)
			nearest = MIN(nearest, fabs(g_array_index(seen, gdouble, i) - g_array_index(heard, gdouble, j)));
		worst = MAX(worst, nearest * 1000);
	}
	return worst;
}

/* H.264 needs its parameters in the head: the film begins with the first keyframe. Stills work too. */
static void test_h264(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_h264(3);
	packets_merge(packets, packets_audio(3));
	self->codec = "h264";
	recorder_start(self);
	recorder_tell(self, RECORD_STILL, json_pack("{s:s, s:i}", "still", "still_1", "track", VIDEO));
	recorder_feed(self, packets, 4);
	g_autoptr(json_t) still = recorder_wait(self, "still");
	g_assert_cmpint(json_int(still, "width"), ==, 320);
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *film = open_file(self, PART, TRUE);
	g_assert_cmpuint(count_frames(film, "v:0"), ==, 75);
	g_assert_cmpfloat(worst_sync_ms(film, 3), <=, 40);
}

static void delay(GPtrArray *packets, gint64 by_us, gint64 jitter_us)
{
	for (guint i = 0; i < packets->len; i++)
		((packet *)packets->pdata[i])->arrival_us += by_us + (gint64)(i * 7919 % 100) * jitter_us / 100;
}

/* A report at `at_us`, as the sender would make it from any packet of the track. */
static void report(recorder *self, const packet *one, guint rate, gint64 at_us)
{
	const guint64 epoch = G_GUINT64_CONSTANT(3900000000);
	guint64 ntp = ((epoch + (guint64)at_us / 1000000) << 32) + (((guint64)at_us % 1000000) << 32) / 1000000;
	recorder_clock(self, one->track, ntp, packet_rtp(one) + (guint32)((at_us - one->at_us) * rate / 1000000));
}

/* Video needs 130 ms longer than audio, both jitter; the sender reports tell it. */
static void test_sync(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_video(6);
	GPtrArray *audio = packets_audio(6);
	recorder_start(self);
	report(self, packets->pdata[0], 90000, 0);
	report(self, audio->pdata[0], 48000, 0);
	delay(packets, 150000, 60000);
	delay(audio, 20000, 30000);
	packets_merge(packets, audio);
	recorder_feed(self, packets, 7.5);
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *film = open_file(self, PART, TRUE);
	double worst = worst_sync_ms(film, 5);
	g_test_message("sync within %.0f ms", worst);
	g_assert_cmpfloat(worst, <=, 40);
}

/* The microphone stands still for 1.5 s; its RTP times do not know. */
static void test_stall(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_video(6);
	GPtrArray *audio = packets_audio(6);
	for (guint i = audio->len; i-- > 0;) {
		packet *one = audio->pdata[i];
		if (one->at_us >= 2500000 && one->at_us < 4000000) {
			g_ptr_array_remove_index(audio, i);
		} else if (one->at_us >= 4000000) {
			guint32 rtp = GUINT32_TO_BE(packet_rtp(one) - 72000);
			memcpy(one->data->data + 4, &rtp, 4);
		}
	}
	packets_renumber(audio);
	recorder_start(self);
	packets_merge(packets, audio);
	recorder_feed(self, packets, 7);
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *film = open_file(self, PART, TRUE);
	g_autoptr(GArray) seen = flashes(film), heard = beeps(film);
	g_assert_cmpuint(seen->len, ==, 6);
	g_assert_cmpuint(heard->len, >=, 4); /* those at 0, 1, 2, 4, 5 s */
	double last = g_array_index(heard, gdouble, heard->len - 1);
	g_assert_cmpfloat_with_epsilon(last, g_array_index(seen, gdouble, 5), 0.04);
	g_assert_cmpuint(count_lines(self, "gap", "reason", "stalled"), ==, 1);
	g_assert_cmpuint(count_lines(self, "slip", NULL, NULL), ==, 1);
}

/* One lost packet of a picture: no broken picture is written, the next second is whole again. */
static void test_loss(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_video(4);
	for (guint i = 0; i < packets->len; i++) {
		packet *one = packets->pdata[i];
		if (one->at_us >= 1480000) {
			g_ptr_array_remove_index(packets, i);
			break;
		}
	}
	packets_merge(packets, packets_audio(4));
	recorder_start(self);
	recorder_feed(self, packets, 5);
	g_autoptr(json_t) asked = recorder_wait(self, "keyframe");
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *film = open_file(self, PART, TRUE);
	g_autofree char *said = run("ffmpeg -v warning -i '%s' -map 0:v -f null - 2>&1", film);
	g_assert_cmpstr(said, ==, "");
	guint frames = count_frames(film, "v:0");
	g_assert_cmpuint(frames, >=, 85);
	g_assert_cmpuint(frames, <=, 89);
	g_assert_cmpuint(count_frames(film, "a:0"), >=, 200);
	g_assert_cmpuint(count_lines(self, "gap", "reason", "lost"), ==, 1);
}

/* Packets in disorder, some twice: nothing is missing. */
static void test_disorder(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_video(3);
	for (guint i = 4; i + 3 < packets->len; i += 4) {
		packet *first = packets->pdata[i + 1], *late = packets->pdata[i];
		late->arrival_us = MAX(late->arrival_us, first->arrival_us) + 30000;
	}
	packets_merge(packets, packets_audio(3));
	recorder_start(self);
	recorder_feed(self, packets, 4);
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *film = open_file(self, PART, TRUE);
	g_assert_cmpuint(count_frames(film, "v:0"), ==, 75);
}

/* Muted from 1 s to 3 s, and video comes only after 2 s: the other track does not wait, all keep their times. */
static void test_late_and_muted(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_audio(5), video = packets_video(5);
	for (guint i = packets->len; i-- > 0;) {
		gint64 at_us = ((packet *)packets->pdata[i])->at_us;
		if (at_us >= 1000000 && at_us < 3000000)
			g_ptr_array_remove_index(packets, i);
	}
	packets_renumber(packets);
	while (((packet *)video->pdata[0])->at_us < 2000000)
		g_ptr_array_remove_index(video, 0);
	packets_merge(packets, g_steal_pointer(&video));
	recorder_start(self);
	recorder_play(self, packets);
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *film = open_file(self, PART, TRUE);
	g_assert_cmpuint(count_frames(film, "v:0"), ==, 75);
	g_assert_cmpfloat(worst_sync_ms(film, 3), <=, 1000); /* the flash at 2 s has no beep */
	g_autoptr(GArray) seen = flashes(film), heard = beeps(film);
	g_assert_cmpfloat_with_epsilon(g_array_index(seen, gdouble, 0), 2, 0.04);
	g_assert_cmpfloat_with_epsilon(g_array_index(heard, gdouble, heard->len - 1), 4, 0.04);
	g_assert_cmpuint(count_lines(self, "gap", "reason", "silent"), ==, 1);
}

/* A camera that nobody announced comes 0.7 s late: all its pictures are there, in a part that holds both. */
static void test_unannounced(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_audio(4), video = packets_video(4);
	while (((packet *)video->pdata[0])->at_us < 1000000)
		g_ptr_array_remove_index(video, 0);
	packets_merge(packets, g_steal_pointer(&video));
	self->has_no_video = TRUE;
	recorder_start(self);
	recorder_play_from(self, packets, 0, 900000);
	recorder_announce(self, VIDEO);
	recorder_play_from(self, packets, 900000, G_MAXINT64);
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *first = open_file(self, PART, TRUE), *second = open_file(self, "002-partner_1.webm.age", TRUE);
	g_assert_cmpuint(count_frames(first, "a:0") + count_frames(second, "a:0"), >=, 200);
	g_assert_cmpuint(count_frames(second, "v:0"), ==, 75);
}

/* What is written survives kill -9 up to the last second, at a rate far below a chunk a second; and it goes on after that. */
static void test_kill(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_video(3);
	packets_merge(packets, packets_audio(3));
	recorder_start(self);
	recorder_play(self, packets);
	recorder_kill(self);
	g_autofree char *film = open_file(self, PART, FALSE);
	double video = last_time(film, "v:0"), audio = last_time(film, "a:0");
	g_test_message("killed at 3.0 s: video until %.2f s, audio until %.2f s", video, audio);
	g_assert_cmpfloat(video, >=, 2.0);
	g_assert_cmpfloat(audio, >=, 2.0);
	assert_checks(self, FALSE, 0);

	recorder_start(self);
	recorder_feed(self, packets, 4);
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *again = open_file(self, "002-partner_1.webm.age", TRUE);
	g_assert_cmpuint(count_frames(again, "v:0"), ==, 75);
	g_autoptr(json_t) restarts = manifest_lines(self, "restart");
	g_assert_true(json_bool(json_array_get(restarts, 0), "interrupted"));
	assert_checks(self, TRUE, 1);
}

static void test_destroy(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_video(2);
	recorder_start(self);
	recorder_feed(self, packets, 3);
	g_autoptr(json_t) stopped = recorder_stop(self, TRUE);
	g_autofree char *left = run("ls -A '%s'", self->folder);
	g_assert_cmpstr(left, ==, "");
}

/* While paused nothing is kept; the film has the gap. */
static void test_pause(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) all = packets_video(5), first = g_ptr_array_new(), paused = g_ptr_array_new(),
			     last = g_ptr_array_new();
	for (guint i = 0; i < all->len; i++) {
		gint64 at_us = ((packet *)all->pdata[i])->at_us;
		g_ptr_array_add(at_us < 2000000 ? first : at_us < 4000000 ? paused : last, all->pdata[i]);
	}
	recorder_start(self);
	recorder_feed(self, first, 6);
	gint64 origin_us = self->origin_us;
	recorder_tell(self, RECORD_PAUSE, json_pack("{s:b}", "paused", TRUE));
	recorder_feed(self, paused, 6);
	recorder_tell(self, RECORD_PAUSE, json_pack("{s:b}", "paused", FALSE));
	recorder_feed(self, last, (double)(g_get_monotonic_time() - origin_us) / 1e6);
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *film = open_file(self, PART, TRUE);
	g_assert_cmpuint(count_frames(film, "v:0"), ==, 75);
	g_assert_cmpfloat_with_epsilon(last_time(film, "v:0"), 4.96, 0.05);
	g_assert_cmpuint(count_lines(self, "gap", "reason", "paused"), ==, 1);
}

/* The phone is turned: the film goes on in a part that says so. */
static void test_turned(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_video(6);
	for (guint i = 0; i < packets->len; i++) {
		packet *one = packets->pdata[i];
		one->orientation = one->at_us >= 2960000 ? 1 : 0;
	}
	self->checks_leaks = TRUE;
	recorder_start(self);
	recorder_feed(self, packets, 7);
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *first = open_file(self, PART, TRUE), *second = open_file(self, "002-partner_1.webm.age", TRUE);
	g_assert_cmpuint(count_frames(first, "v:0") + count_frames(second, "v:0"), ==, 150);
	g_assert_cmpuint(count_frames(first, "v:0"), ==, 75);
}

/* It takes one key of each group to open the film. */
static void test_two_groups(void)
{
	g_autoptr(recorder) self = recorder_new(), other = recorder_new();
	g_autoptr(GPtrArray) packets = packets_video(1);
	self->second = other->recipient;
	recorder_start(self);
	recorder_feed(self, packets, 2);
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *alone = run("age -d -i '%s' '%s/key.age' | head -c 21", self->identity, self->folder);
	g_assert_cmpstr(alone, ==, "age-encryption.org/v1");
	g_free(run("age -d -i '%s' '%s/key.age' | age -d -i '%s' > '%s/k'", self->identity, self->folder, other->identity,
		self->base));
	g_free(run("age -d -i '%s/k' '%s/" PART "' > '%s/film.webm'", self->base, self->folder, self->base));
	g_autofree char *film = g_build_filename(self->base, "film.webm", NULL);
	g_assert_cmpuint(count_frames(film, "v:0"), ==, 25);
}

static void test_still(void)
{
	enum { WIDTH = 640, HEIGHT = 360 };
	g_autoptr(recorder) self = recorder_new();
	g_autofree guint8 *pixels = g_malloc0(WIDTH * HEIGHT * 4);
	for (guint y = 0; y < HEIGHT / 4; y++)
		memset(pixels + (gsize)y * WIDTH * 4, 255, WIDTH * 4); /* white above, as the camera lies */
	g_autoptr(GPtrArray) packets = packets_picture(pixels, WIDTH, HEIGHT, 2000);
	packets_set_orientation(packets, 1);
	self->checks_leaks = TRUE;
	recorder_start(self);
	recorder_tell(self, RECORD_STILL, json_pack("{s:s, s:i, s:b}", "still", "still_1", "track", VIDEO, "mrz", FALSE));
	recorder_feed(self, packets, 1);
	g_autoptr(json_t) still = recorder_wait(self, "still");
	g_assert_cmpstr(json_text(still, "error"), ==, NULL);
	g_assert_cmpint(json_int(still, "width"), ==, HEIGHT);
	g_assert_cmpint(json_int(still, "height"), ==, WIDTH);
	g_assert_cmpint(json_int(still, "light"), >, 50);
	g_assert_cmpint(json_int(still, "light"), <, 80);
	g_assert_null(json_object_get(still, "mrz"));
	recorder_tell(self, RECORD_STILL, json_pack("{s:s, s:i}", "still", "still_2", "track", 7));
	g_autoptr(json_t) refused = recorder_wait(self, "still");
	g_assert_nonnull(json_text(refused, "error"));
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *picture = open_file(self, json_text(still, "file"), TRUE);
	/* turned clockwise, what was above is now at the right */
	g_autofree char *mean =
		run("ffmpeg -v error -i '%s' -vf crop=40:640:320:0,scale=1:1 -f rawvideo -pix_fmt gray - | od -An -tu1", picture);
	g_assert_cmpint(atoi(mean), >, 230);
	assert_checks(self, TRUE, 0);
}

/* A full disk is told within 2 s; the film goes on when there is room again, and what was written stays. */
static void test_full_disk(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autofree char *mounted = run("mkdir '%s' && mount -t tmpfs -o size=400k tmpfs '%s' 2>/dev/null && echo yes || true",
		self->folder, self->folder);
	if (mounted[0] == '\0') {
		g_test_skip("needs the right to mount");
		return;
	}
	g_autoptr(GPtrArray) packets = packets_video(10);
	packets_merge(packets, packets_audio(10));
	recorder_start(self);
	g_autofree char *filled = run("dd if=/dev/zero of='%s/filler' bs=1k count=400 2>/dev/null; true", self->folder);
	recorder_feed(self, packets, 11);
	g_autoptr(json_t) failed = recorder_wait(self, "failed");
	g_assert_nonnull(json_text(failed, "reason"));
	g_free(run("rm '%s/filler' && mount -o remount,size=4m '%s'", self->folder, self->folder));
	g_autoptr(json_t) recovered = recorder_wait(self, "recovered");
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	g_autofree char *film = open_file(self, PART, TRUE);
	g_assert_cmpuint(count_frames(film, "v:0"), ==, 250);
	assert_checks(self, TRUE, 0);
	g_free(run("umount '%s'", self->folder));
}

/* Each change of the stored files is found without a key. */
static void test_tamper(void)
{
	static const char *const changes[] = {
		"printf X | dd of=001-partner_1.webm.age bs=1 seek=5000 conv=notrunc 2>/dev/null",
		"truncate -s -1 001-partner_1.webm.age",
		"rm 001-partner_1.webm.age",
		"rm key.age",
		"touch 002-partner_1.webm.age",
		"sed -i 2d manifest.jsonl",
		"sed -i '2s/video/audio/' manifest.jsonl",
	};
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_video(2);
	recorder_start(self);
	recorder_feed(self, packets, 3);
	g_autoptr(json_t) stopped = recorder_stop(self, FALSE);
	assert_checks(self, TRUE, 0);
	for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
		record_check_result result;
		g_autofree char *copy = g_build_filename(self->base, "copy", NULL);
		g_free(run("rm -rf '%s' && cp -r '%s' '%s' && cd '%s' && %s", copy, self->folder, copy, copy, changes[i]));
		if (record_check(copy, &result, NULL, NULL))
			g_error("not found: %s", changes[i]);
	}
}

/* A link that breaks or talks nonsense leaves a recording in order. */
static void test_nonsense(void)
{
	g_autoptr(recorder) self = recorder_new();
	g_autoptr(GPtrArray) packets = packets_video(2);
	recorder_start(self);
	recorder_feed(self, packets, 3);
	recorder_tell(self, RECORD_TRACK, json_pack("{s:i}", "track", 900));
	g_autoptr(json_t) failed = recorder_wait(self, "failed");
	recorder_leave(self, 1);
	g_autofree char *film = open_file(self, PART, TRUE);
	g_assert_cmpuint(count_frames(film, "v:0"), ==, 50);
}

int main(int argc, char **argv)
{
	harness_init(&argc, &argv);
	g_test_add_func("/recorder/whole", test_whole);
	g_test_add_func("/recorder/sync", test_sync);
	g_test_add_func("/recorder/h264", test_h264);
	g_test_add_func("/recorder/stall", test_stall);
	g_test_add_func("/recorder/loss", test_loss);
	g_test_add_func("/recorder/disorder", test_disorder);
	g_test_add_func("/recorder/late_and_muted", test_late_and_muted);
	g_test_add_func("/recorder/unannounced", test_unannounced);
	g_test_add_func("/recorder/kill", test_kill);
	g_test_add_func("/recorder/destroy", test_destroy);
	g_test_add_func("/recorder/pause", test_pause);
	g_test_add_func("/recorder/turned", test_turned);
	g_test_add_func("/recorder/two_groups", test_two_groups);
	g_test_add_func("/recorder/still", test_still);
	g_test_add_func("/recorder/full_disk", test_full_disk);
	g_test_add_func("/recorder/tamper", test_tamper);
	g_test_add_func("/recorder/nonsense", test_nonsense);
	return g_test_run();
}
