/* SPDX-License-Identifier: EUPL-1.2 */
/* RTP packets (RFC 3550) and their header extensions (RFC 8285): reading, and writing a header anew for a receiver.
 *
 * Nothing here allocates. Thread: any; a struct belongs to whoever has it. */
#pragma once
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* The header extensions that we keep; all others are left out of the answer and dropped. */
typedef enum {
	RTP_EXTENSION_MID,           /* RFC 8843 */
	RTP_EXTENSION_TRANSPORT_CC,  /* draft-holmer-rmcat-transport-wide-cc-extensions-01 */
	RTP_EXTENSION_AUDIO_LEVEL,   /* RFC 6464 */
	RTP_EXTENSION_ORIENTATION,   /* 3GPP TS 26.114, 7.4.5 */
	RTP_EXTENSION_ABS_SEND_TIME, /* draft-alvestrand-rmcat-remb-03 */
	RTP_EXTENSION_COUNT,
} rtp_extension;

/* The ids one peer negotiated, by rtp_extension; 0: not negotiated. */
typedef struct {
	uint8_t id[RTP_EXTENSION_COUNT];
} rtp_extension_ids;

typedef struct {
	const uint8_t *data; /* the whole packet, borrowed */
	uint16_t length;
	uint16_t payload_offset;
	uint16_t payload_length; /* without padding; 0: a probe of nothing but padding */
	uint16_t sequence;
	uint32_t timestamp;
	uint32_t ssrc;
	uint8_t payload_type;
	gboolean has_marker;
	struct {
		uint16_t offset;
		uint8_t length; /* 0: absent */
	} extension[RTP_EXTENSION_COUNT];
} rtp_packet;

enum {
	RTP_HEADER_BYTES = 12,
	RTP_HEADER_MAX_BYTES = 64, /* what rtp_header_write() may need */
	RTP_EXTENSION_VALUE_MAX_BYTES = 16,
};

/* TRUE when the first two bytes are RTCP rather than RTP (RFC 5761 section 4). */
gboolean rtp_is_rtcp(const uint8_t *data, size_t length);

/* Read `length` bytes. FALSE when they are no RTP packet; `packet` is then undefined. Malformed extensions are skipped. */
gboolean rtp_parse(rtp_packet *packet, const uint8_t *data, size_t length, const rtp_extension_ids *ids);

/* What a new header shall say. */
typedef struct {
	uint8_t payload_type;
	gboolean has_marker;
	uint16_t sequence;
	uint32_t timestamp;
	uint32_t ssrc;
	struct {
		const uint8_t *value; /* NULL: leave it out */
		uint8_t length;       /* 1 to RTP_EXTENSION_VALUE_MAX_BYTES */
	} extension[RTP_EXTENSION_COUNT];
} rtp_header;

/* Write the header with the receiver's `ids`; an extension it did not negotiate is left out. Returns the length, at most
 * RTP_HEADER_MAX_BYTES. */
size_t rtp_header_write(uint8_t *out, const rtp_header *header, const rtp_extension_ids *ids);

/* The 16 bits nearest to `reference` as an unbounded number (RFC 3550, A.1). The first reference is the number itself. */
uint64_t rtp_unwrap(uint64_t reference, uint16_t sequence);

/* 24 bits of 6.18 fixed-point seconds, for abs-send-time. */
void rtp_abs_send_time(uint8_t out[3], int64_t now_us);

/* One receiver's view of sources that follow each other: numbers and timestamps go on without a seam (RFC 3550, 5.1).
 * Zeroed is not ready: rtp_continuity_init(). */
typedef struct {
	uint32_t clock_rate;
	gboolean is_waiting; /* the next packet is the first of a new source */
	gboolean has_sent;
	uint64_t first_in;        /* of this source; earlier ones are not mapped */
	uint64_t sequence_offset; /* out = in + offset, modulo 2^64 */
	uint64_t last_sequence;   /* out, highest */
	uint32_t timestamp_offset;
	uint32_t last_timestamp; /* of last_sequence */
	int64_t last_us;         /* when it was mapped */
} rtp_continuity;

/* Sequence numbers begin below 2^15, so that a loss at the start cannot confuse the roll-over counter (RFC 3711, 3.3.1). */
void rtp_continuity_init(rtp_continuity *continuity, uint32_t clock_rate, uint16_t first_sequence, uint32_t first_timestamp);
/* The source changes: the next packet follows the last one, with the time that passed. */
void rtp_continuity_restart(rtp_continuity *continuity);
/* Map a packet of the present source. FALSE: it is older than the source's first one and must not be sent. */
gboolean rtp_continuity_map(rtp_continuity *continuity, uint64_t sequence, uint32_t timestamp, int64_t now_us,
	uint64_t *out_sequence, uint32_t *out_timestamp);

/* What a payload says about pictures. VP8: RFC 7741; H.264: RFC 6184. */
typedef enum { RTP_CODEC_NONE, RTP_CODEC_OPUS, RTP_CODEC_VP8, RTP_CODEC_H264 } rtp_codec;
/* TRUE when this is the first packet of a picture that needs no earlier one. `width` and `height` are set when the packet
 * tells them (VP8 does) and left alone otherwise. */
gboolean rtp_payload_is_keyframe(rtp_codec codec, const uint8_t *payload, size_t length, uint16_t *width, uint16_t *height);
/* VP8: the length of the payload descriptor (RFC 7741 section 4.2), 0 when it is malformed or nothing follows it. `is_start`: the
 * first packet of a picture. */
size_t rtp_vp8_descriptor(const uint8_t *payload, size_t length, gboolean *is_start);
