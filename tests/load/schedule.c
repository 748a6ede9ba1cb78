/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/schedule.h"

static void sink_down(schedule *schedule, guint i)
{
	scheduled moving = schedule->heap[i];
	for (guint child; (child = 2 * i + 1) < schedule->count; i = child) {
		if (child + 1 < schedule->count && schedule->heap[child + 1].due_us < schedule->heap[child].due_us)
			child++;
		if (moving.due_us <= schedule->heap[child].due_us)
			break;
		schedule->heap[i] = schedule->heap[child];
	}
	schedule->heap[i] = moving;
}

void schedule_add(schedule *schedule, source *source, int64_t due_us)
{
	if (schedule->count == schedule->size) {
		schedule->size = MAX(64, 2 * schedule->size);
		schedule->heap = g_renew(scheduled, schedule->heap, schedule->size);
	}
	guint i = schedule->count++;
	for (; i > 0 && schedule->heap[(i - 1) / 2].due_us > due_us; i = (i - 1) / 2)
		schedule->heap[i] = schedule->heap[(i - 1) / 2];
	schedule->heap[i] = (scheduled){ due_us, source };
}

int64_t schedule_run(schedule *schedule, int64_t now_us)
{
	while (schedule->count > 0 && schedule->heap[0].due_us <= now_us) {
		schedule->heap[0].due_us = source_run(schedule->heap[0].source, now_us);
		sink_down(schedule, 0);
	}
	return schedule->count > 0 ? schedule->heap[0].due_us : INT64_MAX;
}
