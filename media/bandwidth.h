/* SPDX-License-Identifier: EUPL-1.2 */
/* How much one receiver can take: the lower of what its own estimator reports (REMB) and what its losses allow.
 *
 * By libwebrtc's loss rule: above 10 % lost it goes down by half the loss, below 2 % up by 8 % a second. Thread: its peer's. */
#pragma once
#include <glib.h>
#include <stdint.h>

typedef struct {
	uint64_t by_loss; /* bit/s */
	uint64_t by_remb; /* 0: never told */
	int64_t lowered_us, raised_us;
} bandwidth;

void bandwidth_init(bandwidth *bandwidth);
void bandwidth_note_remb(bandwidth *bandwidth, uint64_t bitrate);
void bandwidth_note_loss(bandwidth *bandwidth, uint8_t fraction_lost, int64_t now_us);
/* What each of `streams` pictures may have, BANDWIDTH_FLOOR to BANDWIDTH_CEILING. */
uint64_t bandwidth_share(const bandwidth *bandwidth, guint streams);
