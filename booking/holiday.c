/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/holiday.h"
#include "booking/sql.h"

/* The Länder as bits, by their usual two letters. */
enum {
	BW = 1 << 0,
	BY = 1 << 1,
	BE = 1 << 2,
	BB = 1 << 3,
	HB = 1 << 4,
	HH = 1 << 5,
	HE = 1 << 6,
	MV = 1 << 7,
	NI = 1 << 8,
	NW = 1 << 9,
	RP = 1 << 10,
	SL = 1 << 11,
	SN = 1 << 12,
	ST = 1 << 13,
	SH = 1 << 14,
	TH = 1 << 15,
	ALL = (1 << 16) - 1
};

static const char lands[16][3] = { "BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH",
	"TH" };

typedef struct {
	const char *key;
	const char *name;
	enum { FIXED, EASTER, BEFORE_23_NOVEMBER } kind;
	int month; /* FIXED: month and day; EASTER: `day` is the distance; BEFORE_23_NOVEMBER: `day` is the weekday */
	int day;
	int lands;
} rule;

static const rule rules[] = {
	{ "new_year", "Neujahr", FIXED, 1, 1, ALL },
	{ "epiphany", "Heilige Drei Könige", FIXED, 1, 6, BW | BY | ST },
	{ "womens_day", "Frauentag", FIXED, 3, 8, BE | MV },
	{ "good_friday", "Karfreitag", EASTER, 0, -2, ALL },
	{ "easter_sunday", "Ostersonntag", EASTER, 0, 0, BB },
	{ "easter_monday", "Ostermontag", EASTER, 0, 1, ALL },
	{ "labour_day", "Tag der Arbeit", FIXED, 5, 1, ALL },
	{ "ascension", "Christi Himmelfahrt", EASTER, 0, 39, ALL },
	{ "whit_sunday", "Pfingstsonntag", EASTER, 0, 49, BB },
	{ "whit_monday", "Pfingstmontag", EASTER, 0, 50, ALL },
	{ "corpus_christi", "Fronleichnam", EASTER, 0, 60, BW | BY | HE | NW | RP | SL },
	{ "augsburg_peace", "Augsburger Friedensfest", FIXED, 8, 8, 0 },
	{ "assumption", "Mariä Himmelfahrt", FIXED, 8, 15, SL },
	{ "childrens_day", "Weltkindertag", FIXED, 9, 20, TH },
	{ "german_unity", "Tag der Deutschen Einheit", FIXED, 10, 3, ALL },
	{ "reformation", "Reformationstag", FIXED, 10, 31, BB | HB | HH | MV | NI | SN | ST | SH | TH },
	{ "all_saints", "Allerheiligen", FIXED, 11, 1, BW | BY | NW | RP | SL },
	{ "repentance", "Buß- und Bettag", BEFORE_23_NOVEMBER, 0, 3, SN },
	{ "christmas_day", "1. Weihnachtstag", FIXED, 12, 25, ALL },
	{ "boxing_day", "2. Weihnachtstag", FIXED, 12, 26, ALL },
};

zone_day holiday_easter(int year)
{
	int k = year / 100, m = 15 + (3 * k + 3) / 4 - (8 * k + 13) / 25, s = 2 - (3 * k + 3) / 4;
	int a = year % 19, d = (19 * a + m) % 30, r = (d + a / 11) / 29;
	int full_moon = 21 + d - r, first_sunday = 7 - (year + year / 4 + s) % 7;
	int distance = full_moon + 7 - (full_moon - first_sunday) % 7; /* "32 March" is 1 April */
	return zone_day_new(year, 3, 1) + distance - 1;
}

static int year_of(zone_day day)
{
	g_autofree char *text = zone_day_text(day);
	return atoi(text);
}

static zone_day day_in_year(const rule *rule, int year)
{
	switch (rule->kind) {
	case FIXED:
		return zone_day_new(year, rule->month, rule->day);
	case EASTER:
		return holiday_easter(year) + rule->day;
	case BEFORE_23_NOVEMBER: {
		zone_day eve = zone_day_new(year, 11, 22);
		return eve - (zone_weekday(eve) - rule->day + 7) % 7;
	}
	}
	g_assert_not_reached();
}

static int land_bit(const char *land)
{
	for (size_t i = 0; i < G_N_ELEMENTS(lands); i++) {
		if (strcmp(lands[i], land) == 0)
			return 1 << i;
	}
	return 0;
}

const char *holiday_name(const char *land, zone_day day, const char **key)
{
	int year = year_of(day), bit = land_bit(land);
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		if ((rules[i].lands & bit) == 0 || day_in_year(&rules[i], year) != day)
			continue;
		if (key != NULL)
			*key = rules[i].key;
		return rules[i].name;
	}
	return NULL;
}

/* What the municipality says of a rule or of a date: 1 holiday, 0 none, -1 nothing; -2 error. */
static int override_of(db *db, const char *municipality_key, const char *holiday, GError **error)
{
	g_autoptr(db_rows) rows = db_select(
		db, error, SQL_HOLIDAY_OVERRIDE, DB_TEXT("municipality_key", municipality_key), DB_TEXT("holiday", holiday));
	if (rows == NULL)
		return -2;
	return db_next(rows) ? (int)db_int(rows, "is_holiday") : -1;
}

gboolean holiday_is(db *db, const char *land, const char *municipality_key, zone_day day, GError **error)
{
	g_autofree char *date = zone_day_text(day);
	int said = override_of(db, municipality_key, date, error);
	if (said != -1)
		return said == 1;
	int year = year_of(day), bit = land_bit(land);
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (day_in_year(&rules[i], year) != day)
			continue;
		said = override_of(db, municipality_key, rules[i].key, error);
		if (said == -2)
			return FALSE;
		if (said == 1 || (said == -1 && (rules[i].lands & bit) != 0))
			return TRUE;
	}
	return FALSE;
}
