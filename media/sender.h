/* SPDX-License-Identifier: EUPL-1.2 */
/* One stream to one receiver: a slot's audio or video.
 *
 * Its SSRC, payload type and numbering belong to the receiver and never break, whoever is shown: the sources change
 * behind it (rtp_continuity). Lost packets are sent again from the track's ring as RTX (RFC 4588); without RTX they are not,
 * since the same index must not be encrypted twice with another header.
 * Thread: the room's worker. Nothing is allocated after sender_new(). */
#pragma once
#include "media/ice.h"
#include "media/srtp.h"
#include "media/track.h"

typedef struct sender sender;

/* Where its packets go; owned by the receiving peer, filled when the transport is up. */
typedef struct {
	ice *ice;
	srtp *srtp; /* NULL: not connected yet */
	rtp_extension_ids extensions;
	uint64_t packets, bytes; /* sent, RTX included */
} sender_output;

/* SSRCs are chosen at random and stay. */
sender *sender_new(sender_output *output, guint32 clock_rate);
void sender_free(sender *sender);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sender, sender_free)

uint32_t sender_ssrc(const sender *sender);
uint32_t sender_rtx_ssrc(const sender *sender);
/* From the offer, at each negotiation. */
void sender_set_codec(sender *sender, rtp_codec codec, uint8_t payload_type, uint8_t rtx_payload_type);
/* The SSRC was negotiated, nothing else: whom it shows. NULL: nobody. Asks the new one for a keyframe. */
void sender_set_source(sender *sender, track *source);
track *sender_source(const sender *sender);

/* Send nothing of the source for the moment; TRUE when that is another state than before. */
gboolean sender_set_paused(sender *sender, gboolean is_paused);
gboolean sender_is_paused(const sender *sender);

/* A packet of its source. Video waits for a keyframe after each change, or begins with one that came just before. */
void sender_forward(sender *sender, const track_packet *packet, int64_t now_us);
/* The receiver misses packets, by the numbers it saw. */
void sender_retransmit(sender *sender, const uint16_t *sequences, guint count, int64_t now_us);
/* The receiver's report: of 256, since its last one. */
void sender_note_loss(sender *sender, uint8_t fraction_lost, int64_t now_us);
/* The same, 0 when it is older than a few reports. */
uint8_t sender_loss(const sender *sender, int64_t now_us);
/* The receiver cannot decode. */
void sender_want_keyframe(sender *sender);

/* A sender report. `clock_offset` is our NTP time minus the source's (peer-receive.c). FALSE when there is nothing to report. */
gboolean sender_report(const sender *sender, int64_t now_us, int64_t clock_offset, rtcp_sender_info *info);
