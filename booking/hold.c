/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/hold.h"
#include "booking/appointment-private.h"
#include "booking/claim.h"
#include "booking/error.h"
#include "booking/limits.h"
#include "booking/slot.h"
#include "booking/sql.h"
#include "core/clock.h"
#include "core/id.h"

/* The visitor's other hold makes room for the new choice. */
static gboolean release_earlier(const booking_context *context, const char *visitor, GError **error)
{
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_APPOINTMENT_HELD_BY, DB_TEXT("visitor", visitor));
	if (rows == NULL)
		return FALSE;
	while (db_next(rows)) {
		g_autoptr(appointment) earlier = appointment_from_row(rows);
		if (!hold_release(context, earlier, error))
			return FALSE;
	}
	return TRUE;
}

/* A visitor is whoever says so; an address is harder to come by. */
static gboolean check_address(const booking_context *context, const char *address_hash, GError **error)
{
	if (address_hash == NULL)
		return TRUE;
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_APPOINTMENT_COUNT_OF_ADDRESS,
		DB_TEXT("address_hash", address_hash), DB_INT("now_ms", context->now_ms));
	if (rows == NULL || !db_next(rows))
		return FALSE;
	if (db_int(rows, "count") < HOLDS_PER_ADDRESS)
		return TRUE;
	g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_LIMIT,
		"too many times are held from your connection: please confirm or give back one of them, or try again later");
	return FALSE;
}

appointment *hold_new(const booking_context *context, const char *visitor, const char *address_hash, const char *office,
	const char *service_key, int64_t start_ms, const char *key, GError **error)
{
	g_autoptr(db_rows) repeated =
		db_select(context->db, error, SQL_APPOINTMENT_BY_HOLD_KEY, DB_TEXT("visitor", visitor), DB_TEXT("hold_key", key));
	if (repeated == NULL)
		return NULL;
	if (db_next(repeated))
		return appointment_from_row(repeated);

	g_autoptr(service) service = service_load(context->db, office, service_key, NULL, error);
	if (service == NULL || !slot_check_offered(context->db, office, service, start_ms, context->now_ms, error) ||
		!release_earlier(context, visitor, error) || !check_address(context, address_hash, error))
		return NULL;
	g_autofree char *id = id_new("appointment");
	if (db_run(context->db, error, SQL_APPOINTMENT_INSERT, DB_TEXT("id", id), DB_TEXT("visitor", visitor),
		    DB_TEXT("address_hash", address_hash), DB_TEXT("hold_key", key), DB_TEXT("service", service->id),
		    DB_TEXT("office", office), DB_INT("start_ms", start_ms),
		    DB_INT("end_ms", start_ms + service->duration_min * CLOCK_MINUTE_MS), DB_INT("now_ms", context->now_ms),
		    DB_INT("expires_ms", context->now_ms + HOLD_MS)) < 0 ||
		!claim_seat(context, id, office, service, start_ms, error))
		return NULL;
	g_autoptr(appointment) hold = appointment_load(context->db, id, error);
	if (hold == NULL || !appointment_audit(context, hold, "appointment.held", NULL, error))
		return NULL;
	return g_steal_pointer(&hold);
}

appointment *hold_load(const booking_context *context, const char *visitor, const char *id, GError **error)
{
	g_autoptr(appointment) hold = appointment_load(context->db, id, error);
	if (hold == NULL)
		return NULL;
	if (strcmp(hold->visitor, visitor) != 0) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND, "no such appointment");
		return NULL;
	}
	if (hold->state == APPOINTMENT_EXPIRED || (hold->state == APPOINTMENT_HELD && hold->expires_ms <= context->now_ms)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_EXPIRED, "the time is not held any more");
		return NULL;
	}
	return g_steal_pointer(&hold);
}

gboolean hold_can_extend(const appointment *hold)
{
	return hold->extensions < HOLD_EXTENSIONS;
}

gboolean hold_extend(const booking_context *context, appointment *hold, GError **error)
{
	if (!hold_can_extend(hold)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_LIMIT, "a hold can be extended once");
		return FALSE;
	}
	hold->extensions++;
	hold->expires_ms = context->now_ms + HOLD_MS;
	return appointment_apply(context, hold, APPOINTMENT_EXTEND, NULL, error);
}

gboolean hold_release(const booking_context *context, appointment *hold, GError **error)
{
	return appointment_apply(context, hold, APPOINTMENT_RELEASE, NULL, error);
}
