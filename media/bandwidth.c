/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/bandwidth.h"
#include "media/limits.h"

enum {
	LOSS_HIGH = 26, /* of 256: 10 % */
	LOSS_LOW = 5,   /* 2 % */
	LOWER_EVERY_US = 300000,
	RAISE_EVERY_US = 1000000,
	QUEUE_MS = 100, /* above the least round trip: packets wait somewhere */
	QUEUE_WINDOW_US = 5 * G_USEC_PER_SEC,
	CONGESTED_US = 5 * G_USEC_PER_SEC,
	LASTED_US = 30 * G_USEC_PER_SEC, /* a picture that was there for so long did not come back in vain */
};

static const uint64_t most = BANDWIDTH_CEILING * (uint64_t)MEDIA_SLOTS_MAX;

void bandwidth_init(bandwidth *bandwidth)
{
	*bandwidth = (typeof(*bandwidth)){
		.by_loss = BANDWIDTH_START * (uint64_t)MEDIA_SLOTS_MAX,
		.allowed = G_MAXUINT,
		.patience_us = BANDWIDTH_PATIENCE_MS * 1000,
	};
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
		bandwidth->by_remb = MIN(bandwidth->by_remb * 5 / 4, most);
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
	bandwidth->by_loss = CLAMP(bandwidth->by_loss, BANDWIDTH_FLOOR, most);
	if (fraction_lost > LOSS_LOW)
		bandwidth->congested_us = now_us;
}

/* A longer way is no queue: what was least some seconds ago does not count any more. */
static guint least_rtt(bandwidth *bandwidth, guint rtt_ms, int64_t now_us)
{
	guint *least = bandwidth->least_rtt_ms;
	if (now_us - bandwidth->window_us > QUEUE_WINDOW_US) {
		least[1] = least[0];
		least[0] = 0;
		bandwidth->window_us = now_us;
	}
	least[0] = least[0] == 0 ? rtt_ms : MIN(least[0], rtt_ms);
	return least[1] == 0 ? least[0] : MIN(least[0], least[1]);
}

void bandwidth_note_rtt(bandwidth *bandwidth, guint rtt_ms, int64_t now_us)
{
	if (rtt_ms > least_rtt(bandwidth, rtt_ms, now_us) + QUEUE_MS)
		bandwidth->congested_us = now_us;
}

/* What `total` leaves for pictures. */
static uint64_t after_voices(uint64_t total, guint voices)
{
	return total - MIN(total, (uint64_t)BANDWIDTH_AUDIO * voices);
}

/* Since when `is_so`, in `since_us`; TRUE when that is `least_us` ago. */
static gboolean lasts(gboolean is_so, int64_t *since_us, int64_t least_us, int64_t now_us)
{
	if (!is_so)
		*since_us = 0;
	else if (*since_us == 0)
		*since_us = now_us;
	return is_so && now_us - *since_us >= least_us;
}

static void pause_pictures(bandwidth *bandwidth, guint left, int64_t now_us)
{
	gboolean has_lasted = bandwidth->resumed_us == 0 || now_us - bandwidth->resumed_us > LASTED_US;
	int64_t longer_us = MIN(bandwidth->patience_us * 2, (int64_t)BANDWIDTH_PATIENCE_MAX * 1000);
	bandwidth->patience_us = has_lasted ? BANDWIDTH_PATIENCE_MS * 1000 : longer_us;
	bandwidth->allowed = left;
	bandwidth->short_us = bandwidth->ample_us = 0;
}

/* With no more than it needs: what grew meanwhile was never tried. */
static void resume_picture(bandwidth *bandwidth, guint pictures, guint voices, int64_t now_us)
{
	uint64_t needed = (uint64_t)BANDWIDTH_RESUME * pictures + (uint64_t)BANDWIDTH_AUDIO * voices;
	bandwidth->by_remb = MIN(bandwidth->by_remb, needed);
	bandwidth->allowed = pictures;
	bandwidth->resumed_us = now_us;
	bandwidth->short_us = bandwidth->ample_us = 0;
}

guint bandwidth_pictures(bandwidth *bandwidth, guint wanted, guint voices, int64_t now_us)
{
	guint shown = MIN(wanted, bandwidth->allowed);
	uint64_t free = bandwidth->by_remb != 0 ? after_voices(bandwidth->by_remb, voices) : most;
	/* A small picture needs no more than it takes: only what is well below that is congestion and no hiccup. */
	gboolean is_congested = bandwidth->congested_us != 0 && now_us - bandwidth->congested_us < CONGESTED_US;
	gboolean is_short =
		is_congested && free < (uint64_t)BANDWIDTH_FLOOR * shown && bandwidth->by_remb * 4 < bandwidth->sent * 3;
	gboolean is_ample = shown < wanted && free >= (uint64_t)BANDWIDTH_FLOOR * shown + BANDWIDTH_RESUME;
	if (lasts(is_short, &bandwidth->short_us, BANDWIDTH_PAUSE_MS * 1000, now_us))
		pause_pictures(bandwidth, (guint)(free / BANDWIDTH_FLOOR), now_us);
	else if (lasts(is_ample, &bandwidth->ample_us, bandwidth->patience_us, now_us))
		resume_picture(bandwidth, shown + 1, voices, now_us);
	return MIN(wanted, bandwidth->allowed);
}

uint64_t bandwidth_share(const bandwidth *bandwidth, guint pictures, guint voices)
{
	uint64_t total = bandwidth->by_remb != 0 ? MIN(bandwidth->by_loss, bandwidth->by_remb) : bandwidth->by_loss;
	return CLAMP(after_voices(total, voices) / MAX(pictures, 1), BANDWIDTH_FLOOR, BANDWIDTH_CEILING);
}
