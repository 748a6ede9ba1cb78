/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/unit/booking/fixture.h"

#define WRONG_DATE "1983-08-13"

static link_result open_link(const booking_context *context, const char *token, const char *birth_date)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *person = NULL;
	link_result result;
	g_assert_true(link_open(context, token, birth_date, &result, &person, &error));
	g_assert_true((person != NULL) == (result == LINK_OPENED));
	return result;
}

static char *own_link(const booking_context *context, const char *email)
{
	g_autoptr(appointment) confirmed = confirmed_at(context, NINE_MS, FALSE);
	return token_in_mail(context, confirmed->id, "confirmed", email, "visit");
}

static void test_opens_with_the_date_of_birth(booking_context *context)
{
	g_autofree char *token = own_link(context, john.email);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM person WHERE has_confirmed = 1"), ==, 1);
	g_assert_cmpint(open_link(context, token, erika.birth_date), ==, LINK_WRONG); /* the partner's */
	g_assert_cmpint(open_link(context, token, john.birth_date), ==, LINK_OPENED);
	g_assert_cmpint(open_link(context, token, john.birth_date), ==, LINK_OPENED);
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM person WHERE has_confirmed = 1"), ==, 2);
	g_assert_cmpint(open_link(context, "0123456789012345678901234567890123456789012", john.birth_date), ==, LINK_WRONG);
}

static void test_locks_after_wrong_dates(booking_context *context)
{
	g_autofree char *token = own_link(context, erika.email);
	for (int i = 0; i < LINK_TRIES; i++)
		g_assert_cmpint(open_link(context, token, WRONG_DATE), ==, LINK_WRONG);
	g_assert_cmpint(open_link(context, token, erika.birth_date), ==, LINK_LOCKED);
	context->now_ms += LINK_LOCK_MS;
	g_assert_cmpint(open_link(context, token, erika.birth_date), ==, LINK_OPENED);
}

static void test_dies_after_many(booking_context *context)
{
	g_autofree char *token = own_link(context, erika.email);
	for (int i = 0; i < LINK_TRIES_TOTAL; i++) {
		/* A right one between does not give more tries in total. */
		if (i % 3 == 0)
			g_assert_cmpint(open_link(context, token, erika.birth_date), ==, LINK_OPENED);
		g_assert_cmpint(open_link(context, token, WRONG_DATE), ==, LINK_WRONG);
		context->now_ms += LINK_LOCK_MS;
	}
	g_assert_cmpint(open_link(context, token, erika.birth_date), ==, LINK_LOCKED);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/link/opens-with-the-date-of-birth", test_opens_with_the_date_of_birth);
	ADD_TEST("/link/locks-after-wrong-dates", test_locks_after_wrong_dates);
	ADD_TEST("/link/dies-after-many", test_dies_after_many);
	return run_tests_on_installation();
}
