/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/clock.h"
#include <time.h>

int64_t clock_now_ms(void)
{
	return g_get_real_time() / 1000;
}

int64_t clock_monotonic_us(void)
{
	return g_get_monotonic_time();
}

char *clock_text(int64_t instant_ms)
{
	int64_t milliseconds = (instant_ms % 1000 + 1000) % 1000;
	time_t seconds = (instant_ms - milliseconds) / 1000;
	struct tm utc;
	char text[40];
	gmtime_r(&seconds, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	return g_strdup_printf("%s.%03dZ", text, (int)milliseconds);
}
