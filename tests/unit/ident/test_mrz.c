/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/error.h"
#include "ident/mrz.h"
#include <string.h>

/* 2027-03-01 */
#define NOW_MS INT64_C(1803880800000)

/* tests/vectors/mrz.txt: blocks of lines, each after comment lines. */
static void test_vectors(void)
{
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(TESTS_FOLDER "/vectors/mrz.txt", &text, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	gboolean is_valid_part = TRUE, is_refused = FALSE;
	guint valid = 0, invalid = 0;
	for (guint i = 0; lines[i] != NULL; i++) {
		if (lines[i][0] == '#' || lines[i][0] == '\0') {
			is_valid_part &= strstr(lines[i], "must be found invalid") == NULL;
			is_refused = strstr(lines[i], "must be refused)") != NULL || strstr(lines[i], "(must be refused") != NULL;
			continue;
		}
		const char *block[4] = { NULL };
		guint count = 0;
		while (count < 3 && lines[i + count] != NULL && g_ascii_isalnum(lines[i + count][0])) {
			block[count] = lines[i + count];
			count++;
		}
		i += count - 1;
		ident_mrz mrz;
		g_autoptr(GError) error = NULL;
		if (is_valid_part && !is_refused) {
			ident_mrz_parse(block, &mrz, &error);
			g_assert_no_error(error);
			valid++;
		} else {
			g_assert_false(ident_mrz_parse(block, &mrz, &error));
			g_assert_error(error, IDENT_ERROR, IDENT_ERROR_INVALID);
			g_clear_error(&error);
			g_assert_false(ident_mrz_repair(block, &mrz, NULL));
			invalid++;
		}
	}
	g_assert_cmpuint(valid, ==, 9);
	g_assert_cmpuint(invalid, ==, 5);
}

static void test_fields(void)
{
	static const char *const card[] = { "I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2",
		"STEVENSON<<PETER<JOHN<<<<<<<<<", NULL };
	ident_mrz mrz;
	g_autoptr(GError) error = NULL;
	ident_mrz_parse(card, &mrz, &error);
	g_assert_no_error(error);
	g_assert_cmpint(mrz.format, ==, IDENT_MRZ_TD1);
	g_assert_cmpstr(mrz.number, ==, "D23145890734");
	g_assert_cmpstr(mrz.code, ==, "I");
	g_assert_cmpstr(mrz.issuer, ==, "UTO");
	g_assert_cmpstr(mrz.surname, ==, "STEVENSON");
	g_assert_cmpstr(mrz.given_names, ==, "PETER JOHN");
	g_assert_cmpint(mrz.sex, ==, 'M');
	g_assert_false(mrz.is_name_truncated);
	g_autofree char *birth = ident_mrz_birth_date(&mrz, NOW_MS);
	g_assert_cmpstr(birth, ==, "1934-07-12");
	g_autofree char *expiry = ident_mrz_expiry_date(&mrz, NOW_MS);
	g_assert_cmpstr(expiry, ==, "1995-07-12");
}

/* One wrong character anywhere that a check digit covers is found, but for the pairs that are equal modulo 10. */
static void test_single_errors(void)
{
	static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
	const char *const card[] = { "IDD<<LZ6311T475<<<<<<<<<<<<<<<", "8308126<3110315D<<2108<<<<<<<9",
		"MUSTERMANN<<ERIKA<<<<<<<<<<<<<", NULL };
	for (guint position = 5; position < 14; position++) {
		for (const char *other = characters; *other != '\0'; other++) {
			g_autofree char *line = g_strdup(card[0]);
			char *at = line + position;
			gboolean is_same_value = ident_mrz_check_digit(at, 1) == ident_mrz_check_digit(other, 1);
			*at = *other;
			const char *const changed[] = { line, card[1], card[2], NULL };
			ident_mrz mrz;
			g_assert_cmpint(ident_mrz_parse(changed, &mrz, NULL), ==, is_same_value);
		}
	}
}

static void test_form(void)
{
	static const char *const wrong[][4] = {
		{ NULL },
		{ "", NULL },
		{ "IDD<<LZ6311T475<<<<<<<<<<<<<<<", NULL },
		{ "IDD<<LZ6311T475<<<<<<<<<<<<<<", "8308126<3110315D<<2108<<<<<<<9", "MUSTERMANN<<ERIKA<<<<<<<<<<<<<", NULL },
		{ "IDD<<LZ6311T475<<<<<<<<<<<<<<<", "8308126<3110315D<<2108<<<<<<<9", "MUSTERMANN<<ER1KA<<<<<<<<<<<<<", NULL },
		{ "IDD<<LZ6311T475<<<<<<<<<<<<<<<", "8308126<3110315D<<2108<<<<<<<9", "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", NULL },
		{ "idd<<lz6311t475<<<<<<<<<<<<<<<", "8308126<3110315D<<2108<<<<<<<9", "MUSTERMANN<<ERIKA<<<<<<<<<<<<<", NULL },
	};
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		ident_mrz mrz;
		g_autoptr(GError) error = NULL;
		g_assert_false(ident_mrz_parse(wrong[i], &mrz, &error));
		g_assert_error(error, IDENT_ERROR, IDENT_ERROR_INVALID);
	}
}

static void test_write(void)
{
	ident_mrz mrz = { .format = IDENT_MRZ_TD3,
		.code = "P",
		.issuer = "UTO",
		.nationality = "UTO",
		.number = "L898902C3",
		.birth_date = "740812",
		.sex = 'F',
		.expiry_date = "120415",
		.surname = "ERIKSSON",
		.given_names = "ANNA MARIA",
		.optional = { "ZE184226B" } };
	g_autoptr(GError) error = NULL;
	ident_mrz_write(&mrz, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(mrz.lines[0], ==, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<");
	g_assert_cmpstr(mrz.lines[1], ==, "L898902C36UTO7408122F1204159ZE184226B<<<<<10");
	g_strlcpy(mrz.number, "L898902C3X", sizeof(mrz.number));
	g_assert_false(ident_mrz_write(&mrz, NULL));
}

static void test_transliteration(void)
{
	static const char *const names[][2] = { { "Müller", "MUELLER" }, { "Groß-Gerau", "GROSS GERAU" }, { "Dvořák", "DVORAK" },
		{ "O’Neill", "ONEILL" }, { "D'Arcy", "DARCY" }, { "Łukasz Żółć", "LUKASZ ZOLC" }, { "Ångström", "AANGSTROEM" },
		{ "Øystein", "OEYSTEIN" }, { "Þór", "THOR" }, { "Đặng", "DANG" }, { "ıi", "II" },
		{ " Anna  Maria ", "ANNA MARIA" }, { "Müller" /* decomposed */, "MUELLER" }, { "Ñuñez", "NUNEZ" }, { "", "" } };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *zone = ident_mrz_transliterate(names[i][0]);
		g_assert_cmpstr(zone, ==, names[i][1]);
	}
}

static gboolean is_equal(const json_t *comparisons, guint i)
{
	return json_is_true(json_object_get(json_array_get(comparisons, i), "is_equal"));
}

static void test_comparison(void)
{
	static const struct {
		const char *surname, *given, *family_name, *given_names;
		gboolean is_truncated, same_family, same_given;
	} cases[] = {
		{ "MUELLER", "JOERG", "Müller", "Jörg", FALSE, TRUE, TRUE },
		{ "MULLER", "JORG", "Müller", "Jörg", FALSE, TRUE, TRUE },
		{ "MULLER", "JOERG", "Müller", "Jörg", FALSE, TRUE, TRUE },
		{ "MUELLERR", "JOERG", "Müller", "Jorg", FALSE, FALSE, FALSE },
		{ "DVORAK GROSS", "ZOE", "Dvořák-Groß", "Zoë", FALSE, TRUE, TRUE },
		{ "ONEILL", "JOHN", "O’Neill", "John Paul", FALSE, TRUE, FALSE },
		{ "WEISS", "ANNA MARI", "Weiß", "Anna Maria Luise", TRUE, TRUE, TRUE },
		{ "WEISS", "ANNA MARO", "Weiß", "Anna Maria Luise", TRUE, TRUE, FALSE },
		{ "WEISS", "ANNA", "Weiss", "Anna", FALSE, TRUE, TRUE },
		{ "WEISS", "ANNA", "", "", FALSE, FALSE, FALSE },
		{ "VON DER LEYEN", "X", "von  der Leyen", "X", FALSE, TRUE, TRUE },
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		ident_mrz mrz = { .format = IDENT_MRZ_TD1, .code = "ID", .birth_date = "830812" };
		g_strlcpy(mrz.surname, cases[i].surname, sizeof(mrz.surname));
		g_strlcpy(mrz.given_names, cases[i].given, sizeof(mrz.given_names));
		mrz.is_name_truncated = cases[i].is_truncated;
		const ident_intake intake = { cases[i].given_names, cases[i].family_name, "1983-08-12", "passport" };
		json_t *comparisons = ident_mrz_compare(&mrz, &intake, NOW_MS);
		g_assert_cmpint(is_equal(comparisons, 0), ==, cases[i].same_family);
		g_assert_cmpint(is_equal(comparisons, 1), ==, cases[i].same_given);
		g_assert_true(is_equal(comparisons, 2));
		g_assert_false(is_equal(comparisons, 3));
		json_decref(comparisons);
	}
}

static void test_dates(void)
{
	static const struct {
		const char *digits, *birth, *expiry;
	} cases[] = { { "270301", "2027-03-01", "2027-03-01" }, { "270302", "1927-03-02", "2027-03-02" },
		{ "830812", "1983-08-12", "1983-08-12" }, { "310229", NULL, NULL }, { "76<<<<", NULL, NULL },
		{ "770101", "1977-01-01", "1977-01-01" }, { "761231", "1976-12-31", "2076-12-31" } };
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		ident_mrz mrz = { .format = IDENT_MRZ_TD1 };
		g_strlcpy(mrz.birth_date, cases[i].digits, sizeof(mrz.birth_date));
		g_strlcpy(mrz.expiry_date, cases[i].digits, sizeof(mrz.expiry_date));
		g_autofree char *birth = ident_mrz_birth_date(&mrz, NOW_MS), *expiry = ident_mrz_expiry_date(&mrz, NOW_MS);
		g_assert_cmpstr(birth, ==, cases[i].birth);
		g_assert_cmpstr(expiry, ==, cases[i].expiry);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ident/mrz/vectors", test_vectors);
	g_test_add_func("/ident/mrz/fields", test_fields);
	g_test_add_func("/ident/mrz/single_errors", test_single_errors);
	g_test_add_func("/ident/mrz/form", test_form);
	g_test_add_func("/ident/mrz/write", test_write);
	g_test_add_func("/ident/mrz/transliteration", test_transliteration);
	g_test_add_func("/ident/mrz/comparison", test_comparison);
	g_test_add_func("/ident/mrz/dates", test_dates);
	return g_test_run();
}
