/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/capture.h"
#include <string.h>

enum {
	AUDIO_RATE = 48000,
	VIDEO_RATE = 90000,
	AUDIO_FRAME_US = 20000,
	VIDEO_PAYLOAD_MAX_BYTES = 1172, /* libwebrtc keeps RTP packets to 1200 bytes, header and extensions included */
	DESCRIPTOR_BYTES = 4,           /* VP8 payload descriptor with a picture id of 15 bits (RFC 7741, 4.2) */
	PACER_RATE = 3500000,           /* bit/s: 2.5 times the target of 1.4 Mbit/s (libwebrtc) */
	PACER_BURST_US = 40000,         /* what the pacer sends at once */
};

static const uint32_t clock_rates[CAPTURE_KINDS] = { AUDIO_RATE, VIDEO_RATE };

typedef struct {
	capture *capture;
	GArray *packets[CAPTURE_KINDS];
	guint pictures;
	int64_t pacer_us; /* when the pacer has sent all it was given, at its rate */
} reader;

static void add_packet(reader *reader, const capture_frame *frame, int64_t at_us, const uint8_t *payload, size_t length,
	gboolean is_first, gboolean is_last)
{
	capture_packet packet = {
		.at_us = at_us,
		.timestamp = (uint32_t)((uint64_t)frame->time_us * clock_rates[frame->kind] / G_USEC_PER_SEC),
		.payload = payload,
		.length = (uint16_t)length,
		.has_marker = frame->kind == CAPTURE_VIDEO && is_last,
		.begins_frame = is_first,
		.begins_keyframe = is_first && frame->is_keyframe,
	};
	g_array_append_val(reader->packets[frame->kind], packet);
}

static uint8_t *keep(reader *reader, size_t length)
{
	uint8_t *payload = g_malloc(length);
	g_ptr_array_add(reader->capture->payloads, payload);
	return payload;
}

static void add_audio(reader *reader, const capture_frame *frame, const uint8_t *data)
{
	add_packet(reader, frame, frame->time_us, memcpy(keep(reader, frame->length), data, frame->length), frame->length, TRUE,
		TRUE);
}

/* When the pacer lets a packet go that was given to it at `given_us`. */
static int64_t pace(reader *reader, int64_t given_us, size_t length)
{
	reader->pacer_us = MAX(reader->pacer_us, given_us);
	int64_t at_us = MAX(given_us, reader->pacer_us - PACER_BURST_US);
	reader->pacer_us += (int64_t)(length * 8 * G_USEC_PER_SEC / PACER_RATE);
	return at_us;
}

/* libwebrtc makes the packets of a frame equally long; the last ones have one byte more when it does not divide. */
static void add_video(reader *reader, const capture_frame *frame, const uint8_t *data)
{
	guint room = VIDEO_PAYLOAD_MAX_BYTES - DESCRIPTOR_BYTES, count = (frame->length + room - 1) / room;
	guint picture = 0x8000 | (reader->pictures++ & 0x7fff);
	for (guint i = 0; i < count; i++) {
		size_t length = frame->length / count + (i >= count - frame->length % count);
		uint8_t *payload = keep(reader, DESCRIPTOR_BYTES + length);
		payload[0] = i == 0 ? 0x90 : 0x80;
		payload[1] = 0x80;
		payload[2] = (uint8_t)(picture >> 8);
		payload[3] = (uint8_t)picture;
		memcpy(payload + DESCRIPTOR_BYTES, data, length);
		data += length;
		int64_t at_us = pace(reader, frame->time_us, DESCRIPTOR_BYTES + length);
		add_packet(reader, frame, at_us, payload, DESCRIPTOR_BYTES + length, i == 0, i + 1 == count);
	}
}

/* FALSE when the file is cut short or something else. */
static gboolean read_frames(reader *reader, const uint8_t *data, size_t length)
{
	capture_frame frame;
	while (length >= sizeof(frame)) {
		memcpy(&frame, data, sizeof(frame));
		data += sizeof(frame);
		length -= sizeof(frame);
		if (frame.kind >= CAPTURE_KINDS || frame.length == 0 || frame.length > length)
			return FALSE;
		(frame.kind == CAPTURE_AUDIO ? add_audio : add_video)(reader, &frame, data);
		reader->capture->duration_us = MAX(reader->capture->duration_us, (int64_t)frame.time_us + AUDIO_FRAME_US);
		data += frame.length;
		length -= frame.length;
	}
	return length == 0;
}

capture *capture_load(const char *path, GError **error)
{
	g_autofree char *data = NULL;
	size_t length, magic = strlen(CAPTURE_MAGIC);
	if (!g_file_get_contents(path, &data, &length, error))
		return NULL;
	g_autoptr(capture) capture = g_new0(struct capture, 1);
	capture->payloads = g_ptr_array_new_with_free_func(g_free);
	reader reader = { .capture = capture };
	for (guint kind = 0; kind < CAPTURE_KINDS; kind++)
		reader.packets[kind] = g_array_new(FALSE, FALSE, sizeof(capture_packet));
	gboolean is_whole = length > magic && memcmp(data, CAPTURE_MAGIC, magic) == 0 &&
			    read_frames(&reader, (const uint8_t *)data + magic, length - magic);
	for (guint kind = 0; kind < CAPTURE_KINDS; kind++) {
		capture_track *track = &capture->tracks[kind];
		track->clock_rate = clock_rates[kind];
		track->count = reader.packets[kind]->len;
		track->packets = (capture_packet *)(void *)g_array_free(reader.packets[kind], FALSE);
		is_whole &= track->count > 0;
	}
	if (is_whole && capture->tracks[CAPTURE_VIDEO].packets[0].begins_keyframe)
		return g_steal_pointer(&capture);
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s is no capture for the load, or is cut short", path);
	return NULL;
}

void capture_free(capture *capture)
{
	if (capture == NULL)
		return;
	for (guint kind = 0; kind < CAPTURE_KINDS; kind++)
		g_free(capture->tracks[kind].packets);
	g_ptr_array_unref(capture->payloads);
	g_free(capture);
}

guint capture_next_keyframe(const capture_track *track, guint position)
{
	while (!track->packets[position % track->count].begins_keyframe)
		position++;
	return position % track->count;
}
