/* SPDX-License-Identifier: EUPL-1.2 */
/* RTCP: reading compound packets and writing ours (RFC 3550, 4585, 5104, draft-alvestrand-rmcat-remb-03).
 *
 * Nothing here allocates. Thread: any. */
#pragma once
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RTCP_SENDER_REPORT = 200,
	RTCP_RECEIVER_REPORT = 201,
	RTCP_SOURCE_DESCRIPTION = 202,
	RTCP_BYE = 203,
	RTCP_TRANSPORT_FEEDBACK = 205, /* count: 1 NACK, 15 transport-wide */
	RTCP_PAYLOAD_FEEDBACK = 206,   /* count: 1 PLI, 4 FIR, 15 REMB */
};
enum { RTCP_FORMAT_NACK = 1, RTCP_FORMAT_TRANSPORT_CC = 15, RTCP_FORMAT_PLI = 1, RTCP_FORMAT_FIR = 4, RTCP_FORMAT_REMB = 15 };

/* One packet of a compound. */
typedef struct {
	uint8_t type;
	uint8_t count;       /* of blocks, or the feedback's format */
	const uint8_t *body; /* behind the four bytes of the header, without padding */
	size_t length;
} rtcp_packet;

/* Take the next packet off `data`. FALSE at the end or at the first malformed packet. */
gboolean rtcp_next(const uint8_t **data, size_t *length, rtcp_packet *packet);

/* RFC 3550, 6.4.1. */
typedef struct {
	uint32_t ssrc;
	uint8_t fraction_lost; /* of 256 since the last report */
	int32_t lost;          /* cumulative, 24 bits signed */
	uint32_t highest;      /* extended sequence number */
	uint32_t jitter;       /* in units of the clock rate */
	uint32_t last_report;  /* middle 32 bits of the NTP time of the last SR */
	uint32_t delay;        /* since it, in 1/65536 s */
} rtcp_report;
typedef struct {
	uint64_t ntp;
	uint32_t timestamp, packets, octets;
} rtcp_sender_info;

/* The block number `index` of an SR or RR. FALSE when there is none. */
gboolean rtcp_get_report(const rtcp_packet *packet, guint index, rtcp_report *report);
/* Sender's SSRC of any packet; 0 when too short. */
uint32_t rtcp_get_sender(const rtcp_packet *packet);
gboolean rtcp_get_sender_info(const rtcp_packet *packet, rtcp_sender_info *info);
/* The media SSRC that feedback is about; of FIR the one of its first entry. */
uint32_t rtcp_get_media(const rtcp_packet *packet);
/* All sequence numbers of a NACK, at most `max`. Returns the count. */
guint rtcp_get_nack(const rtcp_packet *packet, uint16_t *sequences, guint max);
/* Bits per second of a REMB; FALSE when it is none. */
gboolean rtcp_get_remb(const rtcp_packet *packet, uint64_t *bitrate);

/* A compound being written. What does not fit is left out whole. */
typedef struct {
	uint8_t *data;
	size_t size, length;
} rtcp_writer;

void rtcp_write_sender_report(rtcp_writer *writer, uint32_t ssrc, const rtcp_sender_info *info);
/* At most 31 reports. Without any it only begins a compound (RFC 4585, 3.1). */
void rtcp_write_receiver_report(rtcp_writer *writer, uint32_t ssrc, const rtcp_report *reports, guint count);
void rtcp_write_cname(rtcp_writer *writer, uint32_t ssrc, const char *cname);
/* `sequences` ascending, with wrap. */
void rtcp_write_nack(rtcp_writer *writer, uint32_t ssrc, uint32_t media, const uint16_t *sequences, guint count);
void rtcp_write_pli(rtcp_writer *writer, uint32_t ssrc, uint32_t media);
void rtcp_write_remb(rtcp_writer *writer, uint32_t ssrc, uint64_t bitrate, const uint32_t *media, guint count);

/* NTP time (RFC 5905) of a moment, in 1/2^32 s: for reports only its differences matter. */
uint64_t rtcp_ntp(int64_t monotonic_us);
