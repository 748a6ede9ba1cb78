/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/slot.h"
#include "booking/claim.h"
#include "booking/error.h"
#include "booking/hours.h"
#include "booking/limits.h"
#include "booking/sql.h"
#include "core/clock.h"

/* Intervals that meet (midnight to midnight) are open without a break: where the one that begins at `index` really ends. */
static int64_t open_until_ms(const GArray *open, guint index)
{
	int64_t until_ms = g_array_index(open, hours_interval, index).end_ms;
	while (++index < open->len && g_array_index(open, hours_interval, index).start_ms <= until_ms)
		until_ms = MAX(until_ms, g_array_index(open, hours_interval, index).end_ms);
	return until_ms;
}

/* Every start that the rules offer on these days, free or not. */
static GArray *offered(db *db, const char *office, const service *service, GTimeZone *zone, zone_day first, zone_day last,
	int64_t now_ms, GError **error)
{
	zone_day today = zone_day_of(zone, now_ms);
	first = MAX(first, today);
	last = MIN(last, today + service->horizon_days);
	/* One day more: an appointment may run past midnight. */
	g_autoptr(GArray) open = hours_list(db, office, first, last + 1, error);
	if (open == NULL)
		return NULL;
	int64_t earliest_ms = now_ms + service->lead_min * CLOCK_MINUTE_MS, latest_ms = zone_instant_ms(zone, last + 1, 0);
	int64_t duration_ms = service->duration_min * CLOCK_MINUTE_MS, step_ms = service->step_min * CLOCK_MINUTE_MS;
	GArray *slots = g_array_new(FALSE, FALSE, sizeof(slot));
	for (guint i = 0; i < open->len; i++) {
		hours_interval interval = g_array_index(open, hours_interval, i);
		int64_t until_ms = open_until_ms(open, i);
		for (int64_t start_ms = interval.start_ms; start_ms < interval.end_ms; start_ms += step_ms) {
			/* Rules of one day may overlap. */
			gboolean is_new = slots->len == 0 || start_ms > g_array_index(slots, slot, slots->len - 1).start_ms;
			if (is_new && start_ms >= earliest_ms && start_ms < latest_ms && start_ms + duration_ms <= until_ms)
				g_array_append_val(slots, ((slot){ start_ms, start_ms + duration_ms, 0 }));
		}
	}
	return slots;
}

/* One byte for each seat and cell of a span: 1 is taken. */
typedef struct {
	claim_span span;
	size_t width;
	guint seat_count;
	GByteArray *cells;
} plan;

static void plan_clear(plan *plan)
{
	g_clear_pointer(&plan->cells, g_byte_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(plan, plan_clear)

static gboolean plan_load(plan *plan, db *db, const char *office, claim_span span, int64_t now_ms, GError **error)
{
	g_autoptr(db_rows) seats = db_select(db, error, SQL_SEAT_LIST, DB_TEXT("office", office));
	g_autoptr(db_rows) claims =
		seats == NULL ? NULL
			      : db_select(db, error, SQL_CLAIM_LIST, DB_TEXT("office", office), DB_INT("first", span.first),
					DB_INT("last", span.last), DB_INT("now_ms", now_ms));
	if (claims == NULL)
		return FALSE;
	g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; db_next(seats); i++)
		g_hash_table_insert(numbers, (gpointer)db_text(seats, "id"), GUINT_TO_POINTER(i));
	plan->span = span;
	plan->width = (size_t)(span.last - span.first + 1);
	plan->seat_count = g_hash_table_size(numbers);
	plan->cells = g_byte_array_new();
	g_byte_array_set_size(plan->cells, (guint)(plan->width * plan->seat_count));
	if (plan->cells->len > 0)
		memset(plan->cells->data, 0, plan->cells->len);
	while (db_next(claims)) {
		guint seat = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, db_text(claims, "resource")));
		plan->cells->data[seat * plan->width + (size_t)(db_int(claims, "cell") - span.first)] = 1;
	}
	return TRUE;
}

static int plan_free_seats(const plan *plan, claim_span span)
{
	int free = 0;
	for (guint seat = 0; seat < plan->seat_count; seat++) {
		const guint8 *from = plan->cells->data + seat * plan->width + (span.first - plan->span.first);
		free += memchr(from, 1, (size_t)(span.last - span.first + 1)) == NULL;
	}
	return free;
}

GArray *slot_list(db *db, const char *office, const service *service, zone_day from, int days, int64_t now_ms, GError **error)
{
	g_autoptr(GTimeZone) zone = office_zone(db, office, error);
	if (zone == NULL)
		return NULL;
	if (from == 0)
		from = zone_day_of(zone, now_ms);
	g_autoptr(GArray) slots = offered(db, office, service, zone, from, from + days - 1, now_ms, error);
	if (slots == NULL || slots->len == 0)
		return g_steal_pointer(&slots);
	claim_span whole = { claim_span_of(service, g_array_index(slots, slot, 0).start_ms).first,
		claim_span_of(service, g_array_index(slots, slot, slots->len - 1).start_ms).last };
	g_auto(plan) plan = { 0 };
	if (!plan_load(&plan, db, office, whole, now_ms, error))
		return NULL;
	GArray *free = g_array_new(FALSE, FALSE, sizeof(slot));
	for (guint i = 0; i < slots->len; i++) {
		slot slot = g_array_index(slots, struct slot, i);
		slot.free = plan_free_seats(&plan, claim_span_of(service, slot.start_ms));
		if (slot.free > 0)
			g_array_append_val(free, slot);
	}
	return free;
}

gboolean slot_check_offered(db *db, const char *office, const service *service, int64_t start_ms, int64_t now_ms, GError **error)
{
	g_autoptr(GTimeZone) zone = office_zone(db, office, error);
	if (zone == NULL)
		return FALSE;
	zone_day day = zone_day_of(zone, start_ms);
	g_autoptr(GArray) slots = offered(db, office, service, zone, day, day, now_ms, error);
	if (slots == NULL)
		return FALSE;
	for (guint i = 0; i < slots->len; i++) {
		if (g_array_index(slots, slot, i).start_ms == start_ms)
			return TRUE;
	}
	g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_CLOSED, "the office does not offer this time");
	return FALSE;
}
