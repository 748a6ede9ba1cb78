/* SPDX-License-Identifier: EUPL-1.2 */
/* What only the clock brings about in sessions, looked for once a second: officers who vanished before or during a meeting,
 * media that was interrupted for too long (V-20), and pairs that an agreement's rule makes possible by and by.
 * Looks first and writes only when there is something. Thread: any that may block. */
#pragma once
#include "signaling/app.h"

void watch_run(app *app);
