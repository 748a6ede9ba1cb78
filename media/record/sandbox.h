/* SPDX-License-Identifier: EUPL-1.2 */
/* The recorder's cage. What it parses is written by strangers, so before the first packet it gives up what it does not need:
 * it can write below one folder only and read below /usr (Landlock), and make no system call outside a list: no new
 * socket, no program, no other process (seccomp). A denied call fails with EPERM.
 * Where the kernel lacks one of the two, the other holds and one line is logged. */
#pragma once
#include <glib.h>

/* For all threads that exist or will: call it while there is one. There is no way back. */
void record_sandbox_enter(const char *folder);
