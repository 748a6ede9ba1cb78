/* SPDX-License-Identifier: EUPL-1.2 */
#include <gst/codecparsers/gsth264parser.h>
#include <string.h>
#include "media/record/limits.h"
#include "media/record/payload.h"
#include "media/rtp.h"

/* Adds one packet to the frame in the making. FALSE when it does not fit there. */
typedef gboolean (*add_function)(record_payload *payload, const guint8 *data, gsize length);

struct record_payload {
	record_codec codec;
	add_function add;
	GByteArray *data; /* the frame in the making, when `frame` is not NULL */
	record_frame *frame;
	gboolean is_broken;      /* the frame in the making misses something */
	gboolean needs_keyframe; /* nothing before a keyframe can be decoded */
	gboolean is_after_loss;  /* the next frame may miss its first packets */
	gsize unit_offset;       /* H.264: where the fragmented NAL unit began; its length stands 4 bytes before */
	GBytes *sps, *pps;
};

static gboolean add_opus(record_payload *payload, const guint8 *data, gsize length)
{
	g_byte_array_append(payload->data, data, (guint)length);
	return TRUE;
}

static gboolean add_vp8(record_payload *payload, const guint8 *data, gsize length)
{
	gboolean is_start = FALSE;
	gsize head = rtp_vp8_descriptor(data, length, &is_start);
	if (head == 0 || is_start != (payload->data->len == 0))
		return FALSE;
	g_byte_array_append(payload->data, data + head, (guint)(length - head));
	return TRUE;
}

/* RFC 6386 section 9.1: size of a keyframe. FALSE when the frame is damaged. */
static gboolean finish_vp8(record_frame *frame, const guint8 *data, gsize length)
{
	frame->is_keyframe = (data[0] & 1) == 0;
	if (!frame->is_keyframe)
		return TRUE;
	if (length < 10 || memcmp(data + 3, "\x9d\x01\x2a", 3) != 0)
		return FALSE;
	frame->width = (data[6] | data[7] << 8) & 0x3fff;
	frame->height = (data[8] | data[9] << 8) & 0x3fff;
	return frame->width > 0 && frame->height > 0;
}

static void append_unit(record_payload *payload, const guint8 *data, gsize length)
{
	guint32 size = GUINT32_TO_BE((guint32)length);
	g_byte_array_append(payload->data, (const guint8 *)&size, 4);
	payload->unit_offset = payload->data->len;
	g_byte_array_append(payload->data, data, (guint)length);
}

/* RFC 6184 section 5.7.1: several units in one packet */
static gboolean add_h264_units(record_payload *payload, const guint8 *data, gsize length)
{
	for (gsize at = 1; at < length;) {
		gsize size = at + 2 <= length ? (gsize)(data[at] << 8 | data[at + 1]) : 0;
		if (size == 0 || size > length - at - 2)
			return FALSE;
		append_unit(payload, data + at + 2, size);
		at += 2 + size;
	}
	return TRUE;
}

/* RFC 6184 section 5.8: one unit in several packets */
static gboolean add_h264_fragment(record_payload *payload, const guint8 *data, gsize length)
{
	if (length < 3)
		return FALSE;
	gboolean is_start = data[1] & 0x80;
	if (is_start) {
		guint8 head = (data[0] & 0xe0) | (data[1] & 0x1f);
		append_unit(payload, &head, 1);
	} else if (payload->unit_offset == 0) {
		return FALSE;
	}
	g_byte_array_append(payload->data, data + 2, (guint)(length - 2));
	guint32 size = GUINT32_TO_BE((guint32)(payload->data->len - payload->unit_offset));
	memcpy(payload->data->data + payload->unit_offset - 4, &size, 4);
	if (data[1] & 0x40)
		payload->unit_offset = 0;
	return TRUE;
}

static gboolean add_h264(record_payload *payload, const guint8 *data, gsize length)
{
	enum { UNITS = 24, FRAGMENT = 28 };
	guint type = data[0] & 0x1f;
	if (type == FRAGMENT)
		return add_h264_fragment(payload, data, length);
	if (type == UNITS)
		return add_h264_units(payload, data, length);
	if (type == 0 || type > 23)
		return FALSE;
	append_unit(payload, data, length);
	return TRUE;
}

static void remember_set(GBytes **set, const guint8 *data, gsize length)
{
	g_clear_pointer(set, g_bytes_unref);
	*set = g_bytes_new(data, length);
}

static void read_size(GBytes *sps, record_frame *frame)
{
	gsize length;
	const guint8 *data = g_bytes_get_data(sps, &length);
	GstH264NalUnit unit = {
		.type = GST_H264_NAL_SPS, .data = (guint8 *)data, .size = (guint)length, .header_bytes = 1, .valid = TRUE
	};
	GstH264SPS parsed;
	if (gst_h264_parse_sps(&unit, &parsed) != GST_H264_PARSER_OK)
		return;
	frame->width = parsed.frame_cropping_flag ? (guint)parsed.crop_rect_width : (guint)parsed.width;
	frame->height = parsed.frame_cropping_flag ? (guint)parsed.crop_rect_height : (guint)parsed.height;
	gst_h264_sps_clear(&parsed);
}

/* Find keyframes and parameter sets (ITU-T H.264 table 7-1). */
static gboolean finish_h264(record_payload *payload, record_frame *frame, const guint8 *data, gsize length)
{
	enum { IDR = 5, SPS = 7, PPS = 8 };
	for (gsize at = 0; at + 5 <= length;) {
		gsize size = (gsize)data[at] << 24 | (gsize)data[at + 1] << 16 | (gsize)data[at + 2] << 8 | data[at + 3];
		const guint8 *unit = data + at + 4;
		if (size == 0 || size > length - at - 4)
			return FALSE;
		guint type = unit[0] & 0x1f;
		if ((type == SPS && size < 4) || ((type == SPS || type == PPS) && size > RECORD_PARAMETERS_MAX_BYTES))
			return FALSE;
		if (type == SPS)
			remember_set(&payload->sps, unit, size);
		if (type == PPS)
			remember_set(&payload->pps, unit, size);
		frame->is_keyframe |= type == IDR;
		at += 4 + size;
	}
	if (frame->is_keyframe && payload->sps != NULL)
		read_size(payload->sps, frame);
	return !frame->is_keyframe || (payload->sps != NULL && payload->pps != NULL);
}

record_payload *record_payload_new(record_codec codec)
{
	static const add_function add[] = { [RECORD_OPUS] = add_opus, [RECORD_VP8] = add_vp8, [RECORD_H264] = add_h264 };
	record_payload *payload = g_new0(record_payload, 1);
	payload->codec = codec;
	payload->add = add[codec];
	payload->data = g_byte_array_new();
	payload->needs_keyframe = codec != RECORD_OPUS;
	return payload;
}

void record_payload_free(record_payload *payload)
{
	if (payload == NULL)
		return;
	g_byte_array_unref(payload->data);
	g_free(payload->frame);
	g_clear_pointer(&payload->sps, g_bytes_unref);
	g_clear_pointer(&payload->pps, g_bytes_unref);
	g_free(payload);
}

static void begin(record_payload *payload, const record_payload_packet *packet)
{
	if (payload->frame != NULL && payload->data->len > 0)
		payload->needs_keyframe |= payload->codec != RECORD_OPUS; /* the end of the last one never came */
	g_free(payload->frame);
	payload->frame = g_new0(record_frame, 1);
	payload->frame->rtp = packet->rtp;
	payload->frame->first_us = packet->arrival_us;
	payload->frame->sequence_first = (guint32)packet->sequence;
	payload->is_broken =
		payload->is_after_loss && payload->codec == RECORD_H264; /* its slices do not say which is the first */
	payload->is_after_loss = FALSE;
	payload->unit_offset = 0;
	g_byte_array_set_size(payload->data, 0);
}

/* (transfer full) The frame in the making, if it can be decoded. */
static record_frame *finish(record_payload *payload)
{
	g_autofree record_frame *frame = g_steal_pointer(&payload->frame);
	const guint8 *data = payload->data->data;
	gsize length = payload->data->len;
	gboolean is_whole = !payload->is_broken && length > 0;
	if (is_whole && payload->codec == RECORD_VP8)
		is_whole = finish_vp8(frame, data, length);
	if (is_whole && payload->codec == RECORD_H264)
		is_whole = finish_h264(payload, frame, data, length);
	if (payload->codec == RECORD_OPUS)
		frame->is_keyframe = TRUE;
	else
		payload->needs_keyframe = !is_whole || (payload->needs_keyframe && !frame->is_keyframe);
	if (!is_whole || payload->needs_keyframe)
		return NULL;
	frame->data = g_bytes_new(data, length);
	return g_steal_pointer(&frame);
}

record_frame *record_payload_add(record_payload *payload, const record_payload_packet *packet)
{
	if (payload->frame == NULL || payload->frame->rtp != packet->rtp)
		begin(payload, packet);
	if (payload->data->len + packet->length > RECORD_FRAME_MAX_BYTES)
		payload->is_broken = TRUE;
	if (!payload->is_broken)
		payload->is_broken = !payload->add(payload, packet->data, packet->length);
	payload->frame->arrival_us = packet->arrival_us;
	payload->frame->orientation = packet->orientation;
	payload->frame->sequence_last = (guint32)packet->sequence;
	return packet->marker || payload->codec == RECORD_OPUS ? finish(payload) : NULL;
}

void record_payload_lost(record_payload *payload)
{
	payload->needs_keyframe = payload->codec != RECORD_OPUS;
	payload->is_after_loss = TRUE;
	g_clear_pointer(&payload->frame, g_free);
}

gboolean record_payload_needs_keyframe(const record_payload *payload)
{
	return payload->needs_keyframe;
}

GBytes *record_payload_codec_private(const record_payload *payload)
{
	if (payload->sps == NULL || payload->pps == NULL)
		return NULL;
	gsize sps_length, pps_length;
	const guint8 *sps = g_bytes_get_data(payload->sps, &sps_length);
	const guint8 *pps = g_bytes_get_data(payload->pps, &pps_length);
	GByteArray *record = g_byte_array_new();
	const guint8 head[] = { 1, sps[1], sps[2], sps[3], 0xff, 0xe1, (guint8)(sps_length >> 8), (guint8)sps_length };
	const guint8 middle[] = { 1, (guint8)(pps_length >> 8), (guint8)pps_length };
	g_byte_array_append(record, head, sizeof head);
	g_byte_array_append(record, sps, (guint)sps_length);
	g_byte_array_append(record, middle, sizeof middle);
	g_byte_array_append(record, pps, (guint)pps_length);
	return g_byte_array_free_to_bytes(record);
}
