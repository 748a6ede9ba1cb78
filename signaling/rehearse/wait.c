/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/rehearse/wait.h"

G_DEFINE_QUARK(rehearse - error - quark, rehearse_error)

/* Media counters change on GStreamer's threads, which wake nobody: look again this often. */
enum { LOOK_MS = 10 };

static gboolean look_again(gpointer data G_GNUC_UNUSED)
{
	return G_SOURCE_CONTINUE;
}

gboolean wait_until(wait_condition is_true, gpointer data, guint deadline_ms, const char *what, GError **error)
{
	const gint64 deadline_us = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
	const guint look = g_timeout_add(LOOK_MS, look_again, NULL);
	gboolean holds;
	while (!(holds = is_true(data)) && g_get_monotonic_time() < deadline_us)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(look);
	if (!holds)
		g_set_error(error, REHEARSE_ERROR, REHEARSE_ERROR_DEADLINE, "%s: did not happen within %.1f s", what,
			deadline_ms / 1000.0);
	return holds;
}

static gboolean is_never(gpointer data G_GNUC_UNUSED)
{
	return FALSE;
}

void wait_for(guint duration_ms)
{
	wait_until(is_never, NULL, duration_ms, "", NULL);
}
