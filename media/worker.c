/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/worker.h"
#include "media/limits.h"
#include "media/peer.h"
#include "media/room.h"

struct worker {
	GThread *thread;
	GMainContext *context;
	GMainLoop *main_loop;
	GSource *flush, *tick;
	void (*emit)(json_t *event, void *data);
	void *data;
	GPtrArray *peers, *rooms;      /* borrowed */
	gint peer_count, busy_percent; /* atomic */
	int64_t measured_us, used_us;  /* when, and the processor time until then */
	ice_loop loop;
	counters counters;
	uint8_t scratch[MEDIA_PACKET_MAX_BYTES];
};

static const char *const counter_names[COUNTER_COUNT] = {
	[COUNTER_RECEIVED] = "packets_received",
	[COUNTER_FORWARDED] = "packets_forwarded",
	[COUNTER_RETRANSMITTED] = "packets_retransmitted",
	[COUNTER_RESTORED] = "packets_restored",
	[COUNTER_REFUSED] = "packets_refused",
	[COUNTER_NACKED] = "packets_nacked",
	[COUNTER_KEYFRAMES_ASKED] = "keyframes_asked",
	[COUNTER_UNROUTED] = "packets_unrouted",
	[COUNTER_RECORDED] = "packets_recorded",
	[COUNTER_UNRECORDED] = "packets_unrecorded",
	[COUNTER_STRANGE] = "datagrams_strange",
	[COUNTER_OVERSIZED] = "datagrams_oversized",
	[COUNTER_CHECKED] = "checks_answered",
	[COUNTER_CHECKS_REFUSED] = "checks_refused",
	[COUNTER_HANDED_OVER] = "datagrams_handed_over",
	[COUNTER_OVERFLOWED] = "datagrams_overflowed",
	[COUNTER_UNSENT] = "datagrams_unsent",
	[COUNTER_SENT_BATCHES] = "batches_sent",
	[COUNTER_SENT_MESSAGES] = "messages_sent",
	[COUNTER_SENT_DATAGRAMS] = "datagrams_sent",
	[COUNTER_WAKE_UPS] = "wake_ups",
};

const char *worker_counter_name(counter counter)
{
	return counter_names[counter];
}

/* A source that is never ready: its place in the loop is the moment before each wait. */
typedef struct {
	GSource source;
	worker *worker;
} flush_source;

static gboolean flush_prepare(GSource *source, int *timeout)
{
	outbox_flush(((flush_source *)source)->worker->loop.outbox);
	*timeout = -1;
	return FALSE;
}

static GSourceFuncs flush_functions = { .prepare = flush_prepare };

static void measure(worker *worker, int64_t now_us)
{
	int64_t passed_us = now_us - worker->measured_us;
	struct timespec used;
	if (passed_us < G_USEC_PER_SEC || clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) != 0)
		return;
	int64_t used_us = used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
	g_atomic_int_set(&worker->busy_percent, (gint)((used_us - worker->used_us) * 100 / passed_us));
	worker->measured_us = now_us;
	worker->used_us = used_us;
	if (worker->loop.intake != NULL)
		intake_count_overflow(worker->loop.intake);
}

static gboolean tick(void *data)
{
	worker *worker = data;
	int64_t now_us = g_get_monotonic_time();
	measure(worker, now_us);
	for (guint i = 0; i < worker->rooms->len; i++)
		room_tick(worker->rooms->pdata[i], now_us);
	for (guint i = 0; i < worker->peers->len; i++)
		peer_tick(worker->peers->pdata[i], now_us);
	return G_SOURCE_CONTINUE;
}

static void *run_loop(void *data)
{
	worker *worker = data;
	g_main_context_push_thread_default(worker->context);
	g_main_loop_run(worker->main_loop);
	g_main_context_pop_thread_default(worker->context);
	return NULL;
}

worker *worker_new(guint number, port *port, void (*emit)(json_t *event, void *data), void *data)
{
	worker *worker = g_new0(struct worker, 1);
	worker->context = g_main_context_new();
	worker->main_loop = g_main_loop_new(worker->context, FALSE);
	worker->loop.context = worker->context;
	worker->loop.outbox = outbox_new(&worker->counters);
	if (port != NULL)
		worker->loop.intake = intake_new(port, number, worker->context, &worker->counters);
	worker->emit = emit;
	worker->data = data;
	worker->peers = g_ptr_array_new();
	worker->rooms = g_ptr_array_new();
	worker->flush = g_source_new(&flush_functions, sizeof(flush_source));
	((flush_source *)worker->flush)->worker = worker;
	g_source_attach(worker->flush, worker->context);
	g_autofree char *name = g_strdup_printf("worker-%u", number);
	worker->thread = g_thread_new(name, run_loop, worker);
	return worker;
}

static gboolean quit(void *data)
{
	g_main_loop_quit(data);
	return G_SOURCE_REMOVE;
}

void worker_free(worker *worker)
{
	if (worker == NULL)
		return;
	g_autoptr(GSource) source = g_idle_source_new(); /* after all that was posted before */
	g_source_set_callback(source, quit, worker->main_loop, NULL);
	g_source_attach(source, worker->context);
	g_thread_join(worker->thread);
	while (g_main_context_iteration(worker->context, FALSE))
		continue; /* agents that are closing */
	g_clear_pointer(&worker->tick, g_source_unref);
	g_source_destroy(worker->flush);
	g_source_unref(worker->flush);
	intake_free(worker->loop.intake);
	outbox_free(worker->loop.outbox);
	g_ptr_array_unref(worker->peers);
	g_ptr_array_unref(worker->rooms);
	g_main_loop_unref(worker->main_loop);
	g_main_context_unref(worker->context);
	g_free(worker);
}

typedef struct {
	void (*work)(void *data);
	void *data;
	GMutex mutex;
	GCond cond;
	gboolean is_done;
} job;

static gboolean do_job(void *data)
{
	job *job = data;
	job->work(job->data);
	g_mutex_lock(&job->mutex);
	job->is_done = TRUE;
	g_cond_signal(&job->cond);
	g_mutex_unlock(&job->mutex);
	return G_SOURCE_REMOVE;
}

void worker_run(worker *worker, void (*work)(void *data), void *data)
{
	job job = { .work = work, .data = data };
	g_mutex_init(&job.mutex);
	g_cond_init(&job.cond);
	g_autoptr(GSource) source = g_idle_source_new();
	g_source_set_priority(source, G_PRIORITY_DEFAULT);
	g_source_set_callback(source, do_job, &job, NULL);
	g_source_attach(source, worker->context);
	g_mutex_lock(&job.mutex);
	while (!job.is_done)
		g_cond_wait(&job.cond, &job.mutex);
	g_mutex_unlock(&job.mutex);
	g_mutex_clear(&job.mutex);
	g_cond_clear(&job.cond);
}

guint worker_peer_count(const worker *worker)
{
	return (guint)g_atomic_int_get(&worker->peer_count);
}

guint worker_busy_percent(const worker *worker)
{
	return (guint)g_atomic_int_get(&worker->busy_percent);
}

uint64_t worker_count(const worker *worker, counter counter)
{
	return counters_read(&worker->counters, counter);
}

void worker_add_count(worker *worker, counter counter, guint amount)
{
	counters_add(&worker->counters, counter, amount);
}

/* The tick runs only while somebody needs it: an idle server sleeps. */
static void update_tick(worker *worker)
{
	gboolean is_needed = worker->peers->len > 0 || worker->rooms->len > 0;
	if (is_needed && worker->tick == NULL) {
		worker->tick = g_timeout_source_new(WORKER_TICK_MS);
		g_source_set_callback(worker->tick, tick, worker, NULL);
		g_source_attach(worker->tick, worker->context);
	} else if (!is_needed && worker->tick != NULL) {
		g_source_destroy(worker->tick);
		g_clear_pointer(&worker->tick, g_source_unref);
	}
	g_atomic_int_set(&worker->peer_count, (gint)worker->peers->len);
	if (!is_needed)
		g_atomic_int_set(&worker->busy_percent, 0);
}

void worker_add_peer(worker *worker, struct peer *peer)
{
	g_ptr_array_add(worker->peers, peer);
	update_tick(worker);
}

void worker_remove_peer(worker *worker, struct peer *peer)
{
	g_ptr_array_remove_fast(worker->peers, peer);
	update_tick(worker);
}

void worker_add_room(worker *worker, struct room *room)
{
	g_ptr_array_add(worker->rooms, room);
	update_tick(worker);
}

void worker_remove_room(worker *worker, struct room *room)
{
	g_ptr_array_remove_fast(worker->rooms, room);
	update_tick(worker);
}

void worker_emit(const worker *worker, json_t *event)
{
	worker->emit(event, worker->data);
}

const ice_loop *worker_loop(const worker *worker)
{
	return &worker->loop;
}

uint8_t *worker_scratch(worker *worker)
{
	return worker->scratch;
}
