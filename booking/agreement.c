/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/agreement.h"
#include "booking/hours.h"
#include "booking/office.h"
#include "booking/sql.h"
#include "core/clock.h"
#include "core/json.h"

/* What the rules look at. */
typedef struct {
	const agreement_question *question;
	gboolean is_open; /* the office, now */
	int64_t minutes;  /* of the rule */
} facts;

static gboolean own_busy(const facts *facts)
{
	return facts->question->own_ready == 0;
}

static gboolean wait_over(const facts *facts)
{
	return facts->question->own_ready == 0 && facts->question->wait_ms > facts->minutes * CLOCK_MINUTE_MS;
}

static gboolean outside_hours(const facts *facts)
{
	return !facts->is_open;
}

static gboolean language(const facts *facts)
{
	return !facts->question->own_language;
}

static gboolean always(G_GNUC_UNUSED const facts *facts)
{
	return TRUE;
}

static const struct {
	const char *kind;
	gboolean (*holds)(const facts *facts);
} rules[] = {
	{ "own_busy", own_busy },
	{ "wait_over", wait_over },
	{ "outside_hours", outside_hours },
	{ "language", language },
	{ "always", always },
};

static gboolean rule_holds(const char *kind, const facts *facts)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (strcmp(rules[i].kind, kind) == 0)
			return rules[i].holds(facts);
	}
	return FALSE;
}

/* An empty list means all. */
static gboolean is_in_list(const char *list, const char *word)
{
	if (*list == '\0')
		return TRUE;
	g_auto(GStrv) words = g_strsplit(list, ",", -1);
	return g_strv_contains((const char *const *)words, word);
}

/* Quotas count by the day of the office. */
static int64_t day_start_ms(GTimeZone *zone, int64_t now_ms)
{
	return zone_instant_ms(zone, zone_day_of(zone, now_ms), 0);
}

char *agreement_may_take(db *db, const agreement_question *question, int64_t now_ms, GError **error)
{
	g_autoptr(GTimeZone) zone = office_zone(db, question->office, error);
	if (zone == NULL)
		return NULL;
	GError *failure = NULL;
	facts facts = { .question = question, .is_open = hours_is_open(db, question->office, now_ms, &failure) };
	if (failure != NULL) {
		g_propagate_error(error, failure);
		return NULL;
	}
	g_autoptr(db_rows) rows = db_select(db, error, SQL_AGREEMENT_RULES, DB_TEXT("responsible", question->responsible),
		DB_TEXT("performer", question->performer), DB_INT("now_ms", now_ms),
		DB_INT("day_ms", day_start_ms(zone, now_ms)));
	while (rows != NULL && db_next(rows)) {
		facts.minutes = db_int(rows, "minutes");
		if (is_in_list(db_text(rows, "services"), question->service_key) &&
			is_in_list(db_text(rows, "languages"), question->language) &&
			db_int(rows, "used_today") < db_int(rows, "quota_per_day") && rule_holds(db_text(rows, "kind"), &facts))
			return g_strdup(db_text(rows, "id"));
	}
	return NULL;
}

json_t *agreement_list(db *db, const char *organisation, int64_t now_ms, GError **error)
{
	g_autoptr(GTimeZone) zone = zone_new("Europe/Berlin");
	g_autoptr(db_rows) rows = db_select(db, error, SQL_AGREEMENT_LIST, DB_TEXT("organisation", organisation),
		DB_INT("day_ms", zone == NULL ? now_ms : day_start_ms(zone, now_ms)));
	if (rows == NULL)
		return NULL;
	g_autoptr(json_t) agreements = json_array();
	while (db_next(rows)) {
		g_autoptr(db_rows) kinds =
			db_select(db, error, SQL_AGREEMENT_RULE_LIST, DB_TEXT("agreement", db_text(rows, "id")));
		if (kinds == NULL)
			return NULL;
		json_t *agreement = db_row_json(rows);
		json_object_set_new(agreement, "rules", db_rows_json(kinds));
		json_array_append_new(agreements, agreement);
	}
	return g_steal_pointer(&agreements);
}
