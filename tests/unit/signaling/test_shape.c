/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "signaling/call.h"
#include "signaling/error.h"
#include "signaling/protocol/handlers.h"

#include <string.h>

#define OFFICE "office_00000000000000000000000000"
#define HOLD(start, more)                                                                                                        \
	"{\"office\":\"" OFFICE "\",\"service\":\"marriage\",\"start_ms\":" start ",\"key\":\"0123456789abcdefghijkl\"" more "}"
#define BOOK(persons) "{\"appointment\":\"appointment_00000000000000000000000000\",\"together\":true,\"persons\":[" persons "]}"
#define PERSON(name, date, more)                                                                                                 \
	"{\"given_names\":\"" name "\",\"family_name\":\"Dvořák\",\"birth_date\":\"" date                                        \
	"\",\"email\":\"zoe@example.org\",\"language\":\"de\",\"document_type\":\"id_card\"" more "}"
#define ZOE PERSON("Zoë", "1990-05-17", "")

static decoded *read_input(const char *operation, const char *text, GError **error)
{
	g_autoptr(json_t) value = json_loads(text, JSON_DECODE_ANY, NULL);
	g_assert_nonnull(value);
	return decode(operation_by_name(operation)->input, value, error);
}

static void test_refusals(void)
{
	static const struct {
		const char *operation, *input, *message;
	} cases[] = {
		{ "hold.create", "[]", "in: must be an object" },
		{ "hold.create", "{}", "office: is missing" },
		{ "hold.create", HOLD("\"1\"", ""), "start_ms: must be a whole number" },
		{ "hold.create", HOLD("1.0", ""), "start_ms: must be a whole number" },
		{ "hold.create", HOLD("-1", ""), "start_ms: must be from 0 to 253402300799999" },
		{ "hold.create", HOLD("null", ""), "start_ms: must be a whole number" },
		{ "hold.create", HOLD("1", ",\"more\":1"), "in: has a member that is not known here" },
		{ "appointment.book", BOOK(PERSON("", "1990-05-17", "")), "persons[0].given_names: must not be empty" },
		{ "appointment.book", BOOK(ZOE "," PERSON("Jø\\n", "1990-05-17", "")),
			"persons[1].given_names: must be a name without control characters" },
		{ "appointment.book", BOOK(PERSON("Zoë", "17.5.1990", "")),
			"persons[0].birth_date: must be a date such as 1990-12-31" },
		{ "appointment.book", BOOK(PERSON("Zoë", "1990-05-17\\n", "")),
			"persons[0].birth_date: must be a date such as 1990-12-31" },
		{ "appointment.book", BOOK(ZOE "," ZOE "," ZOE), "persons: has more than 2 items" },
		{ "appointment.book", BOOK(PERSON("Zoë", "1990-05-17", ",\"phone\":5")),
			"persons[0].phone: must be a telephone number" },
		{ "media.state", "{\"audio\":1,\"video\":false}", "audio: must be true or false" },
		{ "session.end", "{\"session\":\"session_00000000000000000000000000\",\"reason\":\"boredom\"}",
			"reason: must be one of completed, technical, identification_failed, no_consent, person_wishes, "
			"suspected_fraud, office" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_null(read_input(cases[i].operation, cases[i].input, &error));
		g_assert_error(error, SIGNALING_ERROR, SIGNALING_ERROR_INPUT);
		g_assert_cmpstr(error->message, ==, cases[i].message);
	}
}

static void test_structs(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(decoded) decoded = read_input(
		"appointment.book", BOOK(ZOE "," PERSON("Jørgen", "1988-11-02", ",\"phone\":\"+49 123 456\"")), &error);
	g_assert_no_error(error);
	const appointment_book_in *in = decoded_struct(decoded);
	g_assert_true(in->together);
	g_assert_cmpuint(in->persons_count, ==, 2);
	g_assert_cmpstr(in->persons[0].given_names, ==, "Zoë");
	g_assert_null(in->persons[0].phone);
	g_assert_cmpstr(in->persons[1].phone, ==, "+49 123 456");
}

static void test_optional_numbers(void)
{
	g_autoptr(decoded) without = read_input("time.list", "{\"office\":\"" OFFICE "\",\"service\":\"marriage\"}", NULL);
	g_assert_false(((const time_list_in *)decoded_struct(without))->has_days);
	g_autoptr(decoded) with =
		read_input("time.list", "{\"office\":\"" OFFICE "\",\"service\":\"marriage\",\"days\":7}", NULL);
	g_assert_true(((const time_list_in *)decoded_struct(with))->has_days);
	g_assert_cmpint(((const time_list_in *)decoded_struct(with))->days, ==, 7);
}

/* Lengths count characters, not bytes. */
static void test_length(void)
{
	g_autoptr(GString) name = g_string_new(NULL);
	for (int i = 0; i < 120; i++)
		g_string_append(name, "ß");
	g_autofree char *fits = g_strdup_printf(BOOK(PERSON("%s", "1990-05-17", "")), name->str);
	g_autofree char *is_longer = g_strdup_printf(BOOK(PERSON("%sx", "1990-05-17", "")), name->str);
	g_autoptr(decoded) decoded = read_input("appointment.book", fits, NULL);
	g_assert_nonnull(decoded);
	g_autoptr(GError) error = NULL;
	g_assert_null(read_input("appointment.book", is_longer, &error));
	g_assert_cmpstr(error->message, ==, "persons[0].given_names: is longer than 120 characters");
}

/* Every operation is found by its name, and by its path with something in each hole. */
static void test_dispatch(void)
{
	for (size_t i = 0; i < operations_count; i++) {
		const operation *operation = &operations[i];
		g_assert_true(operation_by_name(operation->name) == operation);
		if (operation->path == NULL)
			continue;
		g_autoptr(GRegex) hole = g_regex_new("\\{\\w+\\}", 0, 0, NULL);
		g_autofree char *path = g_regex_replace_literal(hole, operation->path, -1, 0, "x", 0, NULL);
		g_autoptr(json_t) input = json_object();
		gboolean is_path_known = FALSE;
		g_assert_true(operation_by_path(operation->method, path, input, &is_path_known) == operation);
		g_assert_cmpuint(json_object_size(input), ==, strchr(operation->path, '{') != NULL);
		g_assert_null(operation_by_path("PATCH", path, input, &is_path_known));
		g_assert_true(is_path_known);
	}
	g_assert_null(operation_by_name("nonsense"));
}

static void test_arguments(void)
{
	const operation *list = operation_by_name("time.list");
	g_autoptr(json_t) input = json_object();
	g_assert_true(operation_add_argument(list, "days", "7", input));
	g_assert_false(operation_add_argument(list, "days", "8", input));
	g_assert_false(operation_add_argument(list, "from", "\xff", input));
	g_assert_true(operation_add_argument(list, "service", "7", input));
	g_assert_true(json_is_integer(json_object_get(input, "days")));
	g_assert_true(json_is_string(json_object_get(input, "service")));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/shape/refusals", test_refusals);
	g_test_add_func("/shape/structs", test_structs);
	g_test_add_func("/shape/optional-numbers", test_optional_numbers);
	g_test_add_func("/shape/length", test_length);
	g_test_add_func("/shape/dispatch", test_dispatch);
	g_test_add_func("/shape/arguments", test_arguments);
	return g_test_run();
}
