/* SPDX-License-Identifier: EUPL-1.2 */
/* Free times, computed from the opening rules minus the claimed cells; never stored. */
#pragma once
#include "booking/office.h"
#include "booking/zone.h"

typedef struct slot {
	int64_t start_ms;
	int64_t end_ms;
	int free; /* seats */
} slot;

/* The free times of `service` at `office` on `days` local days from `from` (0: from today), in order; times with no free
 * seat are left out. An expired hold counts as free. Returns (transfer full) an array of slot. */
GArray *slot_list(db *db, const char *office, const service *service, zone_day from, int days, int64_t now_ms, GError **error);
/* FALSE with BOOKING_ERROR_CLOSED unless `start_ms` is one of the times that the rules offer, free or not. */
gboolean slot_check_offered(db *db, const char *office, const service *service, int64_t start_ms, int64_t now_ms, GError **error);
