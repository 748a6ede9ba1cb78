/* SPDX-License-Identifier: EUPL-1.2 */
/* Instants: UTC milliseconds since 1970. Whatever a test must steer gets `now_ms` handed in. */
#pragma once
#include <glib.h>
#include <stdint.h>

enum { CLOCK_SECOND_MS = 1000, CLOCK_MINUTE_MS = 60000, CLOCK_HOUR_MS = 3600000, CLOCK_DAY_MS = 86400000 };

int64_t clock_now_ms(void);
/* For durations only: never goes back, has no meaning outside this boot. */
int64_t clock_monotonic_us(void);
/* (transfer full) "2026-11-22T08:36:56.123Z" (RFC 3339). */
char *clock_text(int64_t instant_ms);
