/* SPDX-License-Identifier: EUPL-1.2 */
/* The children of `serve`: starts them, starts them again with growing pauses when they end, ends them at the end.
 *
 * A child is the same binary with other arguments. Thread: the loop's. */
#pragma once
#include "signaling/loop.h"

typedef struct supervisor supervisor;

supervisor *supervisor_new(loop *loop);
/* Keep `jawort ARGUMENTS…` running; `arguments` ends with NULL, its first is the command and names the child. When
 * `adopted_pid` (may be NULL) returns a process id, somebody who outlived the last `serve` does the work: nothing is started
 * while it lives. */
void supervisor_keep(supervisor *supervisor, char **arguments, int (*adopted_pid)(gpointer data), gpointer data);
gboolean supervisor_is_running(const supervisor *supervisor, const char *name);
/* End a child that hangs, ours or an adopted one, at once; somebody else's process is left alone. Thread: any. */
void supervisor_kill(int pid);
/* How often a child was started again. */
guint supervisor_restarts(const supervisor *supervisor, const char *name);
/* Send SIGTERM to all, wait until they have ended. */
void supervisor_free(supervisor *supervisor);
