/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>
#include "media/record/limits.h"
#include "media/record/webm.h"

/* RFC 9559 section 5, RFC 8794 section 11 */
enum {
	EBML = 0x1A45DFA3,
	EBML_VERSION = 0x4286,
	EBML_READ_VERSION = 0x42F7,
	EBML_MAX_ID_LENGTH = 0x42F2,
	EBML_MAX_SIZE_LENGTH = 0x42F3,
	DOC_TYPE = 0x4282,
	DOC_TYPE_VERSION = 0x4287,
	DOC_TYPE_READ_VERSION = 0x4285,
	VOID = 0xEC,
	SEGMENT = 0x18538067,
	INFO = 0x1549A966,
	TIMESTAMP_SCALE = 0x2AD7B1,
	DATE_UTC = 0x4461,
	MUXING_APP = 0x4D80,
	WRITING_APP = 0x5741,
	TRACKS = 0x1654AE6B,
	TRACK_ENTRY = 0xAE,
	TRACK_NUMBER = 0xD7,
	TRACK_UID = 0x73C5,
	TRACK_TYPE = 0x83,
	FLAG_LACING = 0x9C,
	CODEC_ID = 0x86,
	CODEC_PRIVATE = 0x63A2,
	SEEK_PRE_ROLL = 0x56BB,
	VIDEO = 0xE0,
	PIXEL_WIDTH = 0xB0,
	PIXEL_HEIGHT = 0xBA,
	PROJECTION = 0x7670,
	PROJECTION_TYPE = 0x7671,
	PROJECTION_POSE_ROLL = 0x7675,
	AUDIO = 0xE1,
	SAMPLING_FREQUENCY = 0xB5,
	CHANNELS = 0x9F,
	CLUSTER = 0x1F43B675,
	TIMESTAMP = 0xE7,
	SIMPLE_BLOCK = 0xA3,
};

struct record_webm {
	GByteArray *out;
	gboolean has_cluster;
	gint64 cluster_ms, last_ms;
};

static void put_number(GByteArray *out, guint64 value, guint bytes)
{
	for (guint i = bytes; i-- > 0;)
		g_byte_array_append(out, (const guint8[]){ (guint8)(value >> 8 * i) }, 1);
}

static void put_id(GByteArray *out, guint32 id)
{
	put_number(out, id, id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1);
}

/* RFC 8794 section 4; a size of all ones is unknown, so 127 takes two bytes. */
static void put_size(GByteArray *out, guint64 size)
{
	guint bytes = 1;
	while (size >= (G_GUINT64_CONSTANT(1) << 7 * bytes) - 1)
		bytes++;
	put_number(out, size | G_GUINT64_CONSTANT(1) << 7 * bytes, bytes);
}

static void put_unknown_size(GByteArray *out)
{
	put_number(out, G_GUINT64_CONSTANT(0x01ffffffffffffff), 8);
}

static void put_data(GByteArray *out, guint32 id, const void *data, gsize length)
{
	put_id(out, id);
	put_size(out, length);
	g_byte_array_append(out, data, (guint)length);
}

static void put_text(GByteArray *out, guint32 id, const char *text)
{
	put_data(out, id, text, strlen(text));
}

static void put_unsigned(GByteArray *out, guint32 id, guint64 value)
{
	guint bytes = 1;
	while (bytes < 8 && value >> 8 * bytes != 0)
		bytes++;
	put_id(out, id);
	put_size(out, bytes);
	put_number(out, value, bytes);
}

static void put_float(GByteArray *out, guint32 id, float value)
{
	guint32 bits;
	memcpy(&bits, &value, 4);
	put_id(out, id);
	put_size(out, 4);
	put_number(out, bits, 4);
}

/* Append and empty `content`. */
static void put_master(GByteArray *out, guint32 id, GByteArray *content)
{
	put_data(out, id, content->data, content->len);
	g_byte_array_set_size(content, 0);
}

static void put_ebml(GByteArray *out, gboolean is_webm)
{
	g_autoptr(GByteArray) content = g_byte_array_new();
	put_unsigned(content, EBML_VERSION, 1);
	put_unsigned(content, EBML_READ_VERSION, 1);
	put_unsigned(content, EBML_MAX_ID_LENGTH, 4);
	put_unsigned(content, EBML_MAX_SIZE_LENGTH, 8);
	put_text(content, DOC_TYPE, is_webm ? "webm" : "matroska");
	put_unsigned(content, DOC_TYPE_VERSION, 4);
	put_unsigned(content, DOC_TYPE_READ_VERSION, 2);
	put_master(out, EBML, content);
}

static void put_info(GByteArray *out, gint64 began_ms)
{
	const gint64 year_2001_ms = G_GINT64_CONSTANT(978307200000);
	g_autoptr(GByteArray) content = g_byte_array_new();
	put_unsigned(content, TIMESTAMP_SCALE, 1000000); /* nanoseconds: times are in milliseconds */
	put_id(content, DATE_UTC);
	put_size(content, 8);
	put_number(content, (guint64)((began_ms - year_2001_ms) * 1000000), 8);
	put_text(content, MUXING_APP, "Jawort");
	put_text(content, WRITING_APP, "Jawort " JAWORT_VERSION);
	put_master(out, INFO, content);
}

static void put_video(GByteArray *tracks, const record_webm_head *head)
{
	g_autoptr(GByteArray) entry = g_byte_array_new(), video = g_byte_array_new(), projection = g_byte_array_new();
	put_unsigned(entry, TRACK_NUMBER, RECORD_WEBM_VIDEO);
	put_unsigned(entry, TRACK_UID, RECORD_WEBM_VIDEO);
	put_unsigned(entry, TRACK_TYPE, 1);
	put_unsigned(entry, FLAG_LACING, 0);
	put_text(entry, CODEC_ID, head->video_codec == RECORD_VP8 ? "V_VP8" : "V_MPEG4/ISO/AVC");
	if (head->video_private != NULL)
		put_data(
			entry, CODEC_PRIVATE, g_bytes_get_data(head->video_private, NULL), g_bytes_get_size(head->video_private));
	put_unsigned(video, PIXEL_WIDTH, head->width);
	put_unsigned(video, PIXEL_HEIGHT, head->height);
	if (head->orientation != 0) {
		put_unsigned(projection, PROJECTION_TYPE, 0);
		put_float(projection, PROJECTION_POSE_ROLL, head->orientation == 3 ? 90.0f : -90.0f * (float)head->orientation);
		put_master(video, PROJECTION, projection); /* counter-clockwise */
	}
	put_master(entry, VIDEO, video);
	put_master(tracks, TRACK_ENTRY, entry);
}

static void put_audio(GByteArray *tracks)
{
	/* RFC 7845 section 5.1: version 1, 2 channels, no pre-skip (the stream began long ago), 48000 Hz */
	static const guint8 head[] = "OpusHead\1\2\0\0\x80\xbb\0\0\0\0";
	g_autoptr(GByteArray) entry = g_byte_array_new(), audio = g_byte_array_new();
	put_unsigned(entry, TRACK_NUMBER, RECORD_WEBM_AUDIO);
	put_unsigned(entry, TRACK_UID, RECORD_WEBM_AUDIO);
	put_unsigned(entry, TRACK_TYPE, 2);
	put_unsigned(entry, FLAG_LACING, 0);
	put_text(entry, CODEC_ID, "A_OPUS");
	put_data(entry, CODEC_PRIVATE, head, 19);
	put_unsigned(entry, SEEK_PRE_ROLL, 80000000);
	put_float(audio, SAMPLING_FREQUENCY, 48000);
	put_unsigned(audio, CHANNELS, 2);
	put_master(entry, AUDIO, audio);
	put_master(tracks, TRACK_ENTRY, entry);
}

record_webm *record_webm_new(const record_webm_head *head, GByteArray *out)
{
	g_autoptr(GByteArray) tracks = g_byte_array_new();
	record_webm *webm = g_new0(record_webm, 1);
	webm->out = out;
	put_ebml(out, !head->has_video || head->video_codec == RECORD_VP8);
	put_id(out, SEGMENT);
	put_unknown_size(out);
	put_info(out, head->began_ms);
	if (head->has_video)
		put_video(tracks, head);
	if (head->has_audio)
		put_audio(tracks);
	put_master(out, TRACKS, tracks);
	return webm;
}

void record_webm_free(record_webm *webm)
{
	g_free(webm);
}

static void begin_cluster(record_webm *webm, gint64 time_ms)
{
	put_id(webm->out, CLUSTER);
	put_unknown_size(webm->out);
	put_unsigned(webm->out, TIMESTAMP, (guint64)time_ms);
	webm->cluster_ms = time_ms;
	webm->has_cluster = TRUE;
}

void record_webm_frame(record_webm *webm, record_webm_track track, gint64 time_ms, gboolean is_keyframe, GBytes *data)
{
	time_ms = MAX(time_ms, webm->last_ms);
	webm->last_ms = time_ms;
	gboolean is_seek_point = is_keyframe && track == RECORD_WEBM_VIDEO;
	if (!webm->has_cluster || is_seek_point || time_ms - webm->cluster_ms >= RECORD_CLUSTER_MS)
		begin_cluster(webm, time_ms);
	put_id(webm->out, SIMPLE_BLOCK);
	put_size(webm->out, 4 + g_bytes_get_size(data));
	put_number(webm->out, 0x80 | track, 1);
	put_number(webm->out, (guint64)(time_ms - webm->cluster_ms), 2);
	put_number(webm->out, is_keyframe ? 0x80 : 0, 1);
	g_byte_array_append(webm->out, g_bytes_get_data(data, NULL), (guint)g_bytes_get_size(data));
}

void record_webm_void(record_webm *webm, gsize bytes)
{
	guint size_bytes = bytes < 100 ? 1 : 8;
	gsize content = bytes - 1 - size_bytes;
	put_id(webm->out, VOID);
	put_number(webm->out, content | G_GUINT64_CONSTANT(1) << 7 * size_bytes, size_bytes);
	guint from = webm->out->len;
	g_byte_array_set_size(webm->out, from + (guint)content);
	memset(webm->out->data + from, 0, content);
}
