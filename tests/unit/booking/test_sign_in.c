/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/sign-in.h"
#include "tests/unit/booking/fixture.h"

/* How many more tries are void, one a minute. */
static int void_minutes(booking_context *context, const char *login)
{
	booking_context later = *context;
	gboolean is_locked = TRUE;
	int minutes = -1;
	for (; is_locked && minutes < 100; minutes++, later.now_ms += MINUTE_MS)
		g_assert_true(sign_in_try(&later, login, &is_locked, NULL));
	context->now_ms = later.now_ms;
	return minutes;
}

static void test_locks(booking_context *context)
{
	/* Nobody's login is locked like somebody's. */
	for (const char **login = (const char *[]){ "renate", "nobody@example.org", NULL }; *login != NULL; login++) {
		gboolean is_locked = TRUE;
		for (int i = 0; i < SIGN_IN_TRIES; i++) {
			g_assert_true(sign_in_try(context, *login, &is_locked, NULL));
			g_assert_false(is_locked);
		}
		g_assert_true(sign_in_try(context, *login, &is_locked, NULL));
		g_assert_true(is_locked);
		g_assert_cmpint(void_minutes(context, *login), ==, 1);
		g_assert_cmpint(void_minutes(context, *login), ==, 1);
		g_assert_cmpint(void_minutes(context, *login), ==, 3);
		for (int i = 0; i < 10; i++)
			void_minutes(context, *login);
		g_assert_cmpint(void_minutes(context, *login), ==, 59);
		g_assert_true(sign_in_succeeded(context, *login, NULL));
		g_assert_cmpint(void_minutes(context, *login), ==, 0);
		context->now_ms += SIGN_IN_FORGET_MS;
		g_assert_true(sign_in_sweep(context, NULL));
	}
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM sign_in_try"), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/sign-in/locks", test_locks);
	return run_tests_on_installation();
}
