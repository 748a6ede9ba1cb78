/* SPDX-License-Identifier: EUPL-1.2 */
/* For the siblings of appointment.c that bring their own queries. */
#pragma once
#include "booking/appointment.h"

/* (transfer full) From a row of the whole table appointment. */
appointment *appointment_from_row(const db_rows *row);
/* An entry about the appointment in the responsible organisation's log. */
gboolean appointment_audit(
	const booking_context *context, const appointment *appointment, const char *action, json_t *details, GError **error);
