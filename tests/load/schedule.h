/* SPDX-License-Identifier: EUPL-1.2 */
/* The sources, the one that is due first in front: a binary heap. */
#pragma once
#include "tests/load/source.h"

typedef struct {
	int64_t due_us;
	source *source;
} scheduled;

/* Zeroed is empty. */
typedef struct {
	scheduled *heap;
	guint count, size;
} schedule;

void schedule_add(schedule *schedule, source *source, int64_t due_us);
/* Send all that is due. Returns when the next is; INT64_MAX: never. */
int64_t schedule_run(schedule *schedule, int64_t now_us);
