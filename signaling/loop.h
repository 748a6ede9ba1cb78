/* SPDX-License-Identifier: EUPL-1.2 */
/* The main thread's event loop (libuv), and the pool of threads that may block.
 *
 * All network objects belong to the loop's thread; others post to it. */
#pragma once
#include <glib.h>
#include <uv.h>

typedef struct loop loop;
typedef void (*loop_function)(gpointer data);

loop *loop_new(void);
uv_loop_t *loop_uv(loop *loop);
/* Run `run` on the loop's thread, soon and in order. Thread: any. */
void loop_post(loop *loop, loop_function run, gpointer data);
/* Run `run` on a pool thread. Thread: any. */
void loop_work(loop *loop, loop_function run, gpointer data);
/* Until loop_stop(). */
void loop_run(loop *loop);
/* Thread: the loop's. */
void loop_stop(loop *loop);
/* After loop_stop(): end the pool after the work in hand, and run what was posted. */
void loop_finish(loop *loop);
/* Runs the loop until every handle is closed: their owners have begun to. */
void loop_free(loop *loop);
