/* SPDX-License-Identifier: EUPL-1.2 */
/* A recorder in a process of its own, fed with real RTP as `jawort media` would feed it, and what it left opened with the
 * stock tools. Everything aborts the test when it fails. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include "media/record/link.h"

enum { VIDEO = 0, AUDIO = 1 }; /* track numbers of partner_1 */

/* Call first in main(): in the child it is the recorder and does not return. */
void harness_init(int *argc, char ***argv);

typedef struct {
	guint8 track, orientation;
	gint64 at_us;      /* when it was captured */
	gint64 arrival_us; /* on the way: at_us and what delayed it */
	GByteArray *data;
} packet;

/* (transfer full) Packets of `seconds`: 320 x 240 VP8 at 25 frames a second with a keyframe each second, white in the first
 * 200 ms of each second and black otherwise; Opus of 20 ms with a beep at the same times. */
GPtrArray *packets_video(double seconds);
GPtrArray *packets_audio(double seconds);
/* The same pictures in H.264. */
GPtrArray *packets_h264(double seconds);
/* (transfer full) The VP8 packets of one picture, 32 bits each: B, G, R, unused. `kbit` per second. */
GPtrArray *packets_picture(const guint8 *pixels, guint width, guint height, guint kbit);
void packets_set_orientation(GPtrArray *packets, guint quarter_turns);
/* Sequence numbers from 0, as if the packets that were taken out had never been sent. Of one track. */
void packets_renumber(GPtrArray *packets);
/* Both by arrival; `second` is emptied and freed. */
void packets_merge(GPtrArray *packets, GPtrArray *second);
guint32 packet_rtp(const packet *packet);

typedef struct {
	GPid pid;
	int fd;
	char *base;     /* everything of the test */
	char *folder;   /* of the recording */
	char *identity; /* file with our secret */
	char *recipient;
	gboolean checks_leaks; /* the recorder leaves with another status when it has lost memory; slow */
	const char *codec;     /* of the video; NULL: "vp8" */
	gboolean has_no_video; /* it is not announced at the start */
	const char *second;    /* recipient whose key is needed too, or NULL */
	GPtrArray *others;     /* events that were not waited for */
	gint64 origin_us;      /* arrival of the packet with arrival_us 0 */
} recorder;

recorder *recorder_new(void);
/* Start the process and wait until it is ready. */
void recorder_start(recorder *self);
void recorder_tell(recorder *self, guint kind, json_t *body);
void recorder_clock(recorder *self, guint8 track, guint64 ntp, guint32 rtp);
/* As fast as the recorder takes them, as if they had come in the `seconds` before now. */
void recorder_feed(recorder *self, const GPtrArray *packets, double seconds);
/* One after another in their own time; all, or those that come from `from_us` to `until_us` after the first. */
void recorder_play(recorder *self, const GPtrArray *packets);
void recorder_play_from(recorder *self, const GPtrArray *packets, gint64 from_us, gint64 until_us);
/* RECORD_TRACK for the track of partner_1 with this number. */
void recorder_announce(recorder *self, int track);
/* (transfer full) The next event of that name, within 20 s. */
json_t *recorder_wait(recorder *self, const char *event);
/* (transfer full) RECORD_STOP, its answer; and the process has left with status 0. */
json_t *recorder_stop(recorder *self, gboolean destroy);
/* It leaves by itself, with that status. */
void recorder_leave(recorder *self, int status);
void recorder_kill(recorder *self);
void recorder_free(recorder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(recorder, recorder_free)

/* (transfer full) Path of the opened copy of a file, by `age` with key.age and our identity. `is_whole`: `age` must say so. */
char *open_file(recorder *self, const char *file, gboolean is_whole);
/* (transfer full) Standard output of a command, which must succeed. */
char *run(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* Frames that ffprobe decodes of a stream ("v:0"). */
guint count_frames(const char *path, const char *stream);
/* Time of the last packet of a stream, in seconds. */
double last_time(const char *path, const char *stream);
/* (transfer full) Seconds at which it gets bright or loud, gdouble. */
GArray *flashes(const char *path);
GArray *beeps(const char *path);
/* (transfer full) Lines of the manifest of that type, an array. */
json_t *manifest_lines(recorder *self, const char *type);
