/* SPDX-License-Identifier: EUPL-1.2 */
/* How the program is: for /healthz, and the gauges of /metrics that are counted in the database.
 * Thread: the loop's; blocks for one short read. */
#pragma once
#include "signaling/app.h"

/* (transfer full) {"is_well", "version", "database", "media", "sign", "connections"…}: each part "up" or what is wrong. */
json_t *health_report(app *app);
/* Bring the gauges up to date: sessions by state, people waiting, recordings. */
void health_count(app *app);
