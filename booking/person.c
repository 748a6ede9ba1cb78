/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/person.h"
#include "booking/error.h"
#include "booking/limits.h"
#include "booking/sql.h"
#include "booking/zone.h"

static person *person_from_row(const db_rows *row)
{
	person *person = g_new0(struct person, 1);
	person->id = g_strdup(db_text(row, "id"));
	person->case_id = g_strdup(db_text(row, "case_id"));
	person->role = g_strdup(db_text(row, "role"));
	person->given_names = g_strdup(db_text(row, "given_names"));
	person->family_name = g_strdup(db_text(row, "family_name"));
	person->birth_name = g_strdup(db_text(row, "birth_name"));
	person->birth_date = g_strdup(db_text(row, "birth_date"));
	person->email = g_strdup(db_text(row, "email"));
	person->phone = g_strdup(db_text(row, "phone"));
	person->language = g_strdup(db_text(row, "language"));
	person->document_type = g_strdup(db_text(row, "document_type"));
	person->has_confirmed = db_int(row, "has_confirmed") != 0;
	return person;
}

person *person_load(db *db, const char *id, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_PERSON_GET, DB_TEXT("id", id));
	if (rows == NULL)
		return NULL;
	if (!db_next(rows)) {
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND, "no such person");
		return NULL;
	}
	return person_from_row(rows);
}

GPtrArray *person_list(db *db, const char *case_id, GError **error)
{
	g_autoptr(db_rows) rows = db_select(db, error, SQL_PERSON_LIST, DB_TEXT("case_id", case_id));
	if (rows == NULL)
		return NULL;
	GPtrArray *persons = g_ptr_array_new_with_free_func((GDestroyNotify)person_free);
	while (db_next(rows))
		g_ptr_array_add(persons, person_from_row(rows));
	return persons;
}

void person_free(person *person)
{
	if (person == NULL)
		return;
	g_free(person->id);
	g_free(person->case_id);
	g_free(person->role);
	g_free(person->given_names);
	g_free(person->family_name);
	g_free(person->birth_name);
	g_free(person->birth_date);
	g_free(person->email);
	g_free(person->phone);
	g_free(person->language);
	g_free(person->document_type);
	g_free(person);
}

char *person_name(const person *person)
{
	return g_strdup_printf("%s %s", person->given_names, person->family_name);
}

/* --- checking what was typed --- */

/* Letters of the Latin script with any diacritics, and what stands between them (PStV § 15(3), DIN 91379). */
static gboolean is_name(const char *text)
{
	gboolean has_letter = FALSE;
	glong count = 0;
	for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at), count++) {
		gunichar letter = g_utf8_get_char(at);
		GUnicodeScript script = g_unichar_get_script(letter);
		if (g_unichar_isalpha(letter) && script == G_UNICODE_SCRIPT_LATIN)
			has_letter = TRUE;
		else if (!g_unichar_ismark(letter) && !(letter < 0x80 && strchr(" -'.", (int)letter) != NULL) &&
			 letter != 0x2019 && letter != 0x02bc && letter != 0x02b9 && letter != 0x02ba && letter != 0x02bb)
			return FALSE;
	}
	return has_letter && count <= NAME_CHARACTERS && !g_ascii_isspace(text[0]) && !g_ascii_isspace(text[strlen(text) - 1]);
}

/* A deliverable address in ASCII; quoted local parts and address literals are not for citizens. */
static gboolean is_email(const char *text)
{
	static GRegex *shape;
	if (g_once_init_enter(&shape)) {
		GRegex *made = g_regex_new("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
					   "@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$",
			G_REGEX_OPTIMIZE | G_REGEX_DOLLAR_ENDONLY, 0, NULL);
		g_once_init_leave(&shape, made);
	}
	return strlen(text) <= 254 && g_regex_match(shape, text, 0, NULL);
}

static gboolean is_phone(const char *text)
{
	size_t length = strlen(text);
	return length >= 5 && length <= 30 && strspn(text, "+0123456789 /()-") == length;
}

/* Dates of one shape compare as texts; the born of 29 February is of age on 1 March (§§ 187(2), 188(2) BGB). */
static gboolean is_sensible_birth_date(const char *birth_date, const char *today)
{
	zone_day day;
	if (!zone_day_parse(birth_date, &day))
		return FALSE;
	g_autofree char *of_age = g_strdup_printf("%04d%s", atoi(birth_date) + BIRTH_YEARS_MIN, birth_date + 4);
	g_autofree char *too_old = g_strdup_printf("%04d%s", atoi(birth_date) + BIRTH_YEARS_MAX, birth_date + 4);
	return strcmp(of_age, today) <= 0 && strcmp(today, too_old) < 0;
}

static gboolean is_one_of(const char *text, const char *const *words)
{
	return text != NULL && g_strv_contains(words, text);
}

gboolean person_intake_check(const person_intake *intake, size_t index, const char *today, GError **error)
{
	static const char *const languages[] = { "de", "en", NULL };
	static const char *const document_types[] = { "id_card", "passport", NULL };
	const struct {
		const char *field;
		gboolean is_right;
		const char *what;
	} checks[] = {
		{ "given_names", is_name(intake->given_names), "Latin letters as in the document" },
		{ "family_name", is_name(intake->family_name), "Latin letters as in the document" },
		{ "birth_name", intake->birth_name == NULL || is_name(intake->birth_name), "Latin letters as in the document" },
		{ "birth_date", is_sensible_birth_date(intake->birth_date, today), "a date of birth of somebody of full age" },
		{ "email", is_email(intake->email), "a mail address" },
		{ "phone", intake->phone == NULL || is_phone(intake->phone), "a telephone number" },
		{ "language", is_one_of(intake->language, languages), "a language we write in" },
		{ "document_type", is_one_of(intake->document_type, document_types), "a document we accept" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
		if (checks[i].is_right)
			continue;
		g_set_error(error, BOOKING_ERROR, BOOKING_ERROR_INVALID, "persons[%zu].%s: needs %s", index, checks[i].field,
			checks[i].what);
		return FALSE;
	}
	return TRUE;
}
