/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/json.h"
#include "ident/error.h"
#include "ident/script.h"
#include <string.h>

/* A chooser that shuffles by GLib's generator, seeded by the test. */
static gboolean choose(
	gpointer data, const char *purpose, const char *const *candidates, guint count, guint *chosen, GError **error)
{
	(void)purpose;
	(void)error;
	guint size = g_strv_length((char **)candidates);
	g_autofree guint *positions = g_new(guint, size);
	for (guint i = 0; i < size; i++)
		positions[i] = i;
	for (guint i = 0; i < count; i++) {
		guint other = g_rand_int_range(data, i, size);
		chosen[i] = positions[other];
		positions[other] = positions[i];
	}
	return TRUE;
}

static GPtrArray *planned(const char *procedure, const char *document, guint32 seed)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	GPtrArray *checks =
		ident_script_plan(ident_procedure_get(procedure, 0), ident_document_get(document), choose, rand, &error);
	g_assert_no_error(error);
	return checks;
}

static const ident_feature *feature_of(const ident_document *document, const char *key)
{
	for (guint i = 0; i < document->feature_count; i++) {
		if (strcmp(document->features[i].key, key) == 0)
			return &document->features[i];
	}
	return NULL;
}

static int position_of(const GPtrArray *checks, const char *step)
{
	for (guint i = 0; i < checks->len; i++) {
		if (strcmp(((ident_check *)checks->pdata[i])->step, step) == 0)
			return i;
	}
	return -1;
}

/* Every plan has every step, three features of three categories (two of them optically variable for ETSI), and consent first, TAN
 * last; the order of the checks differs. */
static void test_plans(void)
{
	static const char *const procedures[] = { "bafin-3-2017", "etsi-119461" }, *const documents[] = { "id_card", "passport" };
	g_autoptr(GHashTable) orders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < 400; i++) {
		const ident_procedure *procedure = ident_procedure_get(procedures[i % 2], 0);
		const ident_document *document = ident_document_get(documents[i / 2 % 2]);
		g_autoptr(GPtrArray) checks = planned(procedure->key, document->type, i);
		g_assert_cmpuint(checks->len, ==, procedure->step_count + 2 + 1);
		g_autoptr(GHashTable) categories = g_hash_table_new(g_str_hash, g_str_equal);
		GString *order = g_string_new(NULL);
		guint variable = 0;
		for (guint j = 0; j < checks->len; j++) {
			const ident_check *check = checks->pdata[j];
			g_assert_cmpuint(check->position, ==, j);
			g_string_append_printf(order, "%s ", check->step);
			if (check->rule->each != IDENT_EACH_FEATURE)
				continue;
			const ident_feature *feature = feature_of(document, check->choice);
			g_assert_true(g_hash_table_add(categories, (gpointer)feature->category));
			variable += feature->is_optically_variable;
		}
		g_hash_table_add(orders, g_string_free(order, FALSE));
		g_assert_cmpuint(g_hash_table_size(categories), ==, 3);
		g_assert_cmpuint(variable, >=, procedure->feature_optically_variable);
		g_assert_cmpint(position_of(checks, "consent"), ==, 0);
		g_assert_cmpint(position_of(checks, "tan"), ==, checks->len - 1);
		g_assert_cmpint(position_of(checks, "mrz"), <, position_of(checks, "feature_1"));
	}
	g_assert_cmpuint(g_hash_table_size(orders), >, 390);
}

static void test_texts(void)
{
	static const char *const keys[] = { "title", "say", "look", "banner" }, *const languages[] = { "de", "en" };
	const ident_document *document = ident_document_get("id_card");
	const ident_procedure *procedure = ident_procedure_get("bafin-3-2017", 0);
	g_autoptr(GPtrArray) checks = planned(procedure->key, document->type, 1);
	for (guint i = 0; i < checks->len; i++) {
		const ident_check *check = checks->pdata[i];
		g_autoptr(json_t) texts = ident_script_texts(procedure, document, check);
		for (guint j = 0; j < 8; j++)
			g_assert_cmpuint(strlen(json_text(json_object_get(texts, keys[j / 2]), languages[j % 2])), >, 2);
		if (check->rule->each == IDENT_EACH_SPOT) /* the drawn spot is named, not just any */
			g_assert_false(json_equal(json_object_get(texts, "say"), json_object_get(check->rule->texts, "say")));
	}
}

static ident_check *make_check(GPtrArray *checks, const ident_step *rule, ident_check_state state)
{
	ident_check *check = g_new0(ident_check, 1);
	check->step = g_strdup_printf("step_%u", checks->len);
	check->rule = rule;
	check->state = state;
	g_ptr_array_add(checks, check);
	return check;
}

/* All kinds of steps, all events, at the step due: what the table allows, and where it leads. */
static void test_moves(void)
{
	enum { NO = -1, OPEN = IDENT_CHECK_OPEN, DONE = IDENT_CHECK_DONE, BAD = IDENT_CHECK_FAILED };
	static const int right[IDENT_KIND_COUNT][IDENT_EVENT_COUNT] = {
		/*                        capture pass fail repeat sent right wrong */
		[IDENT_KIND_CONSENT] = { NO, DONE, BAD, OPEN, NO, NO, NO },
		[IDENT_KIND_CONFIRM] = { NO, DONE, BAD, OPEN, NO, NO, NO },
		[IDENT_KIND_CAPTURE] = { OPEN, DONE, BAD, OPEN, NO, NO, NO },
		[IDENT_KIND_RATE] = { OPEN, DONE, BAD, OPEN, NO, NO, NO },
		[IDENT_KIND_COMPARE] = { OPEN, DONE, BAD, OPEN, NO, NO, NO },
		[IDENT_KIND_ASK] = { NO, DONE, BAD, OPEN, NO, NO, NO },
		[IDENT_KIND_TAN] = { NO, NO, BAD, NO, OPEN, DONE, OPEN },
	};
	const ident_procedure procedure = { .tries = 3 };
	for (guint kind = 0; kind < IDENT_KIND_COUNT; kind++) {
		for (guint event = 0; event < IDENT_EVENT_COUNT; event++) {
			const ident_step rule = { .key = "step", .kind = kind, .rule = "V-26", .subject = "person" };
			g_autoptr(GPtrArray) checks = g_ptr_array_new_with_free_func((GDestroyNotify)ident_check_free);
			const ident_check *check = make_check(checks, &rule, IDENT_CHECK_OPEN);
			ident_check_state to;
			g_autoptr(GError) error = NULL;
			const ident_check *moved = ident_script_move(&procedure, checks, "step_0", event, &to, &error);
			if (right[kind][event] == NO) {
				g_assert_null(moved);
				g_assert_error(error, IDENT_ERROR, IDENT_ERROR_RULE);
				g_assert_cmpstr(ident_error_rule(error), ==, "V-26");
			} else {
				g_assert_no_error(error);
				g_assert_true(moved == check);
				g_assert_cmpint(to, ==, right[kind][event]);
			}
		}
	}
}

/* Two steps in all nine pairs of states, and each event at each: only the first open one behind done ones can move. */
static void test_places(void)
{
	const ident_procedure procedure = { .tries = 3 };
	const ident_step rules[] = { { .key = "a", .kind = IDENT_KIND_RATE, .rule = "V-27", .subject = "document" },
		{ .key = "b", .kind = IDENT_KIND_RATE, .rule = "V-31", .subject = "document" } };
	for (guint states = 0; states < 9; states++) {
		const ident_check_state first = states / 3, second = states % 3;
		g_autoptr(GPtrArray) checks = g_ptr_array_new_with_free_func((GDestroyNotify)ident_check_free);
		make_check(checks, &rules[0], first);
		make_check(checks, &rules[1], second);
		int due = first == IDENT_CHECK_OPEN ? 0 : first == IDENT_CHECK_DONE && second == IDENT_CHECK_OPEN ? 1 : -1;
		g_assert_true(ident_script_due(checks) == (due < 0 ? NULL : checks->pdata[due]));
		for (int place = 0; place < 2; place++) {
			for (guint event = IDENT_EVENT_CAPTURE; event <= IDENT_EVENT_REPEAT; event++) {
				ident_check_state to;
				g_autoptr(GError) error = NULL;
				const char *step = place == 0 ? "step_0" : "step_1";
				gboolean moved = ident_script_move(&procedure, checks, step, event, &to, &error) != NULL;
				g_assert_cmpint(moved, ==, place == due);
				if (moved)
					continue;
				g_assert_error(error, IDENT_ERROR, IDENT_ERROR_RULE);
				/* skipped: the rule of the step left out; changed or repeated: the step's own */
				gboolean is_skip = place == 1 && due == 0 && second == IDENT_CHECK_OPEN;
				g_assert_cmpstr(ident_error_rule(error), ==, is_skip ? "V-27" : rules[place].rule);
			}
		}
	}
}

static void test_conditions(void)
{
	const ident_procedure procedure = { .tries = 3 };
	const ident_step with_still = {
		.key = "a", .kind = IDENT_KIND_CAPTURE, .rule = "V-25", .subject = "person", .needs_still = TRUE
	};
	const ident_step without = { .key = "b", .kind = IDENT_KIND_COMPARE, .rule = "V-37" };
	g_autoptr(GPtrArray) checks = g_ptr_array_new_with_free_func((GDestroyNotify)ident_check_free);
	ident_check *check = make_check(checks, &with_still, IDENT_CHECK_OPEN);
	ident_check_state to;
	g_autoptr(GError) error = NULL;
	g_assert_null(ident_script_move(&procedure, checks, "step_0", IDENT_EVENT_PASS, &to, &error));
	g_assert_cmpstr(ident_error_rule(error), ==, "V-25");
	g_clear_error(&error);
	check->still = g_strdup("still_1");
	g_assert_nonnull(ident_script_move(&procedure, checks, "step_0", IDENT_EVENT_PASS, &to, NULL));

	/* the third try is the last (V-41) */
	for (check->tries = 0; check->tries < 3; check->tries++) {
		g_assert_nonnull(ident_script_move(&procedure, checks, "step_0", IDENT_EVENT_REPEAT, &to, NULL));
		g_assert_cmpint(to, ==, check->tries < 2 ? IDENT_CHECK_OPEN : IDENT_CHECK_FAILED);
	}
	check->tries = 2;
	g_assert_null(ident_script_move(&procedure, checks, "step_0", IDENT_EVENT_CAPTURE, &to, &error));
	g_assert_cmpstr(ident_error_rule(error), ==, "V-41");
	g_clear_error(&error);

	g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func((GDestroyNotify)ident_check_free);
	make_check(others, &without, IDENT_CHECK_OPEN);
	g_assert_null(ident_script_move(&procedure, others, "step_0", IDENT_EVENT_CAPTURE, &to, &error));
	g_assert_cmpstr(ident_error_rule(error), ==, "V-37");
	g_clear_error(&error);
	g_assert_null(ident_script_move(&procedure, others, "step_9", IDENT_EVENT_PASS, &to, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_NOT_FOUND);
}

static void test_progress(void)
{
	const ident_step rule = { .key = "a", .kind = IDENT_KIND_CONFIRM, .rule = "V-24" };
	g_autoptr(GPtrArray) checks = g_ptr_array_new_with_free_func((GDestroyNotify)ident_check_free);
	ident_check *first = make_check(checks, &rule, IDENT_CHECK_DONE), *second = make_check(checks, &rule, IDENT_CHECK_OPEN);
	g_assert_cmpint(ident_script_progress(checks), ==, IDENT_SCRIPT_GOING);
	second->state = IDENT_CHECK_DONE;
	g_assert_cmpint(ident_script_progress(checks), ==, IDENT_SCRIPT_COMPLETE);
	first->state = IDENT_CHECK_FAILED;
	g_assert_cmpint(ident_script_progress(checks), ==, IDENT_SCRIPT_FAILED);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ident/script/plans", test_plans);
	g_test_add_func("/ident/script/texts", test_texts);
	g_test_add_func("/ident/script/moves", test_moves);
	g_test_add_func("/ident/script/places", test_places);
	g_test_add_func("/ident/script/conditions", test_conditions);
	g_test_add_func("/ident/script/progress", test_progress);
	return g_test_run();
}
