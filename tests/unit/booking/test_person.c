/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/error.h"
#include "booking/person.h"

static const person_intake right = { "Erika", "Mustermann", NULL, "1983-08-12", "erika@example.org", NULL, "de", "id_card" };
#define TODAY "2027-03-01"

static void accept(const person_intake *intake)
{
	g_autoptr(GError) error = NULL;
	person_intake_check(intake, 0, TODAY, &error);
	g_assert_no_error(error);
}

static void refuse(const person_intake *intake, const char *field)
{
	g_autoptr(GError) error = NULL;
	g_assert_false(person_intake_check(intake, 1, TODAY, &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_INVALID);
	g_autofree char *begin = g_strdup_printf("persons[1].%s: ", field);
	g_assert_true(g_str_has_prefix(error->message, begin));
}

static void test_names(void)
{
	const char *const good[] = { "Zoë Marie", "Dvořák", "O'Neill", "D’Àngelo", "Nguyễn", "Łukaszewicz-Groß", "İpek", "Þórður",
		"Ng", "J. R.", "e\314\201douard" };
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		person_intake intake = right;
		intake.given_names = intake.birth_name = good[i];
		accept(&intake);
	}
	const char *const bad[] = { "", " ", " Anna", "Anna ", "Анна", "R2D2", "-", "Anna\nBcc: x@y", "<b>", "Anna😀",
		"Anna\x7f" };
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		person_intake intake = right;
		intake.family_name = bad[i];
		refuse(&intake, "family_name");
	}
	g_autofree char *long_name = g_strnfill(121, 'a');
	person_intake intake = right;
	intake.birth_name = long_name;
	refuse(&intake, "birth_name");
}

static void test_birth_dates(void)
{
	const char *const good[] = { "2009-03-01", "1983-08-12", "1907-03-02", "2008-02-29" };
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		person_intake intake = right;
		intake.birth_date = good[i];
		accept(&intake);
	}
	const char *const bad[] = { "2009-03-02", "2027-03-02", "1907-03-01", "1983-02-30", "1983-8-12", "", "12.08.1983" };
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		person_intake intake = right;
		intake.birth_date = bad[i];
		refuse(&intake, "birth_date");
	}
}

static void test_leap_day_birthday(void)
{
	person_intake intake = right;
	intake.birth_date = "2008-02-29";
	g_assert_false(person_intake_check(&intake, 0, "2026-02-28", NULL));
	g_assert_true(person_intake_check(&intake, 0, "2026-03-01", NULL));
}

static void test_contacts(void)
{
	const char *const good[] = { "a@b.de", "first.last+tag@sub.example.org", "x_y'z@example-a.org" };
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		person_intake intake = right;
		intake.email = good[i];
		accept(&intake);
	}
	const char *const bad[] = { "", "a", "@b.de", "a@", "a@b..de", "a b@c.de", "a@b.de\n", "a@b.de\r\nRCPT TO:<c@d.de>",
		"a@@b.de", ".a@b.de", "a<b>@c.de", "ä@b.de", "a@-b.de", "\"a\"@b.de", "a@[127.0.0.1]", "a,b@c.de" };
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		person_intake intake = right;
		intake.email = bad[i];
		refuse(&intake, "email");
	}
	person_intake intake = right;
	intake.phone = "+49 (0)151 / 123-45";
	accept(&intake);
	intake.phone = "0151\r\nX";
	refuse(&intake, "phone");
}

static void test_words(void)
{
	person_intake intake = right;
	intake.language = "xx";
	refuse(&intake, "language");
	intake = right;
	intake.document_type = "library_card";
	refuse(&intake, "document_type");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/person/names", test_names);
	g_test_add_func("/person/birth-dates", test_birth_dates);
	g_test_add_func("/person/leap-day-birthday", test_leap_day_birthday);
	g_test_add_func("/person/contacts", test_contacts);
	g_test_add_func("/person/words", test_words);
	return g_test_run();
}
