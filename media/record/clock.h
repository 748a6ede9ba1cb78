/* SPDX-License-Identifier: EUPL-1.2 */
/* When was it captured? Maps the RTP times of one track to the recorder's clock (CLOCK_MONOTONIC, microseconds).
 *
 * A packet cannot arrive before it was captured, so the smallest (arrival - RTP time) of the last two seconds is the best
 * guess from arrivals alone. It is different for audio and video, which are delayed differently; the sender reports of both
 * tracks (RFC 3550 section 6.4.1) give the difference, and then both tracks of a person share the smallest delay.
 * Corrections are slewed, so that time never jumps within a running track. The exception is a stall: the capture stood
 * still while time went on (a phone call, a closed lid, an exchanged microphone). Its RTP times do not know of it, those of
 * the packets after it are all late, none catches up: that becomes a gap. To tell it from a burst of the network, a frame
 * is mapped RECORD_HOLD_MS after its arrival, when the packets behind it have been seen. Should they catch up later than that,
 * the time goes back at once: no frame is ever ahead of its arrival by more than RECORD_CLOCK_STALL_US.
 * Thread: the owner's. */
#pragma once
#include <glib.h>

enum {
	RECORD_CLOCK_STALL_US = 120000,     /* more than the jitter of a picture that was paced out slowly */
	RECORD_CLOCK_JUMP_US = 2000000,     /* a change of RTP time that no network makes: start anew */
	RECORD_CLOCK_WINDOW_US = 2000000,   /* arrivals that are compared */
	RECORD_CLOCK_SLEW_PPM = 5000,       /* 5 ms in a second: no ear notices */
	RECORD_CLOCK_SLEW_FAST_PPM = 50000, /* while more than RECORD_CLOCK_FAR_US away */
	RECORD_CLOCK_FAR_US = 40000,
};

/* The clocks of one person's device: they share one NTP time. */
typedef struct record_clock_group record_clock_group;
record_clock_group *record_clock_group_new(void);
/* After its clocks. */
void record_clock_group_free(record_clock_group *group);

typedef struct record_clock record_clock;
/* `rate` in ticks per second, as in the SDP. */
record_clock *record_clock_new(record_clock_group *group, guint rate);
void record_clock_free(record_clock *clock);

/* A packet with RTP time `rtp` (unwrapped, in ticks) arrived. */
void record_clock_arrived(record_clock *clock, gint64 rtp, gint64 arrival_us);
/* A sender report says that `rtp` was captured at `ntp` (64-bit NTP time of the sender). */
void record_clock_report(record_clock *clock, gint64 rtp, guint64 ntp);
/* The time of `rtp`, of a frame that arrived at `arrival_us`; call it once per frame, in order.
 * `gap_us` gets the length of a stall that ended with this frame, mostly 0. */
gint64 record_clock_map(record_clock *clock, gint64 rtp, gint64 arrival_us, gint64 *gap_us);
/* The same as far as is known, without any effect on the clock. */
gint64 record_clock_peek(const record_clock *clock, gint64 rtp, gint64 arrival_us);
