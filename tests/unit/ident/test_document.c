/* SPDX-License-Identifier: EUPL-1.2 */
#include "ident/document.h"
#include "ident/error.h"

/* 2027-03-01 */
#define NOW_MS INT64_C(1803880800000)

static const struct {
	const char *type, *issue, *expiry, *birth;
	int code; /* -1: plausible */
} cases[] = {
	{ "id_card", "2021-11-01", "2031-10-31", "1983-08-12", -1 },
	{ "id_card", "2021-11-01", "2031-11-01", "1983-08-12", -1 },
	{ "id_card", "2024-05-01", "2030-04-30", "2005-01-01", -1 },               /* six years below 24 */
	{ "id_card", "2024-05-01", "2030-04-30", "2000-01-01", IDENT_ERROR_RULE }, /* six years at 24 */
	{ "id_card", "2024-05-01", "2030-04-30", "2000-05-01", IDENT_ERROR_RULE }, /* 24 on the day */
	{ "id_card", "2024-05-01", "2030-04-30", "2000-05-02", -1 },
	{ "id_card", "2024-05-01", "2029-04-30", "1983-08-12", IDENT_ERROR_RULE }, /* five years */
	{ "id_card", "2016-02-29", "2026-02-28", "1983-08-12", IDENT_ERROR_RULE }, /* expired */
	{ "id_card", "2017-03-01", "2027-03-01", "1983-08-12", -1 },               /* last day */
	{ "id_card", "2027-03-02", "2037-03-01", "1983-08-12", IDENT_ERROR_RULE }, /* issued tomorrow */
	{ "id_card", "2021-11-01", "2031-10-31", "2022-01-01", IDENT_ERROR_RULE }, /* before birth */
	{ "passport", "2026-12-01", "2027-12-01", "1983-08-12", -1 },              /* temporary */
	{ "id_card", "1.11.2021", "2031-10-31", "1983-08-12", IDENT_ERROR_INVALID },
	{ "id_card", "2021-13-01", "2031-10-31", "1983-08-12", IDENT_ERROR_INVALID },
	{ "id_card", "", "2031-10-31", "1983-08-12", IDENT_ERROR_INVALID },
};

static void test_validity(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		gboolean is_plausible = ident_document_check_validity(
			ident_document_get(cases[i].type), cases[i].issue, cases[i].expiry, cases[i].birth, NOW_MS, &error);
		g_test_message("%s to %s", cases[i].issue, cases[i].expiry);
		g_assert_cmpint(is_plausible, ==, cases[i].code < 0);
		g_assert_cmpint(error != NULL ? error->code : -1, ==, cases[i].code);
		if (cases[i].code == IDENT_ERROR_RULE)
			g_assert_cmpstr(ident_error_rule(error), ==, "V-34");
	}
}

/* V-07: at least three categories of features; and a place for the finger. */
static void test_catalogue(void)
{
	static const char *const types[] = { "id_card", "passport" };
	for (guint i = 0; i < 2; i++) {
		const ident_document *document = ident_document_get(types[i]);
		g_autoptr(GHashTable) categories = g_hash_table_new(g_str_hash, g_str_equal);
		for (guint j = 0; j < document->feature_count; j++)
			g_hash_table_add(categories, (gpointer)document->features[j].category);
		g_assert_cmpuint(g_hash_table_size(categories), >=, 3);
		g_assert_cmpuint(document->spot_count, >=, 3);
		g_assert_nonnull(document->mrz_subject);
	}
	g_assert_null(ident_document_get("driving_licence"));
	g_assert_null(ident_document_get(NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ident/document/validity", test_validity);
	g_test_add_func("/ident/document/catalogue", test_catalogue);
	return g_test_run();
}
