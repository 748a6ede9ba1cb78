/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/sender.h"
#include "media/bytes.h"
#include <openssl/rand.h>
#include <string.h>

enum {
	SENT_RING = TRACK_VIDEO_RING,
	RTX_AGAIN_MS = 40, /* a packet is not sent again faster than a receiver can know that RTX was lost too */
	OSN_BYTES = 2,     /* original sequence number, RFC 4588, 4 */
	LOSS_VALID_US = 15 * G_USEC_PER_SEC, /* libwebrtc reports sound every 5 s */
};

/* What went out under a number. */
typedef struct {
	uint64_t sequence; /* out; 0: nothing */
	uint64_t source_sequence;
	uint32_t timestamp;
	int64_t again_us; /* last retransmission */
} sent;

struct sender {
	sender_output *output;
	uint32_t ssrc, rtx_ssrc;
	rtp_codec codec;
	uint8_t payload_type, rtx_payload_type;
	track *source;
	gboolean is_waiting; /* for a keyframe */
	gboolean is_paused;
	uint8_t fraction_lost;
	int64_t loss_us; /* when it was reported */
	rtp_continuity continuity;
	uint64_t rtx_sequence;
	uint32_t packets, octets;
	sent sent[SENT_RING];
};

static uint32_t random32(void)
{
	uint32_t number = 0;
	RAND_bytes((unsigned char *)&number, sizeof(number));
	return number;
}

sender *sender_new(sender_output *output, guint32 clock_rate)
{
	sender *sender = g_new0(struct sender, 1);
	sender->output = output;
	sender->ssrc = random32() | 1; /* 0 is nobody's */
	sender->rtx_ssrc = random32() | 1;
	sender->rtx_sequence = random32() & 0x7fff;
	rtp_continuity_init(&sender->continuity, clock_rate, (uint16_t)random32(), random32());
	return sender;
}

void sender_free(sender *sender)
{
	g_free(sender);
}

uint32_t sender_ssrc(const sender *sender)
{
	return sender->ssrc;
}

uint32_t sender_rtx_ssrc(const sender *sender)
{
	return sender->rtx_ssrc;
}

void sender_set_codec(sender *sender, rtp_codec codec, uint8_t payload_type, uint8_t rtx_payload_type)
{
	sender->codec = codec;
	sender->payload_type = payload_type;
	sender->rtx_payload_type = rtx_payload_type;
}

void sender_set_source(sender *sender, track *source)
{
	sender->source = source;
	sender->is_waiting = sender->codec != RTP_CODEC_OPUS;
	rtp_continuity_restart(&sender->continuity);
	memset(sender->sent, 0, sizeof(sender->sent));
	sender_want_keyframe(sender);
}

track *sender_source(const sender *sender)
{
	return sender->source;
}

gboolean sender_set_paused(sender *sender, gboolean is_paused)
{
	if (sender->is_paused == is_paused)
		return FALSE;
	sender->is_paused = is_paused;
	sender_set_source(sender, sender->source); /* what was not sent leaves no gap in the numbers */
	return TRUE;
}

gboolean sender_is_paused(const sender *sender)
{
	return sender->is_paused;
}

void sender_note_loss(sender *sender, uint8_t fraction_lost, int64_t now_us)
{
	sender->fraction_lost = fraction_lost;
	sender->loss_us = now_us;
}

uint8_t sender_loss(const sender *sender, int64_t now_us)
{
	return now_us - sender->loss_us < LOSS_VALID_US ? sender->fraction_lost : 0;
}

static void set_extension(rtp_header *header, rtp_extension extension, const uint8_t *value, uint8_t length)
{
	if (length <= RTP_EXTENSION_VALUE_MAX_BYTES) {
		header->extension[extension].value = value;
		header->extension[extension].length = length;
	}
}

/* The packet's own extensions that mean the same to the receiver. */
static void copy_extension(rtp_header *header, const rtp_packet *packet, rtp_extension extension)
{
	if (packet->extension[extension].length > 0)
		set_extension(header, extension, packet->data + packet->extension[extension].offset,
			packet->extension[extension].length);
}

/* Encrypt straight into the transport's next place: the payload is not copied. */
static gboolean emit(sender *sender, rtp_header *header, uint64_t index, const rtp_packet *packet, const uint8_t *payload,
	size_t length, int64_t now_us)
{
	sender_output *output = sender->output;
	uint8_t send_time[3];
	uint8_t *out = output->srtp != NULL ? ice_reserve(output->ice) : NULL;
	if (out == NULL)
		return FALSE;
	rtp_abs_send_time(send_time, now_us);
	if (sender->codec != RTP_CODEC_OPUS) /* answered for video only (sdp.c) */
		set_extension(header, RTP_EXTENSION_ABS_SEND_TIME, send_time, sizeof(send_time));
	copy_extension(header, packet, RTP_EXTENSION_AUDIO_LEVEL);
	copy_extension(header, packet, RTP_EXTENSION_ORIENTATION);
	uint8_t head[RTP_HEADER_MAX_BYTES];
	size_t head_length = rtp_header_write(head, header, &output->extensions);
	if (head_length + length + SRTP_OVERHEAD_MAX_BYTES > MEDIA_PACKET_MAX_BYTES)
		return FALSE;
	size_t size = srtp_encrypt(output->srtp, index, head, head_length, payload, length, out);
	if (size > 0)
		ice_commit(output->ice, size);
	output->packets++;
	output->bytes += size;
	return size > 0;
}

static void send_packet(sender *sender, const track_packet *packet, int64_t now_us)
{
	uint64_t sequence;
	uint32_t timestamp;
	if (!rtp_continuity_map(&sender->continuity, packet->sequence, packet->packet.timestamp, now_us, &sequence, &timestamp))
		return;
	rtp_header header = {
		.payload_type = sender->payload_type,
		.has_marker = packet->packet.has_marker,
		.sequence = (uint16_t)sequence,
		.timestamp = timestamp,
		.ssrc = sender->ssrc,
	};
	const uint8_t *payload = packet->packet.data + packet->packet.payload_offset;
	emit(sender, &header, sequence, &packet->packet, payload, packet->packet.payload_length, now_us);
	sender->sent[sequence % SENT_RING] =
		(sent){ .sequence = sequence, .source_sequence = packet->sequence, .timestamp = timestamp };
	sender->packets++;
	sender->octets += packet->packet.payload_length;
}

/* Where a picture can begin now: with this packet, or with a keyframe of a moment ago. 0: not yet. */
static uint64_t find_start(const sender *sender, const track_packet *packet, int64_t now_us)
{
	if (packet->is_keyframe || sender->codec == RTP_CODEC_OPUS)
		return packet->sequence;
	uint64_t keyframe = track_keyframe_since(sender->source, now_us - SENDER_REPLAY_MS * 1000);
	return keyframe + SENDER_REPLAY_PACKETS > track_newest(sender->source) ? keyframe : 0;
}

/* With all that is behind it already: the keyframe's first packet may be the one that came late. */
static void start(sender *sender, uint64_t first, int64_t now_us)
{
	sender->is_waiting = FALSE;
	for (uint64_t sequence = first; sequence <= track_newest(sender->source); sequence++) {
		const track_packet *packet = track_find(sender->source, sequence);
		if (packet != NULL)
			send_packet(sender, packet, now_us);
	}
}

void sender_forward(sender *sender, const track_packet *packet, int64_t now_us)
{
	if (track_codec(sender->source) != sender->codec || sender->output->srtp == NULL || sender->is_paused)
		return;
	uint64_t first = sender->is_waiting ? find_start(sender, packet, now_us) : 0;
	if (first != 0)
		start(sender, first, now_us);
	else if (!sender->is_waiting)
		send_packet(sender, packet, now_us);
}

/* FALSE when it is not kept any more. */
static gboolean send_again(sender *sender, sent *sent, int64_t now_us)
{
	const track_packet *packet = track_find(sender->source, sent->source_sequence);
	if (packet == NULL)
		return FALSE;
	if (sent->again_us != 0 && now_us - sent->again_us < RTX_AGAIN_MS * 1000)
		return TRUE;
	sent->again_us = now_us;
	uint8_t payload[MEDIA_PACKET_MAX_BYTES];
	bytes_put16(payload, (uint16_t)sent->sequence);
	memcpy(payload + OSN_BYTES, packet->packet.data + packet->packet.payload_offset, packet->packet.payload_length);
	sender->rtx_sequence++;
	rtp_header header = {
		.payload_type = sender->rtx_payload_type,
		.has_marker = packet->packet.has_marker,
		.sequence = (uint16_t)sender->rtx_sequence,
		.timestamp = sent->timestamp,
		.ssrc = sender->rtx_ssrc,
	};
	emit(sender, &header, sender->rtx_sequence, &packet->packet, payload, OSN_BYTES + packet->packet.payload_length, now_us);
	return TRUE;
}

void sender_retransmit(sender *sender, const uint16_t *sequences, guint count, int64_t now_us)
{
	if (sender->source == NULL || sender->codec == RTP_CODEC_OPUS)
		return;
	gboolean is_kept = sender->rtx_payload_type != 0;
	for (guint i = 0; i < count && is_kept; i++) {
		uint64_t sequence = rtp_unwrap(sender->continuity.last_sequence, sequences[i]);
		sent *sent = &sender->sent[sequence % SENT_RING];
		if (sequence != 0 && sent->sequence == sequence) /* otherwise it is lost on the way to us, and asked for there */
			is_kept = send_again(sender, sent, now_us);
	}
	if (!is_kept)
		sender_want_keyframe(sender);
}

void sender_want_keyframe(sender *sender)
{
	if (sender->source != NULL)
		track_want_keyframe(sender->source);
}

gboolean sender_report(const sender *sender, int64_t now_us, int64_t clock_offset, rtcp_sender_info *info)
{
	uint64_t source_ntp;
	uint32_t source_timestamp;
	if (sender->source == NULL || sender->packets == 0 || sender->continuity.is_waiting ||
		!track_clock(sender->source, &source_ntp, &source_timestamp))
		return FALSE;
	info->ntp = rtcp_ntp(now_us);
	/* How long after the source's report it is now, by its own clock. */
	int64_t passed = (int64_t)(info->ntp - (uint64_t)clock_offset - source_ntp);
	int64_t ticks = (passed >> 16) * sender->continuity.clock_rate >> 16;
	info->timestamp = source_timestamp + sender->continuity.timestamp_offset + (uint32_t)ticks;
	info->packets = sender->packets;
	info->octets = sender->octets;
	return TRUE;
}
