/* SPDX-License-Identifier: EUPL-1.2 */
#include "booking/audit/log.h"
#include "fixture.h"
#include "ident/draw.h"

static const char *const letters[] = { "a", "b", "c", "d", "e", NULL };

/* Computed by another program (Python's hmac) from the description in draw.h. */
static void test_known_answer(void)
{
	static const guint right[] = { 0, 3, 2, 1, 4 };
	guint8 seed[32];
	guint chosen[5];
	for (guint i = 0; i < sizeof(seed); i++)
		seed[i] = i;
	g_autoptr(json_t) message = json_pack("{s:s, s:[s,s], s:[s,s,s,s,s]}", "label", "attempt_x/spots", "nonces", "00ff",
		"11ee", "candidates", "a", "b", "c", "d", "e");
	draw_compute(seed, message, 5, 5, chosen);
	g_assert_cmpmem(chosen, sizeof(chosen), right, sizeof(right));
}

/* 6000 draws of 2 out of 6: each about 1000 times first and 1000 times second; the bound is five standard deviations. */
static void test_uniform(void)
{
	guint counts[2][6] = { 0 };
	guint8 seed[32] = { 0 };
	for (guint i = 0; i < 6000; i++) {
		guint chosen[2];
		memcpy(seed, &i, sizeof(i));
		g_autoptr(json_t) message = json_pack("{s:s}", "label", "x");
		draw_compute(seed, message, 6, 2, chosen);
		g_assert_cmpuint(chosen[0], !=, chosen[1]);
		counts[0][chosen[0]]++;
		counts[1][chosen[1]]++;
	}
	for (guint i = 0; i < 12; i++) {
		g_assert_cmpuint(counts[i / 6][i % 6], >, 855);
		g_assert_cmpuint(counts[i / 6][i % 6], <, 1145);
	}
}

static json_t *drawn(booking_context *context, const char *label, guint count)
{
	static const char *const nonces[] = { "ff", "00", NULL };
	g_autoptr(GError) error = NULL;
	json_t *proof = NULL;
	draw_choose(context->db, fixed.town, label, nonces, letters, count, context->now_ms, &proof, &error);
	g_assert_no_error(error);
	return proof;
}

/* The audit entry at `sequence`: its action, and one member of its details. */
static char *logged(booking_context *context, int64_t sequence, const char *member)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) entries = audit_entries(context->db, fixed.town, sequence, 1, &error);
	g_assert_no_error(error);
	const json_t *entry = json_array_get(entries, 0);
	return g_strdup_printf("%s %s", json_text(entry, "action"), json_text(json_object_get(entry, "details"), member));
}

static void test_chain(booking_context *context)
{
	g_autoptr(json_t) first = drawn(context, "one", 2);
	g_autoptr(json_t) second = drawn(context, "two", 5);
	const char *reason;
	g_assert_true(draw_verify(first, &reason));
	g_assert_true(draw_verify(second, &reason));
	g_assert_null(reason);
	g_assert_cmpuint(json_array_size(json_object_get(first, "chosen")), ==, 2);
	g_assert_cmpstr(json_text(first, "seed"), !=, json_text(second, "seed"));
	g_assert_cmpint(json_int(second, "number"), ==, json_int(first, "number") + 1);

	/* committed before, revealed after, the next one committed by then */
	g_assert_cmpint(json_int(second, "committed"), ==, json_int(first, "made") + 1);
	g_autofree char *committed = logged(context, json_int(second, "committed"), "commitment");
	g_autofree char *expected = g_strdup_printf("draw.committed %s", json_text(second, "commitment"));
	g_assert_cmpstr(committed, ==, expected);
	g_autofree char *made = logged(context, json_int(second, "made"), "seed");
	g_autofree char *revealed = g_strdup_printf("draw.made %s", json_text(second, "seed"));
	g_assert_cmpstr(made, ==, revealed);

	/* the order in which browsers answered does not matter */
	g_assert_cmpstr(json_string_value(json_array_get(json_object_get(first, "nonces"), 0)), ==, "00");

	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) all = draw_list(context->db, fixed.town, "", &error);
	g_assert_no_error(error);
	g_assert_cmpuint(json_array_size(all), ==, 2);
}

static void test_prepare(booking_context *context)
{
	g_autoptr(GError) error = NULL;
	for (guint i = 0; i < 3; i++)
		g_assert_true(draw_prepare(context->db, fixed.town, context->now_ms, &error));
	g_assert_cmpint(count_rows(context, "SELECT COUNT(*) AS count FROM draw_seed"), ==, 1);
}

static void test_tampering(booking_context *context)
{
	/* So many that no other order comes out by chance. */
	static const char *const many[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p",
		NULL };
	static const char *const nonces[] = { "ff", "00", NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) proof = NULL;
	draw_choose(context->db, fixed.town, "one", nonces, many, G_N_ELEMENTS(many) - 1, context->now_ms, &proof, &error);
	g_assert_no_error(error);
	json_t *candidates = json_deep_copy(json_object_get(proof, "candidates"));
	json_array_set_new(candidates, 3, json_string("z"));
	json_t *swapped = json_pack("[i, i]", draw_chosen(proof, 1), draw_chosen(proof, 0));
	struct {
		const char *key;
		json_t *value;
	} changes[] = {
		{ "chosen", swapped },
		{ "chosen", json_pack("[i]", draw_chosen(proof, 1)) },
		{ "chosen", json_string("0") },
		{ "label", json_string("two") },
		{ "nonces", json_pack("[s]", "00") },
		{ "nonces", json_pack("[i]", 1) },
		{ "candidates", candidates },
		{ "candidates", json_array() },
		{ "seed", json_string("00") },
		{ "seed", json_string("0000000000000000000000000000000000000000000000000000000000000000") },
		{ "commitment", json_string("00") },
		{ "committed", json_integer(1000000) },
	};
	for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autoptr(json_t) changed = json_deep_copy(proof);
		const char *reason = NULL;
		json_object_set_new(changed, changes[i].key, changes[i].value);
		g_assert_false(draw_verify(changed, &reason));
		g_assert_nonnull(reason);
	}
	const char *reason;
	g_assert_false(draw_verify(NULL, &reason));
}

static void test_refusals(booking_context *context)
{
	static const char *const none[] = { NULL }, *const twice[] = { "a", "a", NULL };
	g_autoptr(GError) error = NULL;
	json_t *proof = NULL;
	g_assert_false(draw_choose(context->db, fixed.town, "x", NULL, none, 0, 1, &proof, &error));
	g_clear_error(&error);
	g_assert_false(draw_choose(context->db, fixed.town, "x", NULL, twice, 1, 1, &proof, &error));
	g_clear_error(&error);
	g_assert_false(draw_choose(context->db, fixed.town, "x", NULL, letters, 6, 1, &proof, &error));
	g_assert_error(error, IDENT_ERROR, IDENT_ERROR_INVALID);
	g_assert_null(proof);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ident/draw/known_answer", test_known_answer);
	g_test_add_func("/ident/draw/uniform", test_uniform);
	ADD_TEST("/ident/draw/chain", test_chain);
	ADD_TEST("/ident/draw/prepare", test_prepare);
	ADD_TEST("/ident/draw/tampering", test_tampering);
	ADD_TEST("/ident/draw/refusals", test_refusals);
	return run_ident_tests();
}
