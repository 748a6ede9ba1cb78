/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/lobby.h"

#define MINUTE_MS (60 * 1000LL)
#define NEXT_MAX_MS (5 * MINUTE_MS) /* until somebody is free who only finishes the paperwork */
#define NOBODY_MAX_MS (60 * MINUTE_MS)

static int64_t round_up(int64_t ms)
{
	return (ms + MINUTE_MS - 1) / MINUTE_MS * MINUTE_MS;
}

void lobby_estimate(const lobby_facts *facts, int64_t *min_ms, int64_t *max_ms)
{
	int64_t until_start_ms = MAX(facts->until_start_ms, 0);
	if (facts->officers <= 0) {
		*min_ms = until_start_ms / MINUTE_MS * MINUTE_MS;
		*max_ms = round_up(until_start_ms + facts->work_ms + NOBODY_MAX_MS);
		return;
	}
	int64_t share_ms = facts->work_ms / facts->officers;
	*min_ms = share_ms / 2 / MINUTE_MS * MINUTE_MS;
	*max_ms = round_up(share_ms * 3 / 2 + NEXT_MAX_MS);
}
