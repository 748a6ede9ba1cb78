/* SPDX-License-Identifier: EUPL-1.2 */
/* What media does when nobody commands it: `serve` died, and nobody hears who withdraws a consent or leaves.
 *
 * The calls go on. After `pause_seconds` all recordings are paused, which the next `serve` is told by "hello" and undoes; after
 * `end_seconds` media ends. Thread: the main one. */
#pragma once
#include <glib.h>
#include "media/directory.h"
#include "media/server.h"

typedef struct solitude solitude;

typedef struct {
	guint pause_seconds, end_seconds;
	void (*end)(void *data); /* called once */
	void *data;
} solitude_options;

solitude *solitude_new(server *server, directory *directory, const solitude_options *options);
void solitude_free(solitude *solitude);
