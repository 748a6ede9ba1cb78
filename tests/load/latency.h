/* SPDX-License-Identifier: EUPL-1.2 */
/* Durations in steps of 10 us up to 2 s; what is longer counts as 2 s. */
#pragma once
#include <glib.h>

enum { LATENCY_STEP_US = 10, LATENCY_STEPS = 200000 };
typedef struct {
	guint64 count;
	guint32 steps[LATENCY_STEPS];
} latency;

static inline void latency_note(latency *latency, gint64 duration_us)
{
	latency->count++;
	latency->steps[CLAMP(duration_us / LATENCY_STEP_US, 0, LATENCY_STEPS - 1)]++;
}

/* Milliseconds that `share` (0 to 1) of them did not exceed. */
static inline double latency_quantile(const latency *latency, double share)
{
	guint64 passed = 0, wanted = (guint64)(share * (double)latency->count);
	for (guint i = 0; i < LATENCY_STEPS; i++) {
		passed += latency->steps[i];
		if (passed > wanted || passed == latency->count)
			return (i + 1) * LATENCY_STEP_US / 1000.0;
	}
	return 0;
}
