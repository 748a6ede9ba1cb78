/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/bandwidth.h"
#include "media/limits.h"

enum {
	LOSS_HIGH = 26,
	LOSS_LOW = 5,
	/* of 256: 10 % and 2 % */ LOWER_EVERY_US = 300000,
	RAISE_EVERY_US = 1000000,
	AUDIO_RESERVE = 40000
};

void bandwidth_init(bandwidth *bandwidth)
{
	*bandwidth = (typeof(*bandwidth)){ .by_loss = BANDWIDTH_START * (uint64_t)MEDIA_SLOTS_MAX };
}

void bandwidth_note_sent(bandwidth *bandwidth, uint64_t bitrate)
{
	bandwidth->sent = (bandwidth->sent + bitrate) / 2;
}

void bandwidth_note_remb(bandwidth *bandwidth, uint64_t bitrate)
{
	if (bitrate * 10 < bandwidth->sent * 9)
		bandwidth->by_remb = bitrate;
	else
		bandwidth->by_remb = MIN(bandwidth->by_remb * 5 / 4, BANDWIDTH_CEILING * (uint64_t)MEDIA_SLOTS_MAX);
}

void bandwidth_note_loss(bandwidth *bandwidth, uint8_t fraction_lost, int64_t now_us)
{
	if (fraction_lost > LOSS_HIGH && now_us - bandwidth->lowered_us >= LOWER_EVERY_US) {
		bandwidth->by_loss -= bandwidth->by_loss * fraction_lost / 512;
		bandwidth->lowered_us = now_us;
	} else if (fraction_lost < LOSS_LOW && now_us - bandwidth->raised_us >= RAISE_EVERY_US) {
		bandwidth->by_loss += bandwidth->by_loss * 8 / 100;
		bandwidth->raised_us = now_us;
	}
	bandwidth->by_loss = CLAMP(bandwidth->by_loss, BANDWIDTH_FLOOR, BANDWIDTH_CEILING * (uint64_t)MEDIA_SLOTS_MAX);
}

uint64_t bandwidth_share(const bandwidth *bandwidth, guint streams)
{
	uint64_t total = bandwidth->by_loss;
	if (bandwidth->by_remb != 0)
		total = MIN(total, bandwidth->by_remb);
	total -= MIN(total, (uint64_t)AUDIO_RESERVE * streams);
	uint64_t share = total / MAX(streams, 1);
	return CLAMP(share, BANDWIDTH_FLOOR, BANDWIDTH_CEILING);
}
