/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/source.h"
#include "media/bytes.h"
#include <string.h>

enum {
	KEYFRAME_INTERVAL_US = 300000, /* libwebrtc makes no more */
	SEQUENCE_HALF = 0x8000,
	AUDIO_LEVEL = 0x80 | 30, /* speaks, -30 dBov */
	OSN_BYTES = 2,           /* RFC 4588, 4 */
	RESEND_MAX_BYTES = 1400,
};

source *source_new(const capture *capture, capture_kind kind)
{
	source *source = g_new0(struct source, 1);
	source->track = &capture->tracks[kind];
	source->duration_us = capture->duration_us;
	source->kind = kind;
	source->numbers.ssrc = g_random_int() | 1;
	source->numbers.rtx_ssrc = source->numbers.ssrc + 1;
	source->first_sequence = (uint16_t)g_random_int_range(0, SEQUENCE_HALF);
	return source;
}

/* Play on from `position`, as if its time were now. */
static void jump(source *source, guint position, int64_t now_us)
{
	source->position = position;
	source->base_us = now_us - source->track->packets[position].at_us;
}

void source_start(source *source, transport *transport, const described_media *negotiated, int64_t begin_us)
{
	source->transport = transport;
	source->extensions = negotiated->extensions;
	g_strlcpy(source->mid, negotiated->mid, sizeof(source->mid));
	source->begin_us = begin_us;
	jump(source, capture_next_keyframe(source->track, (guint)g_random_int_range(0, (gint32)source->track->count)), begin_us);
}

static void set_extension(rtp_header *header, rtp_extension extension, const void *value, size_t length)
{
	header->extension[extension].value = value;
	header->extension[extension].length = (uint8_t)length;
}

static void queue(source *source, const source_sent *sent, uint32_t ssrc, uint8_t payload_type, uint64_t index,
	const uint8_t *payload, size_t length)
{
	uint8_t send_time[3], number[2], level = AUDIO_LEVEL;
	rtp_header header = { .payload_type = payload_type,
		.has_marker = sent->packet->has_marker,
		.sequence = (uint16_t)index,
		.timestamp = sent->timestamp,
		.ssrc = ssrc };
	rtp_abs_send_time(send_time, sent->sent_us);
	bytes_put16(number, transport_next_number(source->transport));
	set_extension(&header, RTP_EXTENSION_MID, source->mid, strlen(source->mid));
	set_extension(&header, RTP_EXTENSION_TRANSPORT_CC, number, sizeof(number));
	set_extension(&header, RTP_EXTENSION_ABS_SEND_TIME, send_time, sizeof(send_time));
	if (source->kind == CAPTURE_AUDIO)
		set_extension(&header, RTP_EXTENSION_AUDIO_LEVEL, &level, sizeof(level));
	transport_queue_rtp(source->transport, index, &header, &source->extensions, payload, length);
}

static uint32_t timestamp_at(const source *source, int64_t at_us)
{
	return (uint32_t)((uint64_t)(at_us - source->begin_us) * source->track->clock_rate / G_USEC_PER_SEC);
}

static void send_next(source *source, int64_t now_us)
{
	const capture_packet *packet = &source->track->packets[source->position];
	source_sent *sent = &source->ring[source->sent % SOURCE_RING];
	*sent = (source_sent){ packet, now_us, timestamp_at(source, source->base_us) + packet->timestamp };
	queue(source, sent, source->numbers.ssrc, source->kind == CAPTURE_AUDIO ? PAYLOAD_TYPE_OPUS : PAYLOAD_TYPE_VP8,
		source->first_sequence + source->sent, packet->payload, packet->length);
	source->sent++;
	source->octets += packet->length;
	if (++source->position == source->track->count) {
		source->position = 0;
		source->base_us += source->duration_us;
	}
}

/* At the border of two frames. */
static void begin_keyframe(source *source, int64_t now_us)
{
	const capture_packet *next = &source->track->packets[source->position];
	if (!next->begins_frame || now_us - source->keyframe_us < KEYFRAME_INTERVAL_US)
		return;
	if (!next->begins_keyframe)
		jump(source, capture_next_keyframe(source->track, source->position), source->base_us + next->at_us);
	source->wants_keyframe = FALSE;
	source->keyframe_us = now_us;
}

int64_t source_run(source *source, int64_t now_us)
{
	for (;;) {
		int64_t due_us = source->base_us + source->track->packets[source->position].at_us;
		if (due_us > now_us) {
			transport_flush(source->transport);
			return due_us;
		}
		if (source->wants_keyframe)
			begin_keyframe(source, now_us);
		send_next(source, now_us);
	}
}

const source_sent *source_find(const source *source, uint64_t number)
{
	return number < source->sent && source->sent - number <= SOURCE_RING ? &source->ring[number % SOURCE_RING] : NULL;
}

void source_want_keyframe(source *source)
{
	source->wants_keyframe = source->kind == CAPTURE_VIDEO;
}

void source_resend(source *source, const uint16_t *sequences, guint count)
{
	for (guint i = 0; i < count && source->kind == CAPTURE_VIDEO; i++) {
		uint64_t number = rtp_unwrap(source->first_sequence + source->sent, sequences[i]) - source->first_sequence;
		const source_sent *sent = source_find(source, number);
		uint8_t payload[RESEND_MAX_BYTES];
		if (sent == NULL)
			continue;
		bytes_put16(payload, sequences[i]);
		memcpy(payload + OSN_BYTES, sent->packet->payload, sent->packet->length);
		queue(source, sent, source->numbers.rtx_ssrc, PAYLOAD_TYPE_RTX, ++source->resent, payload,
			OSN_BYTES + (size_t)sent->packet->length);
	}
	transport_flush(source->transport);
}

void source_report(const source *source, rtcp_writer *writer, int64_t now_us)
{
	rtcp_sender_info info = { .ntp = rtcp_ntp(now_us),
		.timestamp = timestamp_at(source, now_us),
		.packets = (uint32_t)source->sent,
		.octets = (uint32_t)source->octets };
	rtcp_write_sender_report(writer, source->numbers.ssrc, &info);
	rtcp_write_cname(writer, source->numbers.ssrc, "load");
}
