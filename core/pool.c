/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/pool.h"

typedef struct {
	pool_function run; /* NULL: the thread ends */
	gpointer data;
} pool_job;

struct pool {
	GAsyncQueue *jobs;
	GPtrArray *threads;
};

static gpointer work(gpointer data)
{
	pool *self = data;
	for (;;) {
		g_autofree pool_job *job = g_async_queue_pop(self->jobs);
		if (job->run == NULL)
			return NULL;
		job->run(job->data);
	}
}

pool *pool_new(const char *name, guint threads)
{
	pool *self = g_new(pool, 1);
	self->jobs = g_async_queue_new();
	self->threads = g_ptr_array_new();
	for (guint i = 0; i < threads; i++)
		g_ptr_array_add(self->threads, g_thread_new(name, work, self));
	return self;
}

void pool_push(pool *self, pool_function run, gpointer data)
{
	pool_job *job = g_new(pool_job, 1);
	*job = (pool_job){ run, data };
	g_async_queue_push(self->jobs, job);
}

void pool_free(pool *self)
{
	if (self == NULL)
		return;
	for (guint i = 0; i < self->threads->len; i++)
		pool_push(self, NULL, NULL);
	for (guint i = 0; i < self->threads->len; i++)
		g_thread_join(self->threads->pdata[i]);
	g_ptr_array_unref(self->threads);
	g_async_queue_unref(self->jobs);
	g_free(self);
}
