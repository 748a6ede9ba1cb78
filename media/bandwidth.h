/* SPDX-License-Identifier: EUPL-1.2 */
/* How much one receiver can take: the lower of what its own estimator reports (REMB) and what its losses allow; and how many
 * pictures that is enough for.
 *
 * Losses by libwebrtc's rule: above 10 % lost down by half the loss, below 2 % up by 8 % a second. A REMB is believed only when
 * it is below what is sent: otherwise it says no more than that nothing was wrong, since a browser never reports above one and a
 * half times of what comes. Sound comes first: what all voices need is taken off before pictures share the rest, and a picture
 * that would get less than BANDWIDTH_FLOOR is paused. A low REMB alone pauses nothing, jitter brings it about too, nor do losses
 * alone, they may be the air's: there must be both, or a queue that packets wait in. Thread: its peer's. */
#pragma once
#include <glib.h>
#include <stdint.h>

typedef struct {
	uint64_t by_loss; /* bit/s */
	uint64_t by_remb; /* 0: never told of congestion */
	uint64_t sent;    /* bit/s, smoothed */
	int64_t lowered_us, raised_us;
	guint least_rtt_ms[2];      /* of the present window and the one before; 0: unknown */
	int64_t window_us;          /* when the present one began */
	int64_t congested_us;       /* when packets were lost or waited last */
	guint allowed;              /* pictures at once; G_MAXUINT: all */
	int64_t short_us, ample_us; /* since when there is too little for them, enough for one more; 0: not so */
	int64_t resumed_us;         /* when one came back last */
	int64_t patience_us;        /* how long there must be enough */
} bandwidth;

void bandwidth_init(bandwidth *bandwidth);
/* What was sent to the receiver in the last second, in bit/s. */
void bandwidth_note_sent(bandwidth *bandwidth, uint64_t bitrate);
void bandwidth_note_remb(bandwidth *bandwidth, uint64_t bitrate);
void bandwidth_note_loss(bandwidth *bandwidth, uint8_t fraction_lost, int64_t now_us);
/* A round trip of its reports. */
void bandwidth_note_rtt(bandwidth *bandwidth, guint rtt_ms, int64_t now_us);
/* How many of `wanted` pictures may be sent beside `voices`. To be asked several times a second. */
guint bandwidth_pictures(bandwidth *bandwidth, guint wanted, guint voices, int64_t now_us);
/* What each of `pictures` may have, BANDWIDTH_FLOOR to BANDWIDTH_CEILING. */
uint64_t bandwidth_share(const bandwidth *bandwidth, guint pictures, guint voices);
