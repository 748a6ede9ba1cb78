/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/claim.h"
#include "booking/error.h"
#include "booking/limits.h"
#include "booking/sql.h"
#include "core/clock.h"

claim_span claim_span_of(const service *service, int64_t start_ms)
{
	int64_t from_ms = start_ms - service->buffer_before_min * CLOCK_MINUTE_MS;
	int64_t until_ms = start_ms + (service->duration_min + service->buffer_after_min) * CLOCK_MINUTE_MS;
	return (claim_span){ from_ms / CELL_MS, (until_ms - 1) / CELL_MS };
}

static char *choose_seat(
	const booking_context *context, const char *appointment, const char *office, claim_span span, GError **error)
{
	if (db_run(context->db, error, SQL_CLAIM_DROP_EXPIRED, DB_INT("now_ms", context->now_ms)) < 0)
		return NULL;
	g_autoptr(db_rows) rows = db_select(context->db, error, SQL_CLAIM_FREE_SEAT, DB_TEXT("office", office),
		DB_INT("first", span.first), DB_INT("last", span.last), DB_TEXT("appointment", appointment));
	if (rows == NULL)
		return NULL;
	if (!db_next(rows)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_TAKEN, "this time is taken");
		return NULL;
	}
	return g_strdup(db_text(rows, "id"));
}

gboolean claim_seat(const booking_context *context, const char *appointment, const char *office, const service *service,
	int64_t start_ms, GError **error)
{
	claim_span span = claim_span_of(service, start_ms);
	g_autofree char *seat = choose_seat(context, appointment, office, span, error);
	if (seat == NULL || !claim_release(context, appointment, error))
		return FALSE;
	g_autoptr(GError) failure = NULL;
	if (db_run(context->db, &failure, SQL_CLAIM_INSERT, DB_INT("first", span.first), DB_INT("last", span.last),
		    DB_TEXT("resource", seat), DB_TEXT("appointment", appointment)) >= 0) {
		store_touch(context->db, "slots:%s", office);
		return TRUE;
	}
	/* Another process was faster: the key refused the overlap. */
	if (g_error_matches(failure, DB_ERROR, DB_ERROR_DUPLICATE))
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_TAKEN, "this time is taken");
	else
		g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

gboolean claim_release(const booking_context *context, const char *appointment, GError **error)
{
	return db_run(context->db, error, SQL_CLAIM_RELEASE, DB_TEXT("appointment", appointment)) >= 0;
}
