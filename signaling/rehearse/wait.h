/* SPDX-License-Identifier: EUPL-1.2 */
/* Waiting for something while the main context runs. Thread: main. */
#pragma once
#include "signaling/rehearse/error.h"

typedef gboolean (*wait_condition)(gpointer data);

/* Run the main context until `is_true(data)` holds, at most `deadline_ms`.
 * FALSE with REHEARSE_ERROR_DEADLINE: "WHAT did not happen within N s". */
gboolean wait_until(wait_condition is_true, gpointer data, guint deadline_ms, const char *what, GError **error);
/* Run the main context for a while: people take their time. */
void wait_for(guint duration_ms);
