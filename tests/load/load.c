/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/load.h"
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum { TICK_US = 20000, SLEEP_MAX_US = 1000, EVENTS = 256, START_SPREAD_US = 1000000, LATE_US = 500000 };

typedef struct {
	void (*readable)(void *data);
	void *data;
} watch;

struct load {
	const load_options *options;
	int epoll;
	GPtrArray *watches, *rooms;
	GHashTable *people; /* by id */
	schedule schedule;
	latency latency;
	int64_t tick_us;
};

static void free_room(void *data)
{
	room *room = data;
	for (guint i = 0; i < room->people; i++) {
		person_clear(room->person[i]);
		g_free(room->person[i]);
	}
	g_free(room);
}

load *load_new(const load_options *options)
{
	load *load = g_new0(struct load, 1);
	load->options = options;
	load->epoll = epoll_create1(EPOLL_CLOEXEC);
	load->watches = g_ptr_array_new_with_free_func(g_free);
	load->rooms = g_ptr_array_new_with_free_func(free_room);
	load->people = g_hash_table_new(g_str_hash, g_str_equal);
	return load;
}

void load_free(load *load)
{
	g_ptr_array_unref(load->rooms);
	g_ptr_array_unref(load->watches);
	g_hash_table_unref(load->people);
	g_free(load->schedule.heap);
	close(load->epoll);
	g_free(load);
}

const load_options *load_get_options(const load *load)
{
	return load->options;
}

/* ---- the loop */

void load_watch(load *load, int fd, void (*readable)(void *data), void *data)
{
	watch *watch = g_new(typeof(*watch), 1);
	*watch = (typeof(*watch)){ readable, data };
	g_ptr_array_add(load->watches, watch);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = watch };
	if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		g_error("epoll_ctl: %s", g_strerror(errno));
}

static void on_transport(void *data)
{
	transport_readable(data);
}

void load_watch_transport(load *load, transport *transport)
{
	load_watch(load, transport_fd(transport), on_transport, transport);
}

static int64_t tick(load *load, int64_t now_us)
{
	if (now_us < load->tick_us)
		return load->tick_us;
	load->tick_us = now_us + TICK_US;
	for (guint i = 0; i < load->rooms->len; i++) {
		room *room = load->rooms->pdata[i];
		for (guint j = 0; j < room->people; j++)
			person_tick(room->person[j], now_us);
	}
	return load->tick_us;
}

/* It sleeps by the clock, not by epoll: a server whose packets woke us would pay for it, as it does not on a network. When they
 * came, the kernel has noted. */
void load_step(load *load, int64_t until_us)
{
	struct epoll_event events[EVENTS];
	int64_t now_us = g_get_monotonic_time();
	int64_t due_us = MIN(tick(load, now_us), schedule_run(&load->schedule, now_us));
	int64_t wait_us = CLAMP(MIN(due_us, until_us) - g_get_monotonic_time(), 0, SLEEP_MAX_US);
	if (wait_us > 0)
		g_usleep((gulong)wait_us);
	int count = epoll_wait(load->epoll, events, EVENTS, 0);
	for (int i = 0; i < count; i++) {
		watch *watch = events[i].data.ptr;
		watch->readable(watch->data);
	}
}

static gboolean never(void *data)
{
	(void)data;
	return FALSE;
}

void load_run(load *load, int64_t duration_us)
{
	load_run_until(load, never, NULL, duration_us);
}

gboolean load_run_until(load *load, gboolean (*is_true)(void *data), void *data, int64_t timeout_us)
{
	int64_t end_us = g_get_monotonic_time() + timeout_us;
	while (!is_true(data)) {
		if (g_get_monotonic_time() >= end_us)
			return FALSE;
		load_step(load, end_us);
	}
	return TRUE;
}

/* ---- rooms */

room *load_add_room(load *load)
{
	room *room = g_new0(typeof(*room), 1);
	room->number = load->rooms->len + 1;
	room->people = load->options->people;
	for (guint i = 0; i < room->people; i++) {
		g_autofree char *id = g_strdup_printf("person-%u-%u", room->number, i);
		person *person = room->person[i] = g_new0(typeof(*person), 1);
		person_init(person, id, load->options->capture, &load->latency);
		g_hash_table_insert(load->people, person->id, person);
	}
	g_ptr_array_add(load->rooms, room);
	return room;
}

guint load_room_count(const load *load)
{
	return load->rooms->len;
}

room *load_room(const load *load, guint index)
{
	return load->rooms->pdata[index];
}

person *load_find_person(const load *load, const char *id)
{
	return id != NULL ? g_hash_table_lookup(load->people, id) : NULL;
}

gboolean load_is_room_open(void *data)
{
	const room *room = data;
	for (guint i = 0; i < room->people; i++) {
		const person *person = room->person[i];
		if (transport_get_state(person->publish) != TRANSPORT_OPEN ||
			(person->receive != NULL && transport_get_state(person->receive) != TRANSPORT_OPEN))
			return FALSE;
	}
	return TRUE;
}

static void start_person(load *load, person *person)
{
	if (person->progress != PERSON_READY)
		return;
	for (guint kind = 0; kind < CAPTURE_KINDS; kind++) {
		int64_t begin_us = g_get_monotonic_time() + g_random_int_range(0, START_SPREAD_US);
		source_start(person->sources[kind], person->publish, &person->sent_media[kind], begin_us);
		schedule_add(&load->schedule, person->sources[kind], begin_us);
	}
	person->progress = PERSON_SENDS;
}

void load_start(load *load)
{
	for (guint i = 0; i < load->rooms->len; i++) {
		room *room = load->rooms->pdata[i];
		for (guint j = 0; j < room->people; j++)
			start_person(load, room->person[j]);
	}
}

/* ---- windows */

typedef struct {
	guint64 sent, received, forwarded, expected, lost, strange, refused;
	guint sinks, silent, dead;
	double load_cpu_s;
} totals;

static double own_cpu(void)
{
	struct rusage own;
	getrusage(RUSAGE_SELF, &own);
	return (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec) +
	       (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static void add_person(totals *totals, const person *person, int64_t now_us)
{
	for (guint kind = 0; kind < CAPTURE_KINDS; kind++)
		totals->sent += person->sources[kind]->sent;
	totals->received += person->received;
	totals->forwarded += person->forwarded;
	totals->dead += !transport_is_alive(person->publish, now_us) ||
			(person->receive != NULL && !transport_is_alive(person->receive, now_us));
	totals->refused += transport_refused(person->publish);
	if (person->receive != NULL && person->receive != person->publish)
		totals->refused += transport_refused(person->receive);
	for (guint i = 0; i < person->sink_count; i++) {
		const sink *sink = &person->sinks[i];
		totals->sinks++;
		totals->expected += sink->window_end - sink->window_first;
		totals->lost += sink_window_lost(sink);
		totals->silent += sink->window_received == 0;
		totals->strange += sink->strange;
	}
}

static totals count(const load *load)
{
	totals totals = { .load_cpu_s = own_cpu() };
	for (guint i = 0; i < load->rooms->len; i++) {
		const room *room = load->rooms->pdata[i];
		for (guint j = 0; j < room->people; j++)
			add_person(&totals, room->person[j], g_get_monotonic_time());
	}
	return totals;
}

static void for_each_sink(load *load, void (*work)(sink *sink))
{
	for (guint i = 0; i < load->rooms->len; i++) {
		room *room = load->rooms->pdata[i];
		for (guint j = 0; j < room->people; j++) {
			for (guint k = 0; k < room->person[j]->sink_count; k++)
				work(&room->person[j]->sinks[k]);
		}
	}
}

/* The SRTP profile of the first person's connections: all people are alike. */
static const char *profile_name(const transport *transport)
{
	return transport != NULL ? srtp_profile_name(transport_profile(transport)) : "none";
}

static json_t *describe(
	const load *load, const totals *before, const totals *after, const usage *first, const usage *last, double seconds)
{
	const room *room = load->rooms->pdata[0];
	double cpu_s = last->cpu_s - first->cpu_s;
	guint64 forwarded = after->forwarded - before->forwarded;
	json_t *result = json_pack("{sI sI sf sI sI sf sI si si sI sI}", "rooms", (json_int_t)load->rooms->len, "people",
		(json_int_t)room->people, "seconds", seconds, "sent", (json_int_t)(after->sent - before->sent), "forwarded",
		(json_int_t)forwarded, "cpu_s", cpu_s, "streams", (json_int_t)after->sinks, "silent_streams", (int)after->silent,
		"dead_people", (int)after->dead, "strange", (json_int_t)after->strange, "refused",
		(json_int_t)(after->refused - before->refused));
	json_object_set_new(result, "cpu_us", json_real(forwarded > 0 ? cpu_s * 1e6 / (double)forwarded : 0));
	json_object_set_new(result, "load_cpu_s", json_real(after->load_cpu_s - before->load_cpu_s));
	json_object_set_new(result, "rss_kb", json_integer((json_int_t)last->rss_kb));
	json_object_set_new(result, "pss_kb", json_integer((json_int_t)last->pss_kb));
	json_object_set_new(result, "processes", json_integer(last->processes));
	json_object_set_new(result, "threads", json_integer(last->threads));
	json_object_set_new(result, "profiles",
		json_pack("[ss]", profile_name(room->person[0]->publish), profile_name(room->person[0]->receive)));
	return result;
}

json_t *load_measure(load *load, double seconds, GPid pid)
{
	memset(&load->latency, 0, sizeof(load->latency));
	for_each_sink(load, sink_begin_window);
	usage first = usage_read(pid);
	totals before = count(load);
	int64_t begin_us = g_get_monotonic_time();
	load_run(load, (int64_t)(seconds * G_USEC_PER_SEC));
	totals after = count(load);
	usage last = usage_read(pid);
	double passed_s = (double)(g_get_monotonic_time() - begin_us) / G_USEC_PER_SEC;
	for_each_sink(load, sink_end_window);
	load_run(load, LATE_US);
	totals late = count(load);
	usage memory = usage_read_memory(pid);
	after.expected = late.expected;
	after.lost = late.lost;
	after.silent = late.silent;
	after.strange = late.strange;
	memory.cpu_s = last.cpu_s;
	json_t *result = describe(load, &before, &after, &first, &memory, passed_s);
	json_object_set_new(result, "loss", json_real(after.expected > 0 ? (double)after.lost / (double)after.expected : 1));
	json_object_set_new(result, "lost", json_integer((json_int_t)after.lost));
	static const struct {
		const char *name;
		double share;
	} quantiles[] = { { "latency_p50_ms", 0.5 }, { "latency_p99_ms", 0.99 }, { "latency_max_ms", 1 } };
	for (guint i = 0; i < G_N_ELEMENTS(quantiles); i++)
		json_object_set_new(result, quantiles[i].name, json_real(latency_quantile(&load->latency, quantiles[i].share)));
	return result;
}
