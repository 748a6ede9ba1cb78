/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/unit/booking/fixture.h"

static void test_roles(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(staff) renate = staff_by_login(context->db, "renate", &error);
	g_assert_no_error(error);
	g_assert_cmpstr(renate->organisation, ==, fixed.town);
	g_assert_cmpstr(renate->office, ==, fixed.hall);
	g_autofree char *roles = g_strjoinv(",", renate->roles);
	g_assert_cmpstr(roles, ==, "administrator,registrar");
	g_autoptr(staff) same = staff_load(context->db, renate->id, &error);
	g_assert_cmpstr(same->name, ==, "Renate Richter");
	g_assert_null(staff_by_login(context->db, "nobody", &error));
	g_assert_error(error, BOOKING_ERROR, BOOKING_ERROR_NOT_FOUND);
}

static void test_training(booking_context *context)
{
	g_autoptr(staff) renate = staff_by_login(context->db, "renate", NULL);
	g_autoptr(staff) anna = staff_by_login(context->db, "anna", NULL);
	g_assert_cmpint(staff_trained_until_ms(context->db, renate->id, NULL), >, context->now_ms);
	g_assert_cmpint(staff_trained_until_ms(context->db, anna->id, NULL), ==, 0);
}

static void test_list_is_of_one_organisation(booking_context *context)
{
	g_autoptr(json_t) list = staff_list(context->db, fixed.help, NULL);
	g_assert_cmpint(json_array_size(list), ==, 1);
	g_assert_cmpstr(json_text(json_array_get(list, 0), "login"), ==, "anna");
	g_assert_null(json_text(json_array_get(list, 0), "password_hash"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD_TEST("/staff/roles", test_roles);
	ADD_TEST("/staff/training", test_training);
	ADD_TEST("/staff/list-is-of-one-organisation", test_list_is_of_one_organisation);
	return run_tests_on_installation();
}
