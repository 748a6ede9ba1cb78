/* SPDX-License-Identifier: EUPL-1.2 */
/* Counters, gauges and histograms, and their Prometheus text (exposition format 0.0.4).
 *
 *     static metric *refused;
 *     if (g_once_init_enter(&refused)) g_once_init_leave(&refused, metric_counter("jawort_booking_refused_total", NULL, "…"));
 *     metric_add(refused, 1);
 *
 * Metrics live as long as the process. Names say unit and kind (`_total`, `_ms`, `_bytes`); labels never hold ids of
 * people or sessions. Thread: any, without locks after the making. */
#pragma once
#include <glib.h>
#include <stdint.h>

typedef struct metric metric;

/* Made once per (name, labels); asking again gives the same one. `labels`: e.g. "kind=\"reminder\"", or NULL. */
metric *metric_counter(const char *name, const char *labels, const char *help);
metric *metric_gauge(const char *name, const char *labels, const char *help);
/* `bounds`: ascending upper limits, ended by 0; at most 16. NULL: 1, 2, 5, 10 … 10000 (for milliseconds). */
metric *metric_histogram(const char *name, const char *labels, const char *help, const int64_t *bounds);

void metric_add(metric *metric, int64_t amount);    /* counter, gauge */
void metric_set(metric *metric, int64_t value);     /* gauge */
void metric_observe(metric *metric, int64_t value); /* histogram */
int64_t metric_value(const metric *metric);         /* counter, gauge: the value; histogram: the count */

/* (transfer full) All metrics, sorted by name. */
char *metrics_text(void);
