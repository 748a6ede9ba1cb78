/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/supervisor.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/metrics.h"
#include "signaling/limits.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define END_MS 5000 /* a child gets so long after SIGTERM */

typedef struct {
	supervisor *supervisor;
	char **arguments;
	int (*adopted_pid)(gpointer data);
	gpointer data;
	uv_process_t process;
	uv_timer_t timer;
	gboolean is_running;
	int64_t started_ms;
	int64_t pause_ms;
	guint starts;
} child;

struct supervisor {
	loop *loop;
	GPtrArray *children;
	gboolean is_ending;
};

static void start(uv_timer_t *timer);

static void on_closed(uv_handle_t *handle)
{
	child *child = handle->data;
	if (!child->supervisor->is_ending)
		uv_timer_start(&child->timer, start, (guint64)child->pause_ms, 0);
}

static void on_ended(uv_process_t *process, int64_t status, int signal)
{
	child *child = process->data;
	gboolean was_steady = clock_now_ms() - child->started_ms > CHILD_STEADY_MS;
	child->is_running = FALSE;
	child->pause_ms = was_steady ? CHILD_BACKOFF_FIRST_MS : MIN(child->pause_ms * 2, CHILD_BACKOFF_MAX_MS);
	if (!child->supervisor->is_ending)
		log_error("child ended", LOG_TEXT("child", child->arguments[1]), LOG_INT("status", status),
			LOG_INT("signal", signal), LOG_INT("again_in_ms", child->pause_ms));
	uv_close((uv_handle_t *)process, on_closed);
}

static void count_start(child *child)
{
	g_autofree char *label = g_strdup_printf("child=\"%s\"", child->arguments[1]);
	metric_add(metric_counter("jawort_child_starts_total", label, "How often a child process was started"), 1);
	child->starts++;
}

static void start(uv_timer_t *timer)
{
	child *child = timer->data;
	if (child->supervisor->is_ending)
		return;
	if (child->adopted_pid != NULL && child->adopted_pid(child->data) > 0) {
		uv_timer_start(timer, start, CHILD_BACKOFF_FIRST_MS, 0);
		return;
	}
	uv_stdio_container_t stdio[] = { { .flags = UV_IGNORE }, { .flags = UV_INHERIT_FD, .data.fd = 1 },
		{ .flags = UV_INHERIT_FD, .data.fd = 2 } };
	uv_process_options_t options = { .file = "/proc/self/exe",
		.args = child->arguments,
		.exit_cb = on_ended,
		.stdio = stdio,
		.stdio_count = G_N_ELEMENTS(stdio) };
	child->process.data = child;
	child->started_ms = clock_now_ms();
	int failed = uv_spawn(loop_uv(child->supervisor->loop), &child->process, &options);
	if (failed != 0) {
		log_error("child not started", LOG_TEXT("child", child->arguments[1]), LOG_TEXT("cause", uv_strerror(failed)));
		uv_close((uv_handle_t *)&child->process, on_closed);
		return;
	}
	child->is_running = TRUE;
	count_start(child);
	log_info("child started", LOG_TEXT("child", child->arguments[1]), LOG_INT("pid", child->process.pid));
}

supervisor *supervisor_new(loop *loop)
{
	supervisor *supervisor = g_new0(struct supervisor, 1);
	supervisor->loop = loop;
	supervisor->children = g_ptr_array_new();
	return supervisor;
}

void supervisor_keep(supervisor *supervisor, char **arguments, int (*adopted_pid)(gpointer data), gpointer data)
{
	child *added = g_new0(child, 1);
	added->supervisor = supervisor;
	GPtrArray *all = g_ptr_array_new();
	g_ptr_array_add(all, g_strdup("jawort"));
	for (char **argument = arguments; *argument != NULL; argument++)
		g_ptr_array_add(all, g_strdup(*argument));
	g_ptr_array_add(all, NULL);
	added->arguments = (char **)g_ptr_array_free(all, FALSE);
	added->adopted_pid = adopted_pid;
	added->data = data;
	added->pause_ms = CHILD_BACKOFF_FIRST_MS / 2;
	uv_timer_init(loop_uv(supervisor->loop), &added->timer);
	added->timer.data = added;
	g_ptr_array_add(supervisor->children, added);
	uv_timer_start(&added->timer, start, 0, 0);
}

static const child *find(const supervisor *supervisor, const char *name)
{
	for (guint i = 0; i < supervisor->children->len; i++) {
		const child *child = supervisor->children->pdata[i];
		if (g_strcmp0(child->arguments[1], name) == 0)
			return child;
	}
	return NULL;
}

gboolean supervisor_is_running(const supervisor *supervisor, const char *name)
{
	const child *child = find(supervisor, name);
	return child != NULL && (child->is_running || (child->adopted_pid != NULL && child->adopted_pid(child->data) > 0));
}

guint supervisor_restarts(const supervisor *supervisor, const char *name)
{
	const child *child = find(supervisor, name);
	return child != NULL && child->starts > 0 ? child->starts - 1 : 0;
}

/* Somebody else's process may answer at the socket, a stand-in in a test: it is not ours to end. */
static gboolean is_jawort(int pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/exe", pid);
	g_autofree char *theirs = g_file_read_link(path, NULL);
	g_autofree char *ours = g_file_read_link("/proc/self/exe", NULL);
	return g_strcmp0(theirs, ours) == 0;
}

void supervisor_kill(int pid)
{
	if (pid > 0 && is_jawort(pid))
		kill(pid, SIGKILL);
}

/* Wait for the end of `pid`, our child or an adopted one, and make sure of it. */
static void end_process(int pid)
{
	kill(pid, SIGTERM);
	for (int waited_ms = 0; kill(pid, 0) == 0; waited_ms += 10) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return;
		if (waited_ms == END_MS)
			kill(pid, SIGKILL);
		nanosleep(&(struct timespec){ .tv_nsec = 10 * 1000 * 1000 }, NULL);
	}
}

void supervisor_free(supervisor *supervisor)
{
	if (supervisor == NULL)
		return;
	supervisor->is_ending = TRUE;
	for (guint i = 0; i < supervisor->children->len; i++) {
		child *child = supervisor->children->pdata[i];
		int pid = child->is_running            ? child->process.pid
			  : child->adopted_pid != NULL ? child->adopted_pid(child->data)
						       : 0;
		if (pid > 0 && is_jawort(pid))
			end_process(pid);
	}
	/* Closes the handles of children and timers, which the loop must run once more for. */
	for (guint i = 0; i < supervisor->children->len; i++) {
		child *child = supervisor->children->pdata[i];
		if (!uv_is_closing((uv_handle_t *)&child->timer))
			uv_close((uv_handle_t *)&child->timer, NULL);
		if (child->is_running && !uv_is_closing((uv_handle_t *)&child->process))
			uv_close((uv_handle_t *)&child->process, NULL);
	}
	uv_run(loop_uv(supervisor->loop), UV_RUN_NOWAIT);
	for (guint i = 0; i < supervisor->children->len; i++) {
		child *child = supervisor->children->pdata[i];
		g_strfreev(child->arguments);
		g_free(child);
	}
	g_ptr_array_unref(supervisor->children);
	g_free(supervisor);
}
