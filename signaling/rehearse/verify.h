/* SPDX-License-Identifier: EUPL-1.2 */
/* Looks at what a session left behind, with the tools anybody has: age, ffprobe and the commands of `jawort` itself.
 * Plain pictures and sound go through pipes only and never touch the disk. Blocks. Thread: main. */
#pragma once
#include "signaling/rehearse/error.h"

/* Every part in the folder of a recording opens with the identity file; the parts of each person together hold a video and an
 * audio stream and last `expected_s`, within one second. `*people`: how many persons were recorded. */
gboolean verify_recording(const char *folder, const char *identity, double expected_s, guint *people, GError **error);

/* Run a `jawort` command that must succeed, e.g. {"report", "verify", FILE, NULL}; the error holds what it said. */
gboolean verify_with_command(const char *const *arguments, GError **error);
