/* SPDX-License-Identifier: EUPL-1.2 */
/* An honest estimate for those who wait. */
#pragma once
#include <glib.h>
#include <stdint.h>

typedef struct {
	int place;              /* 1 is next */
	int64_t work_ms;        /* planned length of the meetings before */
	int64_t until_start_ms; /* until the appointment's planned start; negative: it has passed */
	int64_t officers;       /* on duty for this office */
} lobby_facts;

/* A range, because meetings take from half to one and a half of their planned time, officers work side by side, and who is next
 * waits until one is free. Nobody on duty: not before the planned start, and open towards an hour. Minutes are rounded away from
 * the hopeful side. */
void lobby_estimate(const lobby_facts *facts, int64_t *min_ms, int64_t *max_ms);
