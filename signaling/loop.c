/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/loop.h"

#include "core/pool.h"
#include "signaling/limits.h"

/* Handles close within a few rounds; libwebsockets leaves some open for ever. */
#define CLOSING_ROUNDS 100

typedef struct {
	loop_function run;
	gpointer data;
} loop_job;

struct loop {
	uv_loop_t uv;
	uv_async_t wake;
	GAsyncQueue *posted; /* loop_job */
	pool *pool;
};

static void run_posted(uv_async_t *wake)
{
	loop *loop = wake->data;
	for (loop_job *job; (job = g_async_queue_try_pop(loop->posted)) != NULL;) {
		job->run(job->data);
		g_free(job);
	}
}

loop *loop_new(void)
{
	loop *loop = g_new0(struct loop, 1);
	uv_loop_init(&loop->uv);
	uv_async_init(&loop->uv, &loop->wake, run_posted);
	loop->wake.data = loop;
	loop->posted = g_async_queue_new();
	loop->pool = pool_new("pool", POOL_THREADS);
	return loop;
}

uv_loop_t *loop_uv(loop *loop)
{
	return &loop->uv;
}

void loop_post(loop *loop, loop_function run, gpointer data)
{
	loop_job *job = g_new(loop_job, 1);
	*job = (loop_job){ run, data };
	g_async_queue_push(loop->posted, job);
	uv_async_send(&loop->wake);
}

void loop_work(loop *loop, loop_function run, gpointer data)
{
	if (loop->pool != NULL)
		pool_push(loop->pool, run, data);
	else
		run(data); /* ending: what still comes is not worth a thread */
}

void loop_run(loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_stop(loop *loop)
{
	uv_stop(&loop->uv);
}

void loop_finish(loop *loop)
{
	pool_free(g_steal_pointer(&loop->pool));
	run_posted(&loop->wake);
}

void loop_free(loop *loop)
{
	uv_close((uv_handle_t *)&loop->wake, NULL);
	for (int i = 0; i < CLOSING_ROUNDS && uv_run(&loop->uv, UV_RUN_NOWAIT) != 0; i++)
		;
	run_posted(&loop->wake);
	uv_loop_close(&loop->uv);
	g_async_queue_unref(loop->posted);
	g_free(loop);
}
