/* SPDX-License-Identifier: EUPL-1.2 */
/* What arrived when, told to a sender every 100 ms, from which it estimates its bandwidth
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01).
 *
 * Fixed size, no allocation. Thread: that of its peer. */
#pragma once
#include "media/rtcp.h"

enum { TWCC_RING = 1024 }; /* packets between two feedbacks: 100 ms at 100 Mbit/s */

typedef struct {
	gboolean is_started;
	uint64_t next;                 /* first one not reported yet */
	uint64_t highest;              /* seen */
	uint8_t feedbacks;             /* sent, modulo 256 */
	int64_t arrival_us[TWCC_RING]; /* 0: missing */
} twcc;

/* A packet with this transport-wide number came. */
void twcc_note(twcc *twcc, uint16_t sequence, int64_t arrival_us);
/* Append one feedback of all since the last, or nothing when there is nothing to say. Call again while it returns TRUE. */
gboolean twcc_write(twcc *twcc, rtcp_writer *writer, uint32_t ssrc, uint32_t media);
