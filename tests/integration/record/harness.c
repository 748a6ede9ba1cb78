/* SPDX-License-Identifier: EUPL-1.2 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "core/age.h"
#include "core/clock.h"
#include "core/json.h"
#include "media/record/record.h"
#include "tests/integration/record/harness.h"

enum { WIDTH = 320, HEIGHT = 240, RATE = 25, DEADLINE_US = 20000000 };

void harness_init(int *argc, char ***argv)
{
	if (*argc > 1 && strcmp((*argv)[1], "--recorder") == 0)
		exit(record_process(RECORD_LINK_FD, SANDBOX_FULL));
	signal(SIGPIPE, SIG_IGN);
	gst_init(NULL, NULL);
	g_test_init(argc, argv, NULL);
}

/* --- packets --- */

static void packet_free(gpointer data)
{
	packet *one = data;
	g_byte_array_unref(one->data);
	g_free(one);
}

guint32 packet_rtp(const packet *one)
{
	const guint8 *at = one->data->data + 4;
	return (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
}

/* Run buffers through a pipeline with "in" and "out", and collect the RTP packets. */
static GPtrArray *packets_from(const char *text, guint8 track, GstBuffer **buffers, guint count)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *packets = g_ptr_array_new_with_free_func(packet_free);
	GstElement *pipeline = gst_parse_launch(text, &error);
	g_assert_no_error(error);
	GstElement *in = gst_bin_get_by_name(GST_BIN(pipeline), "in"), *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	for (guint i = 0; i < count; i++)
		gst_app_src_push_buffer(GST_APP_SRC(in), buffers[i]);
	gst_app_src_end_of_stream(GST_APP_SRC(in));
	for (GstSample *sample; (sample = gst_app_sink_pull_sample(GST_APP_SINK(out))) != NULL; gst_sample_unref(sample)) {
		GstBuffer *buffer = gst_sample_get_buffer(sample);
		GstMapInfo map;
		packet *one = g_new0(packet, 1);
		one->track = track;
		one->at_us = one->arrival_us = (gint64)(GST_BUFFER_PTS(buffer) / GST_USECOND);
		one->data = g_byte_array_new();
		gst_buffer_map(buffer, &map, GST_MAP_READ);
		g_byte_array_append(one->data, map.data, (guint)map.size);
		gst_buffer_unmap(buffer, &map);
		g_ptr_array_add(packets, one);
	}
	gst_element_set_state(pipeline, GST_STATE_NULL);
	gst_object_unref(in);
	gst_object_unref(out);
	gst_object_unref(pipeline);
	g_assert_cmpuint(packets->len, >, 0);
	return packets;
}

static gboolean is_event(double seconds)
{
	return fmod(seconds + 1e-6, 1.0) < 0.2;
}

static GPtrArray *video(const char *encoder, double seconds)
{
	g_autofree char *text = g_strdup_printf(
		"appsrc name=in format=time caps=video/x-raw,format=I420,width=320,height=240,framerate=25/1 ! %s ! "
		"appsink name=out sync=false",
		encoder);
	guint count = (guint)lround(seconds * RATE);
	g_autofree GstBuffer **buffers = g_new(GstBuffer *, count);
	for (guint i = 0; i < count; i++) {
		GstBuffer *frame = gst_buffer_new_allocate(NULL, WIDTH * HEIGHT * 3 / 2, NULL);
		gst_buffer_memset(frame, 0, is_event((double)i / RATE) ? 235 : 16, WIDTH * HEIGHT);
		gst_buffer_memset(frame, WIDTH * HEIGHT, 128, WIDTH * HEIGHT / 2);
		gst_buffer_memset(frame, 37 * i % (WIDTH * HEIGHT / 2), 100, 64); /* something moves */
		GST_BUFFER_PTS(frame) = i * GST_SECOND / RATE;
		GST_BUFFER_DURATION(frame) = GST_SECOND / RATE;
		buffers[i] = frame;
	}
	return packets_from(text, VIDEO, buffers, count);
}

GPtrArray *packets_video(double seconds)
{
	return video("vp8enc deadline=1 keyframe-max-dist=25 target-bitrate=400000 ! rtpvp8pay mtu=1200 picture-id-mode=15-bit",
		seconds);
}

GPtrArray *packets_h264(double seconds)
{
	return video("openh264enc complexity=low gop-size=25 bitrate=400000 ! h264parse config-interval=-1 ! "
		     "rtph264pay mtu=1200 aggregate-mode=zero-latency",
		seconds);
}

GPtrArray *packets_audio(double seconds)
{
	guint count = (guint)lround(seconds * 50);
	g_autofree GstBuffer **buffers = g_new(GstBuffer *, count);
	for (guint i = 0; i < count; i++) {
		gint16 samples[960];
		for (guint j = 0; j < 960; j++) {
			double at = (i * 960.0 + j) / 48000;
			samples[j] = (gint16)(is_event(at) ? 12000 * sin(2 * G_PI * 1000 * at) : 0);
		}
		buffers[i] = gst_buffer_new_memdup(samples, sizeof samples);
		GST_BUFFER_PTS(buffers[i]) = i * 20 * GST_MSECOND;
		GST_BUFFER_DURATION(buffers[i]) = 20 * GST_MSECOND;
	}
	return packets_from(
		"appsrc name=in format=time caps=audio/x-raw,format=S16LE,rate=48000,channels=1,layout=interleaved ! opusenc ! "
		"rtpopuspay ! appsink name=out sync=false",
		AUDIO, buffers, count);
}

GPtrArray *packets_picture(const guint8 *pixels, guint width, guint height, guint kbit)
{
	g_autofree char *text =
		g_strdup_printf("appsrc name=in format=time caps=video/x-raw,format=BGRx,width=%u,height=%u,framerate=10/1 "
				"! videoconvert ! vp8enc deadline=1 end-usage=cbr keyframe-max-dist=1 target-bitrate=%u ! "
				"rtpvp8pay mtu=1200 ! appsink name=out sync=false",
			width, height, kbit * 1000);
	GstBuffer *frame = gst_buffer_new_memdup(pixels, (gsize)width * height * 4);
	GST_BUFFER_PTS(frame) = 0;
	GST_BUFFER_DURATION(frame) = GST_SECOND / 10;
	return packets_from(text, VIDEO, &frame, 1);
}

void packets_set_orientation(GPtrArray *packets, guint quarter_turns)
{
	for (guint i = 0; i < packets->len; i++)
		((packet *)packets->pdata[i])->orientation = (guint8)quarter_turns;
}

void packets_renumber(GPtrArray *packets)
{
	for (guint i = 0; i < packets->len; i++) {
		guint8 *head = ((packet *)packets->pdata[i])->data->data;
		head[2] = (guint8)(i >> 8);
		head[3] = (guint8)i;
	}
}

static gint by_arrival(gconstpointer a, gconstpointer b)
{
	const packet *first = *(const packet *const *)a, *second = *(const packet *const *)b;
	return first->arrival_us < second->arrival_us ? -1 : first->arrival_us > second->arrival_us;
}

void packets_merge(GPtrArray *packets, GPtrArray *second)
{
	g_ptr_array_extend_and_steal(packets, second);
	g_ptr_array_sort(packets, by_arrival);
}

/* --- the process --- */

char *run(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *command = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	const char *const argv[] = { "/bin/sh", "-c", command, NULL };
	g_autoptr(GError) error = NULL;
	char *output = NULL;
	int status = 0;
	g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error);
	g_assert_no_error(error);
	if (!g_spawn_check_wait_status(status, &error))
		g_error("%s: %s", command, error->message);
	return output;
}

recorder *recorder_new(void)
{
	recorder *self = g_new0(recorder, 1);
	self->base = g_dir_make_tmp("jawort-record-XXXXXX", NULL);
	self->folder = g_build_filename(self->base, "recording", NULL);
	self->identity = g_build_filename(self->base, "ours.txt", NULL);
	g_autofree char *secret = age_identity_new(&self->recipient);
	g_file_set_contents(self->identity, secret, -1, NULL);
	self->others = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
	self->fd = -1;
	return self;
}

static void use_link(gpointer data)
{
	dup2(GPOINTER_TO_INT(data), RECORD_LINK_FD);
	fcntl(RECORD_LINK_FD, F_SETFD, 0);
}

static json_t *track_of(const recorder *self, int number)
{
	const char *video = self->codec != NULL ? self->codec : "vp8";
	return json_pack("{s:i, s:s, s:s, s:s, s:i}", "track", number, "person", "partner_1", "kind",
		number == VIDEO ? "video" : "audio", "codec", number == VIDEO ? video : "opus", "clock_rate",
		number == VIDEO ? 90000 : 48000);
}

static void spawn(recorder *self)
{
	g_autofree char *self_path = g_file_read_link("/proc/self/exe", NULL);
	g_autoptr(GError) error = NULL;
	int pair[2];
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), ==, 0);
	const char *const program[] = { self_path, "--recorder", NULL };
	g_auto(GStrv) environment = g_get_environ();
	if (self->checks_leaks)
		environment = g_environ_setenv(environment, "ASAN_OPTIONS", "detect_leaks=1:fast_unwind_on_malloc=0", TRUE);
	g_spawn_async(NULL, (char **)program, environment, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_LEAVE_DESCRIPTORS_OPEN, use_link,
		GINT_TO_POINTER(pair[1]), &self->pid, &error);
	g_assert_no_error(error);
	close(pair[1]);
	self->fd = pair[0];
}

void recorder_start(recorder *self)
{
	json_t *recipients =
		self->second != NULL ? json_pack("[[s], [s]]", self->recipient, self->second) : json_pack("[s]", self->recipient);
	json_t *tracks = json_array();
	if (!self->has_no_video)
		json_array_append_new(tracks, track_of(self, VIDEO));
	json_array_append_new(tracks, track_of(self, AUDIO));
	spawn(self);
	recorder_tell(self, RECORD_START,
		json_pack("{s:s, s:s, s:i, s:o, s:o}", "recording", "recording_1", "folder", self->folder, "part", 1,
			"recipients", recipients, "tracks", tracks));
	g_autoptr(json_t) ready = recorder_wait(self, "ready");
	self->origin_us = clock_monotonic_us();
}

void recorder_announce(recorder *self, int track)
{
	recorder_tell(self, RECORD_TRACK, track_of(self, track));
}

void recorder_tell(recorder *self, guint kind, json_t *body)
{
	g_autofree char *text = json_compact(body);
	g_autofree char *message = g_strdup_printf("%c%s", (char)kind, text);
	json_decref(body);
	g_assert_cmpint(send(self->fd, message, strlen(message), MSG_NOSIGNAL), >, 0);
}

static void write_little(guint8 *data, guint64 value, guint bytes)
{
	for (guint i = 0; i < bytes; i++)
		data[i] = (guint8)(value >> 8 * i);
}

void recorder_clock(recorder *self, guint8 track, guint64 ntp, guint32 rtp)
{
	guint8 message[14] = { RECORD_CLOCK, track };
	write_little(message + 2, ntp, 8);
	write_little(message + 10, rtp, 4);
	g_assert_cmpint(send(self->fd, message, sizeof message, MSG_NOSIGNAL), >, 0);
}

static void send_packet(recorder *self, const packet *one)
{
	guint8 message[2048] = { RECORD_PACKETS, one->track, one->orientation };
	write_little(message + 3, one->data->len, 2);
	write_little(message + 5, (guint64)(self->origin_us + one->arrival_us), 8);
	memcpy(message + 13, one->data->data, one->data->len);
	g_assert_cmpint(send(self->fd, message, 13 + one->data->len, MSG_NOSIGNAL), >, 0);
}

void recorder_feed(recorder *self, const GPtrArray *packets, double seconds)
{
	self->origin_us = clock_monotonic_us() - (gint64)(seconds * 1e6);
	for (guint i = 0; i < packets->len; i++)
		send_packet(self, packets->pdata[i]);
}

void recorder_play_from(recorder *self, const GPtrArray *packets, gint64 from_us, gint64 until_us)
{
	for (guint i = 0; i < packets->len; i++) {
		const packet *one = packets->pdata[i];
		if (one->arrival_us < from_us || one->arrival_us >= until_us)
			continue;
		gint64 wait_us = self->origin_us + one->arrival_us - clock_monotonic_us();
		if (wait_us > 0)
			g_usleep((gulong)wait_us);
		send_packet(self, one);
	}
}

void recorder_play(recorder *self, const GPtrArray *packets)
{
	self->origin_us = clock_monotonic_us();
	recorder_play_from(self, packets, G_MININT64, G_MAXINT64);
}

static json_t *take_other(recorder *self, const char *event)
{
	for (guint i = 0; i < self->others->len; i++) {
		if (g_strcmp0(json_text(self->others->pdata[i], "event"), event) == 0)
			return g_ptr_array_steal_index(self->others, i);
	}
	return NULL;
}

json_t *recorder_wait(recorder *self, const char *event)
{
	static char text[RECORD_EVENT_MAX_BYTES];
	const struct timeval wait = { .tv_sec = DEADLINE_US / G_USEC_PER_SEC };
	json_t *found = take_other(self, event);
	setsockopt(self->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	while (found == NULL) {
		gssize length = recv(self->fd, text, sizeof text, 0);
		if (length <= 0)
			g_error("no event \"%s\" came from the recorder", event);
		json_t *one = json_read(text, (gsize)length, sizeof text, 5, NULL);
		g_assert_nonnull(one);
		g_test_message("%.*s", (int)MIN(length, 300), text);
		g_ptr_array_add(self->others, one);
		found = take_other(self, event);
	}
	return found;
}

static int reap(recorder *self)
{
	int status = 0;
	g_assert_cmpint(waitpid(self->pid, &status, 0), ==, self->pid);
	self->pid = 0;
	close(self->fd);
	self->fd = -1;
	return status;
}

void recorder_leave(recorder *self, int status)
{
	int left = reap(self);
	g_assert_true(WIFEXITED(left));
	g_assert_cmpint(WEXITSTATUS(left), ==, status);
}

json_t *recorder_stop(recorder *self, gboolean destroy)
{
	recorder_tell(self, RECORD_STOP, json_pack("{s:b}", "destroy", destroy));
	json_t *stopped = recorder_wait(self, "stopped");
	recorder_leave(self, 0);
	return stopped;
}

void recorder_kill(recorder *self)
{
	kill(self->pid, SIGKILL);
	g_assert_true(WIFSIGNALED(reap(self)));
}

void recorder_free(recorder *self)
{
	if (self->pid != 0)
		recorder_kill(self);
	g_free(run("rm -rf '%s'", self->base));
	g_ptr_array_unref(self->others);
	g_free(self->base);
	g_free(self->folder);
	g_free(self->identity);
	g_free(self->recipient);
	g_free(self);
}

/* --- what it left --- */

char *open_file(recorder *self, const char *file, gboolean is_whole)
{
	g_autofree char *plain = g_strndup(file, strlen(file) - strlen(".age"));
	char *path = g_build_filename(self->base, plain, NULL);
	g_autofree char *key = run("age -d -i '%s' '%s/key.age' > '%s/k'", self->identity, self->folder, self->base);
	g_autofree char *status =
		run("age -d -i '%s/k' '%s/%s' > '%s' 2>/dev/null; echo $?", self->base, self->folder, file, path);
	g_assert_cmpint(atoi(status) == 0, ==, is_whole);
	return path;
}

guint count_frames(const char *path, const char *stream)
{
	g_autofree char *text =
		run("ffprobe -v error -count_frames -select_streams %s -show_entries stream=nb_read_frames -of csv=p=0 '%s'",
			stream, path);
	return (guint)atoi(text);
}

double last_time(const char *path, const char *stream)
{
	g_autofree char *text =
		run("ffprobe -v error -select_streams %s -show_entries packet=pts_time -of csv=p=0 '%s' | tail -1", stream, path);
	return g_ascii_strtod(text, NULL);
}

GArray *flashes(const char *path)
{
	g_autofree char *text =
		run("ffmpeg -v error -i '%s' -map 0:v -vf signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=- "
		    "-f null - | sed -n 's/.*pts_time://p; s/.*YAVG=//p'",
			path);
	GArray *times = g_array_new(FALSE, FALSE, sizeof(gdouble));
	g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
	gboolean was_bright = FALSE;
	for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i += 2) {
		double at = g_ascii_strtod(lines[i], NULL);
		gboolean is_bright = g_ascii_strtod(lines[i + 1], NULL) > 120;
		if (is_bright && !was_bright)
			g_array_append_val(times, at);
		was_bright = is_bright;
	}
	return times;
}

GArray *beeps(const char *path)
{
	enum { STEP = 240 }; /* 5 ms */
	GArray *times = g_array_new(FALSE, FALSE, sizeof(gdouble));
	g_autofree char *raw = g_strconcat(path, ".raw", NULL);
	g_free(run("ffmpeg -v error -y -i '%s' -map 0:a -af aresample=async=1:min_hard_comp=0.02:first_pts=0 -ac 1 -ar 48000 -f "
		   "s16le '%s'",
		path, raw));
	g_autofree char *bytes = NULL;
	gsize length;
	g_assert_true(g_file_get_contents(raw, &bytes, &length, NULL));
	const gint16 *samples = (const gint16 *)(void *)bytes;
	gboolean was_loud = FALSE;
	for (gsize i = 0; i + STEP <= length / 2; i += STEP) {
		int loudest = 0;
		for (gsize j = i; j < i + STEP; j++)
			loudest = MAX(loudest, ABS(samples[j]));
		gboolean is_loud = loudest > 4000;
		double at = (double)i / 48000;
		if (is_loud && !was_loud)
			g_array_append_val(times, at);
		was_loud = is_loud;
	}
	return times;
}

json_t *manifest_lines(recorder *self, const char *type)
{
	g_autofree char *path = g_build_filename(self->folder, "manifest.jsonl", NULL);
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
	json_t *found = json_array();
	for (guint i = 0; lines[i] != NULL; i++) {
		json_t *line = lines[i][0] != '\0' ? json_loads(lines[i], 0, NULL) : NULL;
		if (line != NULL && g_strcmp0(json_text(line, "type"), type) == 0)
			json_array_append(found, line);
		json_decref(line);
	}
	return found;
}
