/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/desk.h"

#include "booking/audit/log.h"
#include "signaling/limits.h"
#include "signaling/sql.h"

#include <string.h>

static const char *const names[DESK_STATES] = {
	[DESK_OFF] = "off",
	[DESK_PAUSED] = "paused",
	[DESK_READY] = "ready",
	[DESK_ASSIGNED] = "assigned",
	[DESK_IN_SESSION] = "in_session",
	[DESK_WRAP_UP] = "wrap_up",
};

const char *desk_state_name(desk_state state)
{
	return names[state];
}

int desk_get(db *db, const char *staff, int64_t *attested_ms, GError **error)
{
	if (attested_ms != NULL)
		*attested_ms = 0;
	g_autoptr(db_rows) rows = db_select(db, error, SQL_DESK_GET, DB_TEXT("staff", staff));
	if (rows == NULL)
		return -1;
	if (!db_next(rows))
		return DESK_OFF;
	if (attested_ms != NULL)
		*attested_ms = db_int(rows, "room_attested_ms");
	int state = DESK_OFF;
	while (strcmp(names[state], db_text(rows, "state")) != 0)
		g_assert(++state < DESK_STATES);
	return state;
}

gboolean desk_set(db *db, const char *staff, const char *organisation, desk_state state, int64_t now_ms, GError **error)
{
	store_touch(db, "staff:%s", staff);
	store_touch(db, "desk:%s", organisation);
	return db_run(db, error, SQL_DESK_SET, DB_TEXT("staff", staff), DB_TEXT("organisation", organisation),
		       DB_TEXT("state", names[state]), DB_INT("now", now_ms)) >= 0;
}

gboolean desk_attest(db *db, const char *staff, int64_t now_ms, GError **error)
{
	return db_run(db, error, SQL_DESK_ATTEST, DB_TEXT("staff", staff), DB_INT("now", now_ms)) >= 0;
}

gboolean desk_log(const booking_context *context, const char *staff, const char *organisation, const char *action, GError **error)
{
	audit_entry entry = { .organisation = organisation,
		.actor = context->actor,
		.action = action,
		.subjects = { staff },
		.time_ms = context->now_ms };
	return audit_append(context->db, &entry, error) >= 0;
}

const char *desk_blocked(int64_t attested_ms, int64_t trained_until_ms, int64_t now_ms)
{
	if (trained_until_ms <= now_ms)
		return "training_expired";
	return attested_ms <= now_ms - SHIFT_MS ? "room_not_attested" : NULL;
}
