/* SPDX-License-Identifier: EUPL-1.2 */
/* How much one receiver can take: the lower of what its own estimator reports (REMB) and what its losses allow.
 *
 * Losses by libwebrtc's rule: above 10 % lost down by half the loss, below 2 % up by 8 % a second. A REMB is believed only when
 * it is below what is sent: otherwise it says no more than that nothing was wrong, since a browser never reports above one and a
 * half times of what comes. Thread: its peer's. */
#pragma once
#include <glib.h>
#include <stdint.h>

typedef struct {
	uint64_t by_loss; /* bit/s */
	uint64_t by_remb; /* 0: never told of congestion */
	uint64_t sent;    /* bit/s, smoothed */
	int64_t lowered_us, raised_us;
} bandwidth;

void bandwidth_init(bandwidth *bandwidth);
/* What was sent to the receiver in the last second, in bit/s. */
void bandwidth_note_sent(bandwidth *bandwidth, uint64_t bitrate);
void bandwidth_note_remb(bandwidth *bandwidth, uint64_t bitrate);
void bandwidth_note_loss(bandwidth *bandwidth, uint8_t fraction_lost, int64_t now_us);
/* What each of `streams` pictures may have, BANDWIDTH_FLOOR to BANDWIDTH_CEILING. */
uint64_t bandwidth_share(const bandwidth *bandwidth, guint streams);
