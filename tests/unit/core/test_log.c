/* SPDX-License-Identifier: EUPL-1.2 */
/* Each case runs in a child, because where events go is a matter of the whole process. */
#include "core/log.h"
#include "core/clock.h"
#include "core/metrics.h"
#include <jansson.h>
#include <string.h>

static void write_events(void)
{
	LOG_SCOPE("session", "session_1");
	log_debug("not written");
	log_info("peer joined", LOG_TEXT("peer", "peer_1"), LOG_INT("count", -3));
	{
		LOG_SCOPE("attempt", "attempt 1");
		log_warning("odd text", LOG_TEXT("text", "a\nb \"c\" \x1b[31m\xff"), LOG_TEXT("nothing", NULL));
	}
	log_error("alone");
}

static void test_text(void)
{
	if (g_test_subprocess()) {
		log_open("serve", LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
		write_events();
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_passed();
	g_test_trap_assert_stderr("*info    serve: peer joined peer=peer_1 count=-3 session=session_1\n*");
	g_test_trap_assert_stderr(
		"*warning serve: odd text text=\"a b 'c'  [31m*\" nothing=\"\" attempt=\"attempt 1\" session=session_1\n*");
	g_test_trap_assert_stderr("*error   serve: alone session=session_1\n");
	g_test_trap_assert_stderr_unmatched("*not written*");
}

static void test_json(void)
{
	if (g_test_subprocess()) {
		log_open("media", LOG_LEVEL_WARNING, LOG_FORMAT_JSON);
		write_events();
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_passed();
	g_test_trap_assert_stderr("{*\"level\":\"warning\",\"message\":\"odd "
				  "text\",\"process\":\"media\",\"text\":\"a\\nb*\",\"attempt\":\"attempt "
				  "1\",\"session\":\"session_1\"}\n{*\"alone\"*}\n");
	g_test_trap_assert_stderr_unmatched("*peer joined*");
}

static void test_clock(void)
{
	g_autofree char *then = clock_text(1790000000123), *before = clock_text(-1);
	g_assert_cmpstr(then, ==, "2026-09-21T14:13:20.123Z");
	g_assert_cmpstr(before, ==, "1969-12-31T23:59:59.999Z");
}

static void test_metrics(void)
{
	static const int64_t bounds[] = { 10, 100, 0 };
	metric *sent = metric_counter("jawort_mails_total", "kind=\"reminder\"", "Mails sent");
	metric *waiting = metric_gauge("jawort_waiting", NULL, "People waiting");
	metric *delay = metric_histogram("jawort_delay_ms", NULL, "Delay", bounds);
	g_assert_true(metric_counter("jawort_mails_total", "kind=\"reminder\"", "Mails sent") == sent);
	metric_add(metric_counter("jawort_mails_total", "kind=\"change\"", "Mails sent"), 1);
	metric_add(sent, 2);
	metric_set(waiting, 5);
	metric_add(waiting, -1);
	metric_observe(delay, 10);
	metric_observe(delay, 11);
	metric_observe(delay, 5000);
	g_assert_cmpint(metric_value(delay), ==, 3);
	g_autofree char *text = metrics_text();
	g_assert_cmpstr(text, ==,
		"# HELP jawort_delay_ms Delay\n# TYPE jawort_delay_ms histogram\n"
		"jawort_delay_ms_bucket{le=\"10\"} 1\njawort_delay_ms_bucket{le=\"100\"} 2\njawort_delay_ms_bucket{le=\"+Inf\"} "
		"3\n"
		"jawort_delay_ms_sum 5021\njawort_delay_ms_count 3\n"
		"# HELP jawort_mails_total Mails sent\n# TYPE jawort_mails_total counter\n"
		"jawort_mails_total{kind=\"change\"} 1\njawort_mails_total{kind=\"reminder\"} 2\n"
		"# HELP jawort_waiting People waiting\n# TYPE jawort_waiting gauge\njawort_waiting 4\n");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log/text", test_text);
	g_test_add_func("/log/json", test_json);
	g_test_add_func("/clock/text", test_clock);
	g_test_add_func("/metrics/text", test_metrics);
	return g_test_run();
}
