/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/error.h"
#include "ident/procedure.h"
#include <string.h>

static void test_shipped(void)
{
	static const char *const bafin[] = { "V-22", "V-23", "V-24", "V-25", "V-26", "V-27", "V-29", "V-30", "V-31", "V-32",
		"V-33", "V-34", "V-35", "V-36", "V-37", "V-38", "V-39", "V-40" };
	static const char *const keys[] = { "bafin-3-2017", "etsi-119461" };
	for (guint k = 0; k < 2; k++) {
		const ident_procedure *procedure = ident_procedure_get(keys[k], 0);
		g_assert_nonnull(procedure);
		g_assert_true(ident_procedure_get(keys[k], 1) == procedure);
		for (guint i = 0; i < G_N_ELEMENTS(bafin); i++) {
			gboolean is_covered = FALSE;
			for (guint j = 0; j < procedure->step_count; j++)
				is_covered |= strcmp(procedure->steps[j].rule, bafin[i]) == 0;
			g_assert_true(is_covered);
		}
	}
	g_assert_cmpuint(ident_procedure_get("talk", 0)->step_count, ==, 0);
	g_assert_null(ident_procedure_get("bafin-3-2017", 99));
	g_assert_null(ident_procedure_get("nothing", 0));
	g_assert_null(ident_procedure_get(NULL, 0));
}

static void test_names(void)
{
	const ident_procedure *procedure = ident_procedure_get("bafin-3-2017", 0);
	g_assert_cmpstr(ident_procedure_step_of(procedure, "feature_2")->key, ==, "feature");
	g_assert_cmpstr(ident_procedure_step_of(procedure, "own_will")->key, ==, "own_will");
	g_assert_null(ident_procedure_step_of(procedure, "nothing_1"));
}

#define TEXTS                                                                                                                    \
	"\"title\":{\"de\":\"a\",\"en\":\"a\"},\"say\":{\"de\":\"a\",\"en\":\"a\"},\"look\":{\"de\":\"a\",\"en\":\"a\"},"        \
	"\"banner\":{\"de\":\"a\",\"en\":\"a\"}"
#define CONSENT "{\"step\":\"consent\",\"kind\":\"consent\",\"rule\":\"V-22\"," TEXTS "}"
#define FILE_OF(steps)                                                                                                           \
	"{\"key\":\"x\",\"version\":1,\"title\":{},\"tries\":3,\"features\":{\"count\":0,\"categories\":0,\"optically_"          \
	"variable\":0},"                                                                                                         \
	"\"questions\":{\"count\":0,\"pool\":[]},\"steps\":[" steps "]}"

static void test_validation(void)
{
	static const struct {
		const char *json;
		gboolean is_valid;
	} files[] = {
		{ FILE_OF(CONSENT), TRUE },
		{ FILE_OF(CONSENT ",{\"step\":\"a\",\"kind\":\"confirm\",\"rule\":\"V-24\"," TEXTS "}"), TRUE },
		{ FILE_OF("{\"step\":\"a\",\"kind\":\"confirm\",\"rule\":\"V-24\"," TEXTS "}"), FALSE }, /* no consent first */
		{ FILE_OF(CONSENT "," CONSENT), FALSE },
		{ FILE_OF(CONSENT ",{\"step\":\"a\",\"kind\":\"dance\",\"rule\":\"V-24\"," TEXTS "}"), FALSE },
		{ FILE_OF(CONSENT ",{\"step\":\"A1\",\"kind\":\"confirm\",\"rule\":\"V-24\"," TEXTS "}"), FALSE },
		{ FILE_OF(CONSENT ",{\"step\":\"a\",\"kind\":\"confirm\",\"rule\":\"24\"," TEXTS "}"), FALSE },
		{ FILE_OF(CONSENT ",{\"step\":\"a\",\"kind\":\"confirm\",\"rule\":\"V-24\"}"), FALSE },           /* no texts */
		{ FILE_OF(CONSENT ",{\"step\":\"a\",\"kind\":\"capture\",\"rule\":\"V-26\"," TEXTS "}"), FALSE }, /* of what? */
		{ FILE_OF(CONSENT ",{\"step\":\"a\",\"kind\":\"capture\",\"rule\":\"V-26\",\"subject\":\"cat\"," TEXTS "}"),
			FALSE },
		{ FILE_OF(CONSENT ",{\"step\":\"a\",\"kind\":\"ask\",\"rule\":\"V-26\",\"group\":\"g\"," TEXTS "}"
				  ",{\"step\":\"b\",\"kind\":\"ask\",\"rule\":\"V-26\"," TEXTS "}"
				  ",{\"step\":\"c\",\"kind\":\"ask\",\"rule\":\"V-26\",\"group\":\"g\"," TEXTS "}"),
			FALSE }, /* torn group */
		{ "{}", FALSE },
		{ "[]", FALSE },
		{ "", FALSE },
	};
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(ident_procedure) procedure = ident_procedure_parse(files[i].json, strlen(files[i].json), &error);
		g_test_message("%s", files[i].json);
		g_assert_cmpint(procedure != NULL, ==, files[i].is_valid);
		g_assert_cmpint(error == NULL, ==, files[i].is_valid);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ident/procedure/shipped", test_shipped);
	g_test_add_func("/ident/procedure/names", test_names);
	g_test_add_func("/ident/procedure/validation", test_validation);
	return g_test_run();
}
