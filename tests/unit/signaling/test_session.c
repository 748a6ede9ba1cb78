/* SPDX-License-Identifier: EUPL-1.2 */
/* The decisions about sessions that are pure: moves, estimates, recording, eligibility. What they do in the database is tested
 * against the real program (tests/integration/signaling). */
#include "signaling/desk.h"
#include "signaling/limits.h"
#include "signaling/lobby.h"
#include "signaling/pairing.h"
#include "signaling/score.h"
#include "signaling/session.h"

#define NONE SESSION_STATES

/* The whole product, legal and not. */
static void test_moves(void)
{
	static const int wanted[SESSION_STATES][SESSION_EVENTS] = {
		/*                     assign            join          requeue          end              close */
		[SESSION_WAITING] = { SESSION_ASSIGNED, NONE, NONE, NONE, NONE },
		[SESSION_ASSIGNED] = { NONE, SESSION_LIVE, SESSION_WAITING, NONE, NONE },
		[SESSION_LIVE] = { NONE, NONE, SESSION_WAITING, SESSION_WRAP_UP, NONE },
		[SESSION_WRAP_UP] = { NONE, NONE, NONE, NONE, SESSION_ENDED },
		[SESSION_ENDED] = { NONE, NONE, NONE, NONE, NONE },
	};
	for (int state = 0; state < SESSION_STATES; state++)
		for (int event = 0; event < SESSION_EVENTS; event++) {
			session_state next = NONE;
			gboolean is_legal = session_next((session_state)state, (session_event)event, &next);
			g_assert_cmpint(is_legal, ==, wanted[state][event] != NONE);
			g_assert_cmpint(next, ==, wanted[state][event]);
		}
}

static void test_recording(void)
{
	static const struct {
		gboolean is_live, is_identifying;
		guint present, consented, withdrawn;
		score_record record;
	} cases[] = {
		{ TRUE, TRUE, 2, 2, 0, SCORE_RECORD_ON },
		{ TRUE, TRUE, 1, 1, 0, SCORE_RECORD_ON },
		{ TRUE, TRUE, 2, 1, 0, SCORE_RECORD_PAUSED },
		{ TRUE, TRUE, 2, 0, 0, SCORE_RECORD_PAUSED },
		{ TRUE, TRUE, 0, 0, 0, SCORE_RECORD_NOTHING },
		{ TRUE, FALSE, 2, 2, 0, SCORE_RECORD_NOTHING },
		{ FALSE, TRUE, 2, 2, 0, SCORE_RECORD_STOPPED },
		{ TRUE, TRUE, 2, 1, 1, SCORE_RECORD_DESTROYED },
		{ FALSE, TRUE, 2, 1, 1, SCORE_RECORD_DESTROYED },
		{ TRUE, TRUE, 0, 0, 1, SCORE_RECORD_DESTROYED },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpint(score_decide(cases[i].is_live, cases[i].is_identifying, cases[i].present, cases[i].consented,
					cases[i].withdrawn),
			==, cases[i].record);
}

static void test_estimate(void)
{
	enum { MINUTE = 60000 };
	static const struct {
		lobby_facts facts;
		int min_minutes, max_minutes;
	} cases[] = {
		{ { 1, 0, 0, 1 }, 0, 5 },
		{ { 2, 30 * MINUTE, 0, 1 }, 15, 50 },
		{ { 3, 60 * MINUTE, 0, 2 }, 15, 50 },
		{ { 2, 30 * MINUTE, -10 * MINUTE, 0 }, 0, 90 },
		{ { 1, 0, 20 * MINUTE, 0 }, 20, 80 },
		{ { 1, 0, 20 * MINUTE + 1, 0 }, 20, 81 },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		int64_t min_ms = -1, max_ms = -1;
		lobby_estimate(&cases[i].facts, &min_ms, &max_ms);
		g_assert_cmpint(min_ms, ==, cases[i].min_minutes * MINUTE);
		g_assert_cmpint(max_ms, ==, cases[i].max_minutes * MINUTE);
	}
}

static void test_eligibility(void)
{
	static const struct {
		const char *office;
		gboolean is_registrar, is_identifying, may_take;
	} cases[] = {
		{ NULL, TRUE, TRUE, TRUE },
		{ NULL, TRUE, FALSE, TRUE },
		{ "office_mitte", TRUE, FALSE, TRUE },
		{ "office_nord", TRUE, TRUE, FALSE },
		{ NULL, FALSE, TRUE, TRUE },
		{ NULL, FALSE, FALSE, FALSE },
		{ "office_nord", FALSE, TRUE, FALSE },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		pairing_officer officer = { .office = (char *)cases[i].office, .is_registrar = cases[i].is_registrar };
		waiting_entry entry = { .office = (char *)"office_mitte", .is_identifying = cases[i].is_identifying };
		g_assert_cmpint(pairing_may_take_own(&officer, &entry), ==, cases[i].may_take);
	}
}

static void test_blocked(void)
{
	const int64_t now_ms = INT64_C(1800000000000);
	g_assert_null(desk_blocked(now_ms - 1000, now_ms + 1000, now_ms));
	g_assert_cmpstr(desk_blocked(now_ms - 1000, now_ms, now_ms), ==, "training_expired");
	g_assert_cmpstr(desk_blocked(now_ms - 1000, 0, now_ms), ==, "training_expired");
	g_assert_cmpstr(desk_blocked(0, now_ms + 1000, now_ms), ==, "room_not_attested");
	g_assert_cmpstr(desk_blocked(now_ms - SHIFT_MS, now_ms + 1000, now_ms), ==, "room_not_attested");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/session/moves", test_moves);
	g_test_add_func("/session/recording", test_recording);
	g_test_add_func("/session/estimate", test_estimate);
	g_test_add_func("/session/eligibility", test_eligibility);
	g_test_add_func("/session/blocked", test_blocked);
	return g_test_run();
}
