/* SPDX-License-Identifier: EUPL-1.2 */
/* What a server takes: a process and all its descendants, those that ended and were waited for included. */
#pragma once
#include <glib.h>

typedef struct {
	double cpu_s; /* user and system, of /proc/PID/stat */
	guint processes, threads;
	guint64 rss_kb, pss_kb; /* sums; PSS counts a page that n processes share as 1/n in each */
} usage;

/* Without memory, which takes long to find out. */
usage usage_read(GPid pid);
usage usage_read_memory(GPid pid);
