/* SPDX-License-Identifier: EUPL-1.2 */
/* When an office is open. Precedence: closure > exception > holiday > series.
 *
 * Series are versioned: a change ends the old row (valid_until) and begins a new one, and never touches appointments. */
#pragma once
#include "booking/zone.h"
#include "core/db/db.h"

typedef struct {
	int64_t start_ms;
	int64_t end_ms;
} hours_interval;

/* The open intervals of `office` on the local days `first` to `last`, in order, each within its own day.
 * Returns (transfer full) an array of hours_interval, NULL on a database error or an unknown office. */
GArray *hours_list(db *db, const char *office, zone_day first, zone_day last, GError **error);
/* Is the office open now? FALSE with `error` set when the database failed. */
gboolean hours_is_open(db *db, const char *office, int64_t now_ms, GError **error);
