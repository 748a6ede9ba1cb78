/* SPDX-License-Identifier: EUPL-1.2 */
/* What the clock does to bookings: a write job, run every 30 seconds by `jawort serve`.
 *
 * Expires holds and unconfirmed bookings (tidying: an expired hold is free anyway), queues reminders one day and one hour
 * before, marks confirmed appointments nobody came to, and erases the data of bookings that were never confirmed. Does at most a few hundred things at a time. */
#pragma once
#include "booking/context.h"

gboolean sweep_run(const booking_context *context, GError **error);
