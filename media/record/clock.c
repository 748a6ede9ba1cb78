/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/record/clock.h"

enum { SIGHTINGS = 128, REPORT_TOLERANCE_US = 50000 };

struct record_clock_group {
	GPtrArray *clocks; /* not owned */
};

/* All offsets are microseconds to be added to the RTP time in microseconds. */
typedef struct {
	gint64 arrival_us;
	gint64 offset_us;
} sighting;

struct record_clock {
	record_clock_group *group;
	guint rate;
	sighting sightings[SIGHTINGS];
	guint sighting_count; /* ever; the ring keeps the last ones */
	gint64 last_rtp;
	gint64 offset_us; /* in use */
	gint64 slewed_us; /* arrival time up to which `offset_us` was slewed */
	gint64 own_us;    /* smallest offset by arrivals, at the last mapping */
	gint64 excess_us; /* how much of `own_us` is delay that the other track does not have */
	gint64 report_us; /* sender's NTP time minus RTP time */
	gint64 doubt_us;  /* a report that differs; believed when the next one agrees */
	gboolean is_set, has_report, has_doubt;
};

record_clock_group *record_clock_group_new(void)
{
	record_clock_group *group = g_new0(record_clock_group, 1);
	group->clocks = g_ptr_array_new();
	return group;
}

void record_clock_group_free(record_clock_group *group)
{
	if (group == NULL)
		return;
	g_ptr_array_unref(group->clocks);
	g_free(group);
}

record_clock *record_clock_new(record_clock_group *group, guint rate)
{
	record_clock *clock = g_new0(record_clock, 1);
	clock->group = group;
	clock->rate = rate;
	g_ptr_array_add(group->clocks, clock);
	return clock;
}

void record_clock_free(record_clock *clock)
{
	if (clock == NULL)
		return;
	g_ptr_array_remove(clock->group->clocks, clock);
	g_free(clock);
}

static gint64 ticks_to_us(const record_clock *clock, gint64 rtp)
{
	/* In two steps: ticks times a million overflow after some years of RTP time. */
	return rtp / clock->rate * G_USEC_PER_SEC + rtp % clock->rate * G_USEC_PER_SEC / clock->rate;
}

void record_clock_arrived(record_clock *clock, gint64 rtp, gint64 arrival_us)
{
	if (clock->sighting_count > 0 && rtp == clock->last_rtp)
		return;
	clock->last_rtp = rtp;
	clock->sightings[clock->sighting_count++ % SIGHTINGS] = (sighting){ arrival_us, arrival_us - ticks_to_us(clock, rtp) };
}

/* The smallest offset seen since `from_us`, or `otherwise`. */
static gint64 smallest_since(const record_clock *clock, gint64 from_us, gint64 otherwise)
{
	gint64 smallest = G_MAXINT64;
	for (guint i = 0; i < MIN(clock->sighting_count, SIGHTINGS); i++) {
		if (clock->sightings[i].arrival_us >= from_us)
			smallest = MIN(smallest, clock->sightings[i].offset_us);
	}
	return smallest == G_MAXINT64 ? otherwise : smallest;
}

void record_clock_report(record_clock *clock, gint64 rtp, guint64 ntp)
{
	gint64 ntp_us = (gint64)(ntp >> 32) * G_USEC_PER_SEC + (gint64)(((ntp & 0xffffffff) * G_USEC_PER_SEC) >> 32);
	gint64 report_us = ntp_us - ticks_to_us(clock, rtp);
	gboolean agrees = clock->has_report && ABS(report_us - clock->report_us) < REPORT_TOLERANCE_US;
	gboolean confirms = clock->has_doubt && ABS(report_us - clock->doubt_us) < REPORT_TOLERANCE_US;
	gboolean is_first = !clock->has_report && !clock->has_doubt;
	clock->has_doubt = !(agrees || confirms || is_first);
	clock->doubt_us = report_us;
	if (!clock->has_doubt) {
		clock->report_us = report_us;
		clock->has_report = TRUE;
	}
}

/* The smallest delay between the sender's clock and our arrivals, over all tracks of the person that were heard lately. */
static gint64 shared_delay(const record_clock *clock, gint64 since_us)
{
	gint64 delay = G_MAXINT64;
	for (guint i = 0; i < clock->group->clocks->len; i++) {
		const record_clock *one = clock->group->clocks->pdata[i];
		gint64 own = one->has_report ? smallest_since(one, since_us, G_MAXINT64) : G_MAXINT64;
		if (own != G_MAXINT64)
			delay = MIN(delay, own - one->report_us);
	}
	return delay;
}

static void slew(record_clock *clock, gint64 target_us, gint64 arrival_us)
{
	gint64 error = target_us - clock->offset_us;
	gint64 elapsed = CLAMP(arrival_us - clock->slewed_us, 0, G_USEC_PER_SEC);
	gint64 ppm = ABS(error) > RECORD_CLOCK_FAR_US ? RECORD_CLOCK_SLEW_FAST_PPM : RECORD_CLOCK_SLEW_PPM;
	gint64 most = elapsed * ppm / G_USEC_PER_SEC;
	clock->offset_us += CLAMP(error, -most, most);
	clock->slewed_us = MAX(clock->slewed_us, arrival_us);
}

/* Forget what was seen before `from_us`: it was another time line. */
static void forget_before(record_clock *clock, gint64 from_us)
{
	for (guint i = 0; i < SIGHTINGS; i++) {
		if (clock->sightings[i].arrival_us < from_us)
			clock->sightings[i].offset_us = G_MAXINT64;
	}
	clock->has_report = clock->has_doubt = FALSE;
}

gint64 record_clock_map(record_clock *clock, gint64 rtp, gint64 arrival_us, gint64 *gap_us)
{
	gint64 since_us = arrival_us - RECORD_CLOCK_WINDOW_US;
	gint64 frame_us = arrival_us - ticks_to_us(clock, rtp);
	gint64 behind = smallest_since(clock, arrival_us, frame_us);
	gint64 step = clock->is_set ? behind - clock->own_us : 0;
	/* A growing queue in the network makes packets late too, but leaves no silence as long as the delay. */
	gboolean is_stall = step > RECORD_CLOCK_STALL_US && arrival_us - clock->slewed_us > step * 3 / 4;
	*gap_us = 0;
	if (is_stall || ABS(step) > RECORD_CLOCK_JUMP_US) {
		clock->offset_us += step;
		forget_before(clock, arrival_us);
		*gap_us = step;
	}
	clock->own_us = smallest_since(clock, since_us, frame_us);
	gint64 delay = clock->has_report ? shared_delay(clock, since_us) : G_MAXINT64;
	if (delay != G_MAXINT64)
		clock->excess_us = clock->own_us - (delay + clock->report_us);
	if (!clock->is_set) {
		clock->offset_us = clock->own_us - clock->excess_us;
		clock->slewed_us = arrival_us;
		clock->is_set = TRUE;
	}
	slew(clock, clock->own_us - clock->excess_us, arrival_us);
	/* Nothing is captured after it arrived: what looked like a stall was a sender out of breath, and it has caught up. */
	if (clock->offset_us > frame_us + RECORD_CLOCK_STALL_US)
		clock->offset_us = frame_us;
	return record_clock_peek(clock, rtp, arrival_us);
}

gint64 record_clock_peek(const record_clock *clock, gint64 rtp, gint64 arrival_us)
{
	return clock->is_set ? ticks_to_us(clock, rtp) + clock->offset_us : arrival_us;
}
